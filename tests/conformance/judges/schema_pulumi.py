"""Pulumi's resources and functions, from the installed npm package."""

from __future__ import annotations

import json
from typing import Any

from judges.pulumi import HOME, node_bin
from judges.tools import ToolMissing, run


def table(types: list[str]) -> dict[str, Any]:
    ran = run([node_bin(), str(HOME / "tables.mjs"), *types])
    if ran.rc != 0:
        raise ToolMissing(f"pulumi/tables.mjs: {ran.text[-1000:]}")
    return dict(json.loads(ran.out))
