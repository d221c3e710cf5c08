"""moto server launcher: moto_server, plus the fixes that real clients need.

Usage: python3 -m judges.moto_shim -H 127.0.0.1 -p PORT   (same arguments as moto_server)

Each fix is one function named fix_* here or in `fixes/`; delete one to see what it was for.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from judges import cfn_adapters
from judges.fixes import compute, data, edge


def log(word: str, *parts: object) -> None:
    print(f"conform-{word}", *parts, file=sys.stderr, flush=True)


def fix_unimplemented_is_final() -> None:
    """Answer 501 for an operation moto lacks; plain moto dies with 500, which SDKs retry for minutes."""
    from moto.core.responses import BaseResponse

    original = BaseResponse.call_action

    def call_action(self: Any) -> Any:
        operation = f"{self.service_name}.{self._get_action()}"
        try:
            answer = original(self)
        except NotImplementedError:
            log("unimplemented", operation)
            body = json.dumps({"__type": "NotImplementedByMoto", "message": f"moto lacks {operation}"})
            return 501, {"Content-Type": "application/json", "x-amzn-ErrorType": "NotImplementedByMoto"}, body
        except Exception as crash:
            log("crash", operation, type(crash).__name__, crash)
            raise
        log("op", operation, answer[0] if isinstance(answer, tuple) else 200)
        return answer

    BaseResponse.call_action = call_action  # type: ignore[method-assign]


def main() -> None:
    from moto.server import main as serve

    stock = os.environ.get("CONFORM_STOCK") == "1"  # moto as released, for comparison
    fix_unimplemented_is_final()
    for name, fix in [item for module in (compute, data, edge) for item in vars(module).items()]:
        if name.startswith("fix_") and not stock:
            fix()
    port = sys.argv[sys.argv.index("-p") + 1] if "-p" in sys.argv else "5000"
    if not stock:
        cfn_adapters.install(f"http://127.0.0.1:{port}")
    serve(sys.argv[1:])


if __name__ == "__main__":
    main()
