#!/usr/bin/env python3
"""Proves that the judges see: deliberate faults in known good files are reported, and changed rules change who reaches whom.

Usage: selftest.py [--deploy]        --deploy also deploys edited stacks (a minute more)
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
VENV = HERE.parent.parent / ".conformance" / "venv"
if VENV.is_dir() and Path(sys.prefix).resolve() != VENV.resolve():
    os.execv(VENV / "bin" / "python", [str(VENV / "bin" / "python"), *sys.argv])

from check import check  # noqa: E402
from judges import cfn_deploy, policy, reach, stand_in, tf_apply  # noqa: E402
from judges.tf_root import Config  # noqa: E402
from judges.tools import scratch, stop_on_sigterm  # noqa: E402

FIXTURES = HERE / "fixtures"
GOOD = {"cfn": FIXTURES / "cfn/template.json", "pulumi": FIXTURES / "pulumi/good.Pulumi.yaml"}
JUDGE = {"cfn": "cloudformation", "terraform": "terraform", "pulumi": "pulumi"}
Json = dict[str, Any]


def write_case(case: Path, fault: Json | None) -> None:
    """A case with one fault in one target, or the good files of all targets."""
    target = fault["target"] if fault else ""
    if target in ("", "cfn"):
        (case / "cfn").mkdir(parents=True)
        (case / "cfn/shop.template.json").write_text(edited(GOOD["cfn"].read_text(), fault))
    if target in ("", "pulumi"):
        (case / "pulumi").mkdir(parents=True)
        (case / "pulumi/Pulumi.yaml").write_text(edited(GOOD["pulumi"].read_text(), fault))
    if target in ("", "terraform"):
        shutil.copytree(FIXTURES / "tf", case / "terraform")
        if fault:
            file = case / "terraform" / fault["file"]
            file.write_text(edited(file.read_text(), fault))


def edited(text: str, fault: Json | None) -> str:
    if fault is None:
        return text
    assert fault["find"] in text, f"the good file lost the text for: {fault['what']}"
    return text.replace(fault["find"], fault["put"], 1)


def static() -> int:
    faults = json.loads((FIXTURES / "faults.json").read_text())
    missed = 0
    with scratch("selftest") as work:
        cases: dict[Path, Json | None] = {work / "good": None} | {work / str(at): fault for at, fault in enumerate(faults)}
        for case, fault in cases.items():
            write_case(case, fault)
        report = check(list(cases), list(JUDGE.values()))
        if report["skipped"]:
            print(f"skipped: {report['skipped']}")
            return 1
        for case, fault in cases.items():
            answers = report["cases"][str(case)]
            if fault is None:
                right, told = not any(a["problems"] for a in answers.values()), [p for a in answers.values() for p in a["problems"]]
            else:
                told = answers[JUDGE[fault["target"]]]["problems"]
                right = any(re.search(fault["says"], problem) for problem in told)
            missed += not right
            word = "ok    " if right else "MISSED"
            print(f"{word} {fault['target'] + ': ' + fault['what'] if fault else 'the good files'}: {told[0][:160] if told else '(nothing)'}")
        print(f"{missed} missed of {len(cases)}; seconds {report['seconds']}")
    return missed


FOUND: dict[str, str | None] = {"rule": "R1", "finding": "", "resource": "Main", "says": "open", "reason": None}
EXPLAINED: Json = {"rule": "R1", "reason": "because", "at": {"shop": ["Main"]}}
POLICY: list[tuple[str, str, Json, dict[str, str | None], int, int]] = [  # what, case, explanation, finding, problems, unneeded
    ("an explained finding", "shop", EXPLAINED, FOUND, 0, 0),
    ("the finding of another case", "other", EXPLAINED, FOUND, 1, 0),
    ("the finding of another resource", "shop", EXPLAINED, FOUND | {"resource": "Other"}, 1, 1),
    ("the finding of another rule", "shop", EXPLAINED, FOUND | {"rule": "R2"}, 1, 1),
    ("another finding of the rule", "shop", EXPLAINED | {"finding": "Resource::a*"}, FOUND | {"finding": "Resource::b"}, 1, 1),
    ("a finding that the program explains", "shop", EXPLAINED, FOUND | {"reason": "said there"}, 0, 1),
]


def explanations() -> int:
    """Whether reasons for cdk-nag's findings reach what they name, and no further."""
    missed = 0
    for what, case, explanation, finding, problems, unneeded in POLICY:
        told = (len(policy.sort([finding], case, [explanation])[0]), len(policy.unneeded([finding], case, [explanation])))
        missed += told != (problems, unneeded)
        print(f"{'ok    ' if told == (problems, unneeded) else 'MISSED'} policy: {what}")
    return missed


RESTLESS = """\
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
provider "aws" {
  region = "eu-central-1"
}
resource "terraform_data" "it" {
  input = INPUT
}
"""


def second_plans() -> int:
    """Whether a second plan that is not empty is noticed, and told of the case that it belongs to."""
    inputs = {"steady": '"the same"', "restless": "timestamp()"}
    with scratch("selftest") as work:
        for name, text in inputs.items():
            (work / name / "terraform").mkdir(parents=True)
            (work / name / "terraform/main.tf").write_text(RESTLESS.replace("INPUT", text))
        configs = [Config(name, work / name / "terraform") for name in inputs]
        told = tf_apply.deploy(configs, {name: work / name for name in inputs}).problems
    wanted = {"steady": "^$", "restless": "^module.m_restless.terraform_data.it: second plan: .*update"}
    missed = 0
    for name, says in wanted.items():
        right = bool(re.search(says, "; ".join(told[name])))
        missed += not right
        print(f"{'ok    ' if right else 'MISSED'} second plan of the {name} case: {told[name]}")
    return missed


