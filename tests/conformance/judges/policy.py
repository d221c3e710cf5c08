"""cdk-nag's rule pack AwsSolutions, on the CloudFormation output.

A finding is in order if the template gives a reason itself (`@allow("AwsSolutions-…", reason = "…")` in the program), or
if `policy/explained.json` gives one for it. Anything else is a problem.
"""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from pathlib import Path

from judges.tools import ToolMissing, run, scratch

HERE = Path(__file__).parent.parent / "policy"
Finding = dict[str, str | None]


def judge(templates: dict[Path, str]) -> dict[Path, tuple[list[str], list[str]]]:
    """Problems and notes of each template; the dictionary says which case it belongs to."""
    if not (HERE / "node_modules" / "cdk-nag").is_dir():
        raise ToolMissing("cdk-nag is not installed (tests/conformance/install)")
    explained: list[dict[str, str]] = json.loads((HERE / "explained.json").read_text())
    with scratch("policy") as folder:
        out = folder / "findings.json"
        ran = run(["node", str(HERE / "nag.mjs"), str(out), *map(str, templates)], timeout=600)
        if not out.is_file():
            return {file: ([f"cdk-nag: {ran.text[-2000:]}"], []) for file in templates}
        found: dict[str, list[Finding]] = json.loads(out.read_text())
    return {file: sort(found.get(str(file), []), case, explained) for file, case in templates.items()}


def sort(found: list[Finding], case: str, explained: list[dict[str, str]]) -> tuple[list[str], list[str]]:
    problems, notes = [], []
    for it in found:
        what = f"{it['rule']} {it['finding']}".strip()
        reason = it["reason"] or next((e["reason"] for e in explained if explains(e, it, case)), None)
        where = "in the program" if it["reason"] else "in explained.json"
        if reason:
            notes.append(f"{it['resource']}: {what}: {reason} ({where})")
        else:
            problems.append(f"{it['resource']}: {what}: {it['says']}")
    return problems, notes


def explains(entry: dict[str, str], it: Finding, case: str) -> bool:
    return (
        entry["rule"] == it["rule"]
        and fnmatchcase(it["finding"] or "", entry.get("finding", "*"))
        and fnmatchcase(it["resource"] or "", entry.get("resource", "*"))
        and fnmatchcase(case, entry.get("case", "*"))
    )
