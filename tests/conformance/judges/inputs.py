"""Values for what a program asks at deploy time: stated in `inputs.json`, else invented from the name."""

from __future__ import annotations

import json
import re
from pathlib import Path

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


def stated(case: Path) -> dict[str, str]:
    file = case / "inputs.json"
    return {plain(name): value for name, value in json.loads(file.read_text()).items()} if file.is_file() else {}


def terraform(case: Path) -> list[str]:
    """`NAME=VALUE` for each variable without a default."""
    given = stated(case)
    found = []
    for file in sorted((case / "terraform").glob("*.tf")):
        for name, body in re.findall(r'^variable "([\w-]+)" \{(.*?)^\}', file.read_text(), re.M | re.S):
            kind = re.search(r"^\s*type\s*=\s*(\S+)", body, re.M)
            if plain(name) in given:
                found.append(f"{name}={given[plain(name)]}")
            elif not re.search(r"^\s*default\s*=", body, re.M):
                found.append(f"{name}={invent(name, kind.group(1) if kind else 'string')}")
    return found


def cloudformation(case: Path, template: Path) -> dict[str, str]:
    """A value for each parameter without a default."""
    given = stated(case)
    found = {}
    for name, parameter in json.loads(template.read_text()).get("Parameters", {}).items():
        if plain(name) in given:
            found[name] = given[plain(name)]
        elif "Default" not in parameter:
            found[name] = invent(name, parameter["Type"])
    return found