EXCUSE = [{"case": "shop", "judge": "terraform", "lacks": "sqs.Fly", "says": "Fly.*501", "because": "it has no wings"}]
EXCUSED: list[tuple[str, str, list[str], int]] = [  # what, case, problems, how many are left
    ("what the stand-in lacks", "shop", ["operation Fly: 501"], 0),
    ("another problem beside it", "shop", ["operation Fly: 501", "second plan"], 1),
    ("the same problem of another case", "other", ["operation Fly: 501"], 1),
    ("an entry that nothing needs", "shop", [], 1),
]


def excuses() -> int:
    """Whether the table of the stand-in excuses what it names and nothing else."""
    missed = 0
    for what, case, problems, left in EXCUSED:
        right = len(stand_in.remaining(case, "terraform", problems, EXCUSE)) == left
        missed += not right
        print(f"{'ok    ' if right else 'MISSED'} stand-in: {what}")
    return missed


def drop_ingress(template: Json) -> None:
    del template["Resources"]["InApiCache"]


def drop_egress(template: Json) -> None:
    del template["Resources"]["OutApiCache"]


def nat_for_isolated(template: Json) -> None:
    template["Resources"]["Leak"] = copy.deepcopy(template["Resources"]["PrivateDefault0"])
    template["Resources"]["Leak"]["Properties"]["RouteTableId"] = {"Ref": "IsolatedRoutes"}


def nat_in_private_subnet(template: Json) -> None:
    template["Resources"]["Nat0"]["Properties"]["SubnetId"] = {"Ref": "Private1"}


def internet_for_private(template: Json) -> None:
    route = template["Resources"]["PrivateDefault0"]["Properties"]
    del route["NatGatewayId"]
    route["GatewayId"] = {"Ref": "Igw"}


def wrong_port(template: Json) -> None:
    template["Resources"]["InProxyDb"]["Properties"] |= {"FromPort": 3306, "ToPort": 3306}


API_CACHE = ("ecs:api", "cache:shop-cache", "tcp", 6379, 6379)
PROXY_DB = {("rdsproxy:shop-proxy", kind, "tcp", 5432, 5432) for kind in ("rds:shop-db", "rdscluster:shop-aurora")}
EDITS: list[tuple[str, Callable[[Json], None], set[tuple[Any, ...]], dict[str, str]]] = [
    ("drop ingress rule", drop_ingress, {API_CACHE}, {}),
    ("drop egress rule", drop_egress, {API_CACHE}, {}),
    ("wrong port", wrong_port, PROXY_DB, {}),
    ("nat for isolated", nat_for_isolated, set(), {"isolated-0": "nat", "isolated-1": "nat"}),
    ("nat in private", nat_in_private_subnet, set(), {"private-0": "nat (nat gateway is not in a public subnet)"}),
    ("igw for private", internet_for_private, set(), {"private-0": "igw"}),
]


def matrix_of(template: Json) -> Json:
    with scratch("selftest") as work:
        file, out = work / "template.json", work / "reach.json"
        file.write_text(json.dumps(template))
        report = cfn_deploy.deploy(file, {}, "us-east-1", reach_out=out)
        assert report.ok, [s.detail for s in report.steps if not s.ok]
        return dict(json.loads(out.read_text()))


def allow_set(answer: Json) -> set[tuple[Any, ...]]:
    return {(r["source"], r["destination"], r["protocol"], r["from_port"], r["to_port"]) for r in answer["allow"]}


def routes(answer: Json) -> dict[str, str]:
    return {s["name"]: s["route"] + (f" ({s['problem']})" if s["problem"] else "") for s in answer["subnets"]}


def deployed() -> int:
    template = json.loads(GOOD["cfn"].read_text())
    base = matrix_of(template)
    expected = json.loads((FIXTURES / "expect.json").read_text())
    wrong = [e for e in expected if reach.allowed(base, e["source"], e["destination"], e.get("protocol", "tcp"), e["port"]) != e["allowed"]]
    missed = len(wrong)
    print(f"{'MISSED' if wrong else 'ok    '} who reaches whom in the good stack: {wrong}")
    for name, edit, lost, rerouted in EDITS:
        changed = copy.deepcopy(template)
        edit(changed)
        answer = matrix_of(changed)
        gone = {row for row in allow_set(base) - allow_set(answer) if "internet" not in row}
        gained = allow_set(answer) - allow_set(base)
        moved = {k: v for k, v in routes(answer).items() if routes(base)[k] != v}
        right = gone == lost and moved == rerouted and not gained
        missed += not right
        print(f"{'ok    ' if right else 'MISSED'} {name}")
    return missed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--deploy", action="store_true")
    args = parser.parse_args()
    stop_on_sigterm()
    return 1 if explanations() + excuses() + second_plans() + static() + (deployed() if args.deploy else 0) else 0


if __name__ == "__main__":
    sys.exit(main())
