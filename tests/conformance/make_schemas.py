#!/usr/bin/env python3
"""Writes `schemas/{cfn,terraform,pulumi}.json`: what the real tools know about the types that the library names.

Usage: make_schemas.py [--check] [--library DIR]...       default: stdlib/ of this project

The tables are committed, so that the test of the library needs no tools. `--check` (also `./check_schemas`) writes
nothing and fails when a table is not what the installed tools say. Format of a table:

    source      the tool and its version
    resources   TYPE -> { properties, outputs }
    lookups     TYPE -> { properties, outputs }         (terraform's data sources, Pulumi's functions)
    shapes      ID -> properties of a record

A property is { type, item?, shape?, required?, read_only?, deprecated?, block?, max? }; `type` is string, number,
bool, list, set, map, object, json or any; `item` is the property of an element; `outputs` say what can be
read besides the properties.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
VENV = ROOT / ".conformance" / "venv"
if VENV.is_dir() and Path(sys.prefix).resolve() != VENV.resolve():
    os.execv(VENV / "bin" / "python", [str(VENV / "bin" / "python"), *sys.argv])

from judges import schema_cfn, schema_pulumi, schema_terraform  # noqa: E402
from judges.tools import ToolMissing  # noqa: E402

TABLES = {"cfn": schema_cfn.table, "terraform": schema_terraform.table, "pulumi": schema_pulumi.table}
SPELLINGS = {
    "cfn": r'"(AWS::\w+::\w+)"',
    "terraform": r'"(aws_[a-z0-9_]+)"',
    "pulumi": r'"(aws:[A-Za-z0-9]+:[A-Za-z0-9]+|aws:get[A-Za-z0-9]+)"',
}


def named_types(roots: list[Path]) -> dict[str, list[str]]:
    """Every text of the library that looks like a target's type; what no tool knows is left to the test."""
    text = "\n".join(file.read_text() for root in roots for file in sorted(root.rglob("*.topo")))
    return {target: sorted(set(re.findall(pattern, text))) for target, pattern in SPELLINGS.items()}


def dump(table: dict[str, Any]) -> str:
    """One line a property, so that a change is one line of a diff."""
    lines = ["{", f' "source": {json.dumps(table["source"])}']
    for section in ("resources", "lookups", "shapes"):
        lines[-1] += ","
        lines.append(f' "{section}": {{')
        for at, (name, entry) in enumerate(sorted(table[section].items())):
            lines += [f"  {json.dumps(name)}: {{", *entry_lines(entry), "  }" + ("," if at + 1 < len(table[section]) else "")]
        lines.append(" }")
    return "\n".join([*lines, "}", ""])


def entry_lines(entry: dict[str, Any]) -> list[str]:
    rows = []
    for at, (key, value) in enumerate(sorted(entry.items())):
        comma = "," if at + 1 < len(entry) else ""
        if key in ("properties", "outputs") and "type" not in value:
            inner = [f"    {json.dumps(k)}: {compact(v)}" for k, v in sorted(value.items())]
            rows += [f"   {json.dumps(key)}: {{", ",\n".join(inner), f"   }}{comma}"] if inner else [f"   {json.dumps(key)}: {{}}{comma}"]
        else:
            rows.append(f"   {json.dumps(key)}: {compact(value)}{comma}")
    return rows


def compact(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--library", type=Path, action="append", default=[])
    args = parser.parse_args()
    types = named_types(args.library or [ROOT / "stdlib"])
    stale = []
    for target, table in TABLES.items():
        file = HERE / "schemas" / f"{target}.json"
        text = dump(table(types[target]))
        json.loads(text)
        if args.check:
            if not file.is_file() or file.read_text() != text:
                stale.append(file.name)
        else:
            file.write_text(text)
    if stale:
        print(f"out of date: {', '.join(stale)}; run tests/conformance/make_schemas.py")
    return 1 if stale else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ToolMissing as missing:
        sys.exit(f"make_schemas: {missing}")
