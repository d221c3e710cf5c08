"""cfn_deploy FILE: create the stack on a private moto and account for every resource.

Usage: python3 -m judges.cfn_deploy FILE [--param k=v ...] [--region R] [--json] [--out FILE] [--reach FILE]

Per resource: `native` (moto's own CloudFormation model), `created` (through an API call, see
cfn_adapters.py), `stub` (moto has nothing: only Ref/GetAtt were simulated) or `failed`.
Exit 0 when the stack completes and nothing failed. Properties that no API knows are listed
under `dropped`.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from judges import existing, inputs
from judges.moto import Moto, boto_client, moto_server
from judges.tools import Report, ToolMissing, finish, scratch, stop_on_sigterm

STACK = "conform"
DONE = ("CREATE_COMPLETE", "CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED")
Json = dict[str, Any]


def load(template: Path) -> Json:
    """JSON, or YAML with short-form functions (through cfn-lint's reader)."""
    text = template.read_text()
    if text.lstrip().startswith("{"):
        return json.loads(text)
    try:
        from cfnlint.decode import cfn_yaml
    except ImportError as missing:
        raise ToolMissing("reading YAML templates needs cfn-lint in this python") from missing
    return json.loads(json.dumps(cfn_yaml.loads(text), default=str))


def normalise(node: Any, region: str) -> Any:
    """Spell out what moto misreads: "A.B" GetAtt strings and Ref inside GetAZs."""
    if isinstance(node, list):
        return [normalise(item, region) for item in node]
    if not isinstance(node, dict):
        return node
    if set(node) == {"Fn::GetAtt"} and isinstance(node["Fn::GetAtt"], str):
        return {"Fn::GetAtt": node["Fn::GetAtt"].split(".", 1)}
    if set(node) == {"Fn::GetAZs"} and not isinstance(node["Fn::GetAZs"], str):
        return {"Fn::GetAZs": region}
    return {key: normalise(value, region) for key, value in node.items()}


def parameter_list(template: Json, given: dict[str, str]) -> list[dict[str, str]]:
    declared = template.get("Parameters", {})
    unknown = sorted(set(given) - set(declared))
    if unknown:
        raise ToolMissing(f"unknown parameters: {unknown}")
    missing = [n for n, p in declared.items() if "Default" not in p and n not in given]
    if missing:
        raise ToolMissing(f"parameters without a value: {missing}")
    return [{"ParameterKey": k, "ParameterValue": ",".join(v) if isinstance(v, list) else v} for k, v in given.items()]


def upload(moto: Moto, source: Path, given: dict[str, str], region: str) -> None:
    """What `assets.json` beside the template lists, into the bucket that the template asks for."""
    listed = source.parent / "assets.json"
    if not listed.is_file():
        return
    s3, bucket = boto_client("s3", moto.endpoint, region), given["AssetBucket"]
    place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3.create_bucket(Bucket=bucket, **place)
    for key, asset in json.loads(listed.read_text()).items():
        s3.put_object(Bucket=bucket, Key=key, Body=(source.parent / asset["file"]).read_bytes())


def wait(client: Any, limit: float) -> Json:
    deadline = time.monotonic() + limit
    while True:
        stack = client.describe_stacks(StackName=STACK)["Stacks"][0]
        if stack["StackStatus"] in DONE or time.monotonic() > deadline:
            return stack
        time.sleep(0.5)


def create(moto: Moto, template: Json, parameters: list[dict[str, str]], region: str, report: Report) -> bool:
    started = time.monotonic()
    client = boto_client("cloudformation", moto.endpoint, region)
    try:
        client.create_stack(StackName=STACK, TemplateBody=json.dumps(template), Parameters=parameters, Capabilities=["CAPABILITY_NAMED_IAM"])
        stack = wait(client, 300)
    except Exception as problem:
        report.add("create_stack", False, started, f"{type(problem).__name__}: {problem}"[:2000])
        return False
    report.data["outputs"] = {o["OutputKey"]: o["OutputValue"] for o in stack.get("Outputs", [])}
    ok = stack["StackStatus"] == "CREATE_COMPLETE"
    return report.add("create_stack", ok, started, f"{stack['StackStatus']} {stack.get('StackStatusReason', '')}").ok


def outcomes(moto: Moto) -> tuple[dict[str, Json], list[str]]:
    """Per logical id what the server did; and the dropped properties and guessed attributes."""
    text = moto.said()
    rows: dict[str, Json] = {}
    for how, logical, kind, rest in re.findall(r"^conform-cfn (native|created|stub|failed) (\S+) (\S+) ?(.*)$", text, re.M):
        rows[logical] = {"logical": logical, "type": kind, "how": how, "detail": rest}
    return rows, sorted(set(re.findall(r"^conform-cfn ((?:dropped|guessed) \S+)", text, re.M)))


def account(moto: Moto, template: Json, report: Report) -> None:
    started = time.monotonic()
    rows, dropped = outcomes(moto)
    for logical, resource in template["Resources"].items():
        absent = {"logical": logical, "type": resource["Type"], "how": "absent", "detail": "condition false, or never reached"}
        rows.setdefault(logical, absent)
    conditional = {n for n, r in template["Resources"].items() if "Condition" in r}
    bad = [r for r in rows.values() if r["how"] == "failed" or (r["how"] == "absent" and r["logical"] not in conditional)]
    kinds: dict[str, Counter[str]] = {}
    for row in rows.values():
        kinds.setdefault(row["type"], Counter())[row["how"]] += 1
    report.data |= {
        "resources": sorted(rows.values(), key=lambda r: r["logical"]),
        "types": {kind: dict(kinds[kind]) for kind in sorted(kinds)},
        "dropped": dropped,
        "moto_unimplemented": moto.unimplemented(),
    }
    report.add("resources", not bad, started, bad or None)


def deploy_to(moto: Moto, source: Path, given: dict[str, str], region: str, case: Path | None = None) -> tuple[Report, Json]:
    """Creates the stack; what became of each resource, and who reaches whom."""
    report, network = Report("cfn_deploy", str(source)), {}
    template = normalise(load(source), region)
    found = existing.make(case, moto.endpoint, region) if case else {}
    given = given | inputs.known(found, template.get("Parameters", {}))
    parameters = parameter_list(template, given)
    upload(moto, source, given, region)
    created = create(moto, template, parameters, region, report)
    account(moto, template, report)
    if created:
        from judges import reach

        started = time.monotonic()
        network = reach.read_network(moto.endpoint, region, reach.made_networks(moto.endpoint, region))
        report.add("reach", True, started)
    return report, network


def deploy(source: Path, given: dict[str, str], region: str, reach_out: Path | None = None) -> Report:
    """The same on a server of its own."""
    with scratch("cfndeploy") as work, moto_server(work) as moto:
        report, network = deploy_to(moto, source, given, region)
    if network and reach_out:
        reach_out.write_text(json.dumps(network, indent=2))
    return report


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--param", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--region", default="us-east-1")
    parser.add_argument("--reach", type=Path, help="write the reachability matrix to this file")
    parser.add_argument("--out", type=Path, help="also write the full JSON report to this file")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    stop_on_sigterm()
    report = deploy(args.file, dict(p.split("=", 1) for p in args.param), args.region, args.reach)
    if args.out:
        args.out.write_text(json.dumps(report.as_json(), indent=2, default=str))
    lines = [f"stub    {r['logical']} {r['type']}" for r in report.data.get("resources", []) if r["how"] == "stub"]
    return finish(report, args.json, "\n".join(lines + [d for d in report.data.get("dropped", [])]))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ToolMissing as problem:
        sys.exit(f"cfn_deploy: {problem}")
