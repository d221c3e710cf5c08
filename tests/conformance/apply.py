#!/usr/bin/env python3
"""Deploys what topoc built, on a local stand-in for AWS: `apply.py [--out FILE] DIR...`

Each DIR is the output of `topoc build --target all`; `DIR/inputs.json` may state inputs. The heavy rung:

    terraform        plan, apply, an empty second plan, destroy
    cloudformation   every resource of the stack is created
    reach            who can talk to whom is the same in both deployments
    pulumi           the provider plans a translation of the program

Prints JSON as `check.py` does; the same rules for missing tools and the exit status.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
VENV = HERE.parent.parent / ".conformance" / "venv"
if VENV.is_dir() and Path(sys.prefix).resolve() != VENV.resolve():
    os.execv(VENV / "bin" / "python", [str(VENV / "bin" / "python"), *sys.argv])

from check import passed, verdict  # noqa: E402
from judges import cfn_deploy, inputs, pulumi, tf_apply  # noqa: E402
from judges.tools import Report, ToolMissing, scratch, stop_on_sigterm  # noqa: E402

AT_ONCE = 4  # mostly waiting, as on AWS


def region_of(case: Path) -> str:
    for file in sorted((case / "terraform").glob("*.tf")):
        hit = re.search(r'^provider "aws" \{\s*region\s*=\s*"([a-z0-9-]+)"', file.read_text(), re.M)
        if hit:
            return hit.group(1)
    return "eu-central-1"


def problems_of(report: Report) -> list[str]:
    return [f"{step.name}: {json.dumps(step.detail, default=str)[:6000]}" for step in report.steps if not step.ok]


def deploy_terraform(case: Path, work: Path) -> list[str]:
    if not (case / "terraform").is_dir():
        return []
    options = tf_apply.Options(inputs.terraform(case), region_of(case), limit=900, reach_out=work / "terraform.json")
    return problems_of(tf_apply.apply_config(case / "terraform", options))


def deploy_cloudformation(case: Path, work: Path) -> list[str]:
    problems = []
    for file in sorted((case / "cfn").glob("*.template.json")):
        given = inputs.cloudformation(case, file)
        report = cfn_deploy.deploy(file, given, region_of(case), reach_out=work / "cloudformation.json")
        problems += [f"{file.name}: {p}" for p in problems_of(report)]
    return problems


def plan_pulumi(case: Path, _: Path) -> list[str]:
    file = case / "pulumi" / "Pulumi.yaml"
    return pulumi.judge([file], provider=False, plan=True)[file][0] if file.is_file() else []


JUDGES = {"terraform": deploy_terraform, "cloudformation": deploy_cloudformation, "pulumi": plan_pulumi}


def compare_reach(work: Path) -> list[str]:
    """Lines that one deployment allows and the other does not, and other differences of the networks."""
    answers = [json.loads((work / f"{name}.json").read_text()) for name in ("cloudformation", "terraform")]
    views = [set(facts(answer)) for answer in answers]
    return [f"only in cloudformation: {f}" for f in sorted(views[0] - views[1])] + [f"only in terraform: {f}" for f in sorted(views[1] - views[0])]


def facts(answer: dict[str, Any]) -> list[str]:
    allowed = [f"{r['source']} -> {r['destination']} {r['protocol']} {r['from_port']}-{r['to_port']}" for r in answer["allow"]]
    subnets = [f"subnet {s['name']} {s['cidr']} {s['az']} {s['route']} {s['problem']}" for s in answer["subnets"]]
    placed = [f"{c['key']} in {len(c['subnets'])} subnets, {c['route']}, groups {sorted(c['group_names'])}" for c in answer["components"]]
    return allowed + subnets + placed + [f"dangling {g}" for g in answer["dangling_groups"]]


def judge(case: Path, only: list[str], report: dict[str, Any]) -> None:
    answers = report["cases"][str(case)]
    with scratch("apply") as work:
        for name in only or JUDGES:
            started = time.monotonic()
            try:
                answers[name] = verdict(JUDGES[name](case, work))
            except ToolMissing as missing:
                report["skipped"][name] = str(missing)
            report["seconds"][f"{case.name} {name}"] = round(time.monotonic() - started, 1)
        if (work / "terraform.json").is_file() and (work / "cloudformation.json").is_file():
            answers["reach"] = verdict(compare_reach(work))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dir", type=Path, nargs="+")
    parser.add_argument("--only", action="append", default=[], choices=JUDGES)
    parser.add_argument("--out", type=Path, help="write the report to this file instead")
    args = parser.parse_args()
    stop_on_sigterm()
    report: dict[str, Any] = {"skipped": {}, "seconds": {}, "cases": {str(case): {} for case in args.dir}}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda case: judge(case, args.only, report), args.dir))
    text = json.dumps(report, indent=1)
    args.out.write_text(text) if args.out else print(text)
    return 0 if passed(report) else 1


if __name__ == "__main__":
    sys.exit(main())
