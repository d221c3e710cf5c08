#!/usr/bin/env python3
"""Judges what topoc built: `check.py [--out FILE] DIR...` and `check.py --tools`.

Each DIR is the output of `topoc build --target all`: `cfn/*.template.json`, `terraform/*.tf`, `pulumi/Pulumi.yaml`
(a missing folder is not judged). Prints JSON:

    { "skipped": { JUDGE: why }, "cases": { DIR: { JUDGE: { "problems": [...], "notes": [...] } } } }

Judges: `cloudformation` (cfn-lint, limits), `terraform` (fmt, validate), `pulumi` (language, schema, types, mocked run,
the provider's opinion of a translation), `policy` (cdk-nag's AwsSolutions on the template). One that is not installed is skipped by name; with TOPOC_CONFORM=require that
is a failure. Exit status 0: no problems.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
VENV = HERE.parent.parent / ".conformance" / "venv"
if VENV.is_dir() and Path(sys.prefix).resolve() != VENV.resolve():
    os.execv(VENV / "bin" / "python", [str(VENV / "bin" / "python"), *sys.argv])

from judges import cloudformation, inventory, policy, pulumi, terraform  # noqa: E402
from judges.tools import ToolMissing, stop_on_sigterm  # noqa: E402

Verdicts = dict[Path, dict[str, list[str]]]


def verdict(problems: list[str], notes: list[str] | None = None) -> dict[str, list[str]]:
    return {"problems": problems, "notes": notes or []}


def judge_cloudformation(dirs: list[Path]) -> Verdicts:
    day = tomllib.loads((HERE / "versions.toml").read_text())["day"]
    files = {file: case for case in dirs for file in sorted((case / "cfn").glob("*.template.json"))}
    found: Verdicts = {}
    for file, problems in cloudformation.judge(list(files), day).items():
        found.setdefault(files[file], verdict([]))["problems"] += [f"{file.name}: {p}" for p in problems]
    return found


def judge_terraform(dirs: list[Path]) -> Verdicts:
    cases = {str(case): case / "terraform" for case in dirs if (case / "terraform").is_dir()}
    return {Path(name): verdict(problems) for name, problems in terraform.judge(cases).items()}


def judge_pulumi(dirs: list[Path]) -> Verdicts:
    cases = {case / "pulumi" / "Pulumi.yaml": case for case in dirs if (case / "pulumi" / "Pulumi.yaml").is_file()}
    return {cases[file]: verdict(*answer) for file, answer in pulumi.judge(list(cases)).items()}


def judge_policy(dirs: list[Path]) -> Verdicts:
    files = {file: case for case in dirs for file in sorted((case / "cfn").glob("*.template.json"))}
    found: Verdicts = {}
    for file, (problems, notes) in policy.judge({file: case.name for file, case in files.items()}).items():
        answer = found.setdefault(files[file], verdict([]))
        answer["problems"] += problems
        answer["notes"] += notes
    return found


JUDGES = {
    "cloudformation": judge_cloudformation,
    "terraform": judge_terraform,
    "pulumi": judge_pulumi,
    "policy": judge_policy,
}


def check(dirs: list[Path], only: list[str]) -> dict[str, Any]:
    """Runs the judges side by side; each answers for all cases at once."""
    report: dict[str, Any] = {"skipped": {}, "seconds": {}, "cases": {str(case): {} for case in dirs}}

    def run(name: str) -> None:
        started = time.monotonic()
        try:
            for case, answer in JUDGES[name](dirs).items():
                report["cases"][str(case)][name] = answer
        except ToolMissing as missing:
            report["skipped"][name] = str(missing)
        report["seconds"][name] = round(time.monotonic() - started, 1)

    with ThreadPoolExecutor(len(JUDGES)) as pool:
        list(pool.map(run, only or JUDGES))
    return report


def passed(report: dict[str, Any]) -> bool:
    if report["skipped"] and os.environ.get("TOPOC_CONFORM") == "require":
        return False
    return not any(answer["problems"] for case in report["cases"].values() for answer in case.values())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dir", type=Path, nargs="*")
    parser.add_argument("--only", action="append", default=[], choices=JUDGES)
    parser.add_argument("--tools", action="store_true", help="say which tools are there, in which version")
    parser.add_argument("--out", type=Path, help="write the report to this file instead")
    args = parser.parse_args()
    stop_on_sigterm()
    if args.tools:
        return inventory.show(HERE / "versions.toml")
    report = check(args.dir, args.only)
    text = json.dumps(report, indent=1)
    args.out.write_text(text) if args.out else print(text)
    return 0 if passed(report) else 1


if __name__ == "__main__":
    sys.exit(main())
