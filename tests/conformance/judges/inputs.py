"""Values for what a program asks at deploy time, invented from the name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

EXAMPLES = (
    ("certificate", "arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"),
    ("arn", "arn:aws:iam::123456789012:role/example"),
    ("image", "123456789012.dkr.ecr.eu-central-1.amazonaws.com/example:1"),
    ("zone_?id", "Z0123456789ABCDEFGHIJ"),
    ("bucket", "example-bucket"),
    ("key", "0" * 64),
    ("email", "someone@example.com"),
    ("domain|host", "example.com"),
)


def plain(name: str) -> str:
    """`web_image`, `WebImage` and `webImage` are one input."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def invent(name: str, kind: str) -> str:
    if kind in ("number", "Number", "integer"):
        return "1"
    if kind in ("bool", "boolean"):
        return "true"
    return next((value for word, value in EXAMPLES if re.search(word, name, re.I)), f"example-{name.lower()}")


def terraform(case: Path) -> dict[str, Any]:
    """A value for each variable without a default."""
    found: dict[str, Any] = {}
    for file in sorted((case / "terraform").glob("*.tf")):
        for name, body in re.findall(r'^variable "([\w-]+)" \{(.*?)^\}', file.read_text(), re.M | re.S):
            kind = re.search(r"^\s*type\s*=\s*(\S+)", body, re.M)
            word = kind.group(1) if kind else "string"
            if not re.search(r"^\s*default\s*=", body, re.M):
                found[name] = [invent(name, "string")] if word.startswith("list(") else invent(name, word)
    return found


def known(given: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """What is given, under the names that a target has for it."""
    values = {plain(name): value for name, value in given.items()}
    return {name: values[plain(name)] for name in names if plain(name) in values}


def cloudformation(template: Path) -> dict[str, Any]:
    """A value for each parameter without a default."""
    asked = json.loads(template.read_text()).get("Parameters", {})
    return {name: invent(name, it["Type"]) for name, it in asked.items() if "Default" not in it}
