"""cfn-lint and the size limits of templates, many in one call."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from judges.tools import ToolMissing, run

BODY_LIMIT = 1_000_000
RESOURCE_LIMIT = 500
HOME = Path(__file__).parent.parent


def judge(templates: list[Path], day: str, region: str = "eu-central-1") -> dict[Path, list[str]]:
    """The problems of each template; cfn-lint's warnings are no problems, its errors are."""
    found: dict[Path, list[str]] = {template: list(size_problems(template)) for template in templates}
    if not templates:
        return found
    by_name = {str(template.resolve()): template for template in templates}
    ran = run([sys.executable, "-m", "judges.lint", day, region, *by_name], cwd=HOME)
    try:
        matches = json.loads(ran.out or "[]")
    except json.JSONDecodeError as broken:
        raise ToolMissing(f"cfn-lint: {ran.text[-2000:]}") from broken
    if not matches and ran.rc not in (0, 2, 4, 6, 8, 10, 12, 14):
        raise ToolMissing(f"cfn-lint: {ran.text[-2000:]}")
    for match in matches:
        if match["Level"] == "Error":
            found[by_name[str(Path(match["Filename"]).resolve())]].append(describe(match))
    return found


def size_problems(template: Path) -> list[str]:
    problems = []
    size = template.stat().st_size
    if size > BODY_LIMIT:
        problems.append(f"{size} bytes, more than {BODY_LIMIT}")
    try:
        count = len(json.loads(template.read_text()).get("Resources", {}))
    except json.JSONDecodeError as broken:
        return [f"not JSON: {broken}"]
    if count > RESOURCE_LIMIT:
        problems.append(f"{count} resources, more than {RESOURCE_LIMIT}")
    return problems


def describe(match: dict[str, Any]) -> str:
    where = match["Location"]
    path = "/".join(str(part) for part in where.get("Path") or [])
    return f"{match['Rule']['Id']} {path or where['Start']['LineNumber']}: {match['Message']}"
