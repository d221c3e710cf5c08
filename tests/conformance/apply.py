#!/usr/bin/env python3
"""Deploys what topoc built, on a local stand-in for AWS: `apply.py [--out FILE] DIR...`

Each DIR is the output of `topoc build --target all`; `DIR/existing.json` may state what the account holds already. The
heavy rung:

    terraform        plan, apply, an empty second plan, destroy; many cases at once
    cloudformation   every resource of the stack is created
    reach            who can talk to whom is the same in both deployments
    pulumi           the provider plans a translation of the program

Prints JSON as `check.py` does; the same rules for missing tools and the exit status. What the stand-in cannot do stands in
`stand_in.json`; an entry that is not needed any more is a problem too.
"""

from __future__ import annotations

import argparse
import json
import os
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
from judges import cfn_deploy, inputs, pulumi, stand_in, tf_apply, tf_batch  # noqa: E402
from judges.moto import moto_server  # noqa: E402
from judges.tf_root import Config  # noqa: E402
from judges.tools import Report, ToolMissing, scratch, stop_on_sigterm  # noqa: E402

AT_ONCE = int(os.environ.get("CONFORM_DEPLOYMENTS", "6"))  # mostly waiting, as on AWS; each takes 600 MB
MOST = 300  # resources of a batch
SERVERS = 2
Json = dict[str, Any]
JUDGES = ("terraform", "cloudformation", "pulumi")


def config_of(case: Path) -> Config:
    return Config(case.name, case / "terraform", inputs.terraform(case))


def deploy_batch(configs: list[Config], folders: dict[str, Path]) -> tuple[dict[str, list[str]], dict[str, Json]]:
    outcome = tf_apply.deploy(configs, folders)
    print(f"{len(configs)} configurations: {outcome.seconds} {' '.join(c.name for c in configs)}", file=sys.stderr)
    return outcome.problems, outcome.networks


def deploy_stacks(cases: list[Path]) -> tuple[dict[str, list[str]], dict[str, Json]]:
    """One server for all of them, emptied in between."""
    problems: dict[str, list[str]] = {}
    networks: dict[str, Json] = {}
    with scratch("stacks") as work, moto_server(work) as moto:
        for case in cases:
            told = problems.setdefault(case.name, [])
            for file in sorted((case / "cfn").glob("*.template.json")):
                moto.reset()
                report, networks[case.name] = cfn_deploy.deploy_to(moto, file, inputs.cloudformation(file), config_of(case).region, case)
                told += [f"{step.name}: {json.dumps(step.detail, default=str)[:6000]}" for step in report.steps if not step.ok]
    return problems, networks


def plan_programs(cases: list[Path]) -> tuple[dict[str, list[str]], dict[str, Json]]:
    files = {case / "pulumi" / "Pulumi.yaml": case.name for case in cases}
    answers = pulumi.judge([file for file in files if file.is_file()], provider=False, plan=True)
    return {files[file]: problems for file, (problems, _) in answers.items()}, {}


def compare(made: Json, planned: Json) -> list[str]:
    """Lines that one deployment allows and the other does not, and other differences of the networks."""
    stack, terraform = set(facts(made)), set(facts(planned))
    return [f"only in cloudformation: {f}" for f in sorted(stack - terraform)] + [f"only in terraform: {f}" for f in sorted(terraform - stack)]


def facts(answer: Json) -> list[str]:
    if not answer:
        return []
    allowed = [f"{r['source']} -> {r['destination']} {r['protocol']} {r['from_port']}-{r['to_port']}" for r in answer["allow"]]
    subnets = [f"subnet {s['name']} {s['cidr']} {s['az']} {s['route']} {s['problem']}" for s in answer["subnets"]]
    placed = [f"{c['key']} in {len(c['subnets'])} subnets, {c['route']}, groups {sorted(c['group_names'])}" for c in answer["components"]]
    return allowed + subnets + placed + [f"dangling {g}" for g in answer["dangling_groups"]]


def tasks(cases: list[Path], only: list[str]) -> list[tuple[str, Any, tuple[Any, ...]]]:
    """What is to be done, the longest first: judge, function, arguments."""
    configs = [config_of(case) for case in cases if (case / "terraform").is_dir()]
    folders = {case.name: case for case in cases}
    found: list[tuple[str, Any, tuple[Any, ...]]] = []
    found += [("terraform", deploy_batch, (batch, folders)) for batch in tf_batch.batches(configs, MOST)]
    found += [("cloudformation", deploy_stacks, (cases[at::SERVERS],)) for at in range(min(SERVERS, len(cases)))]
    found += [("pulumi", plan_programs, (cases,))]
    return [task for task in found if not only or task[0] in only]


def judge(cases: list[Path], only: list[str]) -> Json:
    report: Json = {"skipped": {}, "seconds": {}, "cases": {str(case): {} for case in cases}}
    by_name = {case.name: report["cases"][str(case)] for case in cases}
    networks: dict[str, dict[str, Json]] = {name: {} for name in JUDGES}

    def run(task: tuple[str, Any, tuple[Any, ...]]) -> None:
        name, function, arguments = task
        started = time.monotonic()
        try:
            problems, found = function(*arguments)
            networks[name] |= found
            for case, told in problems.items():
                by_name[case][name] = verdict(stand_in.remaining(case, name, told))
        except ToolMissing as missing:
            report["skipped"][name] = str(missing)
        report["seconds"][name] = round(report["seconds"].get(name, 0) + time.monotonic() - started, 1)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(run, tasks(cases, only)))
    for case in set(networks["terraform"]) & set(networks["cloudformation"]):
        by_name[case]["reach"] = verdict(compare(networks["cloudformation"][case], networks["terraform"][case]))
    return report


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dir", type=Path, nargs="+")
    parser.add_argument("--only", action="append", default=[], choices=JUDGES)
    parser.add_argument("--out", type=Path, help="write the report to this file instead")
    args = parser.parse_args()
    stop_on_sigterm()
    report = judge(args.dir, args.only)
    text = json.dumps(report, indent=1)
    args.out.write_text(text) if args.out else print(text)
    return 0 if passed(report) else 1


if __name__ == "__main__":
    sys.exit(main())
