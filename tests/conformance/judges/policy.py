"""cdk-nag's rule pack AwsSolutions, on the CloudFormation output.

A finding is in order if the template gives a reason itself (`@allow("AwsSolutions-…", reason = "…")` in the program), or
if `policy/explained.json` gives one for it: `{ rule, reason, finding?, at: { CASE: [RESOURCE] } }`, cases and resources by
their names, `finding` a pattern. Anything else is a problem, and so is an explanation that no finding of its case needs.
"""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from judges.tools import ToolMissing, run, scratch

HERE = Path(__file__).parent.parent / "policy"
Finding = dict[str, str | None]
Explanation = dict[str, Any]


def judge(templates: dict[Path, str]) -> dict[Path, tuple[list[str], list[str]]]:
    """Problems and notes of each template; the dictionary says which case it belongs to."""
    if not (HERE / "node_modules" / "cdk-nag").is_dir():
        raise ToolMissing("cdk-nag is not installed (tests/conformance/install)")
    explained: list[Explanation] = json.loads((HERE / "explained.json").read_text())
    with scratch("policy") as folder:
        out = folder / "findings.json"
        ran = run(["node", str(HERE / "nag.mjs"), str(out), *map(str, templates)], timeout=600)
        if not out.is_file():
            return {file: ([f"cdk-nag: {ran.text[-2000:]}"], []) for file in templates}
        found: dict[str, list[Finding]] = json.loads(out.read_text())
    answers = {file: sort(found.get(str(file), []), case, explained) for file, case in templates.items()}
    first = {case: file for file, case in reversed(templates.items())}
    for case, file in first.items():
        of_case = [it for other, name in templates.items() if name == case for it in found.get(str(other), [])]
        answers[file][0].extend(unneeded(of_case, case, explained))
    return answers


def sort(found: list[Finding], case: str, explained: list[Explanation]) -> tuple[list[str], list[str]]:
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


def unneeded(found: list[Finding], case: str, explained: list[Explanation]) -> list[str]:
    """What explained.json explains in this case, though there is no such finding, or the program gives a reason."""
    open_ = [it for it in found if not it["reason"]]
    return [
        f"{resource}: explained.json explains {e['rule']} {e.get('finding', '')}".strip() + ", which nothing needs"
        for e in explained
        for resource in e["at"].get(case, [])
        if not any(explains(e, it, case) and it["resource"] == resource for it in open_)
    ]


def explains(entry: Explanation, it: Finding, case: str) -> bool:
    return (
        entry["rule"] == it["rule"]
        and fnmatchcase(it["finding"] or "", entry.get("finding", "*"))
        and it["resource"] in entry["at"].get(case, [])
    )
