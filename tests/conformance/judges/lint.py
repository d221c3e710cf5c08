"""cfn-lint over many templates in one process, on a pinned day.

Usage: python3 -m judges.lint DAY REGION FILE...      prints cfn-lint's JSON

Some rules compare with today's date (runtimes that end); the day is stated, so that a template that passed goes on
passing until the day is moved on purpose.
"""

from __future__ import annotations

import importlib
import sys
from datetime import datetime

DATED = ("DeprecatedRuntimeEol", "DeprecatedRuntimeCreate", "DeprecatedRuntimeUpdate")


def pin(day: str) -> None:
    class Pinned(datetime):
        @classmethod
        def today(cls) -> Pinned:
            return cls.fromisoformat(day)

    for name in DATED:
        module = importlib.import_module(f"cfnlint.rules.resources.lmbd.{name}")
        assert hasattr(module, "datetime"), f"cfn-lint's {name} takes its date from elsewhere now"
        module.datetime = Pinned  # type: ignore[attr-defined]


def main() -> None:
    day, region, *files = sys.argv[1:]
    pin(day)
    from cfnlint.runner.cli import main as lint

    sys.argv = ["cfn-lint", "--format", "json", "--include-checks", "I", "--regions", region, "--", *files]
    lint()


if __name__ == "__main__":
    main()
