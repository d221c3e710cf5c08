"""tf_apply DIR: plan, apply, re-plan (must be empty) and destroy against a private moto.

Usage: python3 -m judges.tf_apply DIR [--var k=v ...] [--json] [--out FILE] [--reach FILE]
                           [--strict] [--no-destroy] [--parallelism N] [--region R]

Every resource gets a row: planned, applied, clean (no change in the second plan),
destroyed, and any error text. Failures that are known limits of moto (moto_limits.json)
are reported as `tolerated` and do not fail the run unless --strict is given.
Exit 0 when every resource passes or is tolerated.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from judges.moto import Moto, boto_client, moto_server, offline_env
from judges.tools import Ran, Report, Terraform, ToolMissing, copy_config, find_plugin_dir, finish, json_lines, scratch, stop_on_sigterm

OVERRIDE = "zz_conform_override.tf"
LIMITS = Path(__file__).with_name("moto_limits.json")
PROVIDER_ARGS = """\
  access_key                  = "conform"
  secret_key                  = "conform"
  s3_use_path_style           = true
  max_retries                 = 3
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
"""


@dataclass
class Row:
    """The life of one managed resource instance."""

    address: str
    type: str
    applied: bool = False
    seconds: float = 0.0
    clean: bool | None = None
    drift: dict[str, Any] = field(default_factory=dict)
    destroyed: bool | None = None
    errors: list[str] = field(default_factory=list)
    tolerated: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return self.applied and self.clean is not False and self.destroyed is not False


def provider_aliases(config: Path) -> list[str | None]:
    """Aliases of the aws provider blocks in the root module; None is the default one."""
    text = "\n".join(p.read_text() for p in sorted(config.glob("*.tf")))
    found: list[str | None] = []
    for match in re.finditer(r'^provider\s+"aws"\s*\{(.*?)^\}', text, re.M | re.S):
        alias = re.search(r'^\s*alias\s*=\s*"([^"]+)"', match.group(1), re.M)
        found.append(alias.group(1) if alias else None)
    return found


def write_override(config: Path) -> None:
    """Point every aws provider block at moto; keep state local."""
    aliases = provider_aliases(config)
    blocks = ['terraform {\n  backend "local" {}\n}\n']
    for alias in aliases:
        head = f'  alias                       = "{alias}"\n' if alias else ""
        blocks.append(f'provider "aws" {{\n{head}{PROVIDER_ARGS}}}\n')
    (config / OVERRIDE).write_text("\n".join(blocks))
    if None not in aliases:
        (config / "zz_conform_provider.tf").write_text(f'provider "aws" {{\n{PROVIDER_ARGS}}}\n')


def diagnostics(ran: Ran) -> list[dict[str, Any]]:
    """Error diagnostics of a -json run as {address, text}."""
    found = []
    for event in json_lines(ran.out):
        diagnostic = event.get("diagnostic")
        if event.get("type") == "diagnostic" and diagnostic and diagnostic["severity"] == "error":
            text = " ".join(f"{diagnostic['summary']}: {diagnostic.get('detail', '')}".split())
            found.append({"address": diagnostic.get("address", ""), "text": text[:600]})
    return found


def hooks(ran: Ran, kind: str) -> list[dict[str, Any]]:
    return [event["hook"] for event in json_lines(ran.out) if event.get("type") == kind]


def planned_rows(tf: Terraform) -> dict[str, Row]:
    plan = json.loads(tf("show", "-json", "first.tfplan").out)
    managed = [c for c in plan.get("resource_changes", []) if c["mode"] == "managed"]
    return {c["address"]: Row(c["address"], c["type"]) for c in managed}


def changed_attributes(change: dict[str, Any]) -> dict[str, Any]:
    before, after = change.get("before") or {}, change.get("after") or {}
    unknown = change.get("after_unknown") or {}
    keys = sorted(set(before) | set(after))
    differs = {k: [before.get(k), after.get(k)] for k in keys if before.get(k) != after.get(k) and not unknown.get(k)}
    differs |= {k: [before.get(k), "(known after apply)"] for k, pending in sorted(unknown.items()) if pending is True and not differs}
    forced = [".".join(str(p) for p in path) for path in change.get("replace_paths", [])]
    return differs | ({"(forces replacement)": forced} if forced else {})


@dataclass
class Session:
    tf: Terraform
    report: Report
    rows: dict[str, Row]
    plan_args: list[str]
    parallelism: int
    limit: float
    general_errors: list[dict[str, Any]] = field(default_factory=list)

    def blame(self, ran: Ran, stage: str) -> None:
        """File each error under its resource; errors without one are general."""
        for found in diagnostics(ran):
            row = self.rows.get(found["address"])
            text = f"{stage}: {found['text']}"
            if row:
                row.errors.append(text)
            else:
                self.general_errors.append({"stage": stage} | found)


def do_plan(session: Session) -> bool:
    started = time.monotonic()
    ran = session.tf("plan", "-json", "-out=first.tfplan", *session.plan_args)
    ok = ran.rc == 0
    if ok:
        session.rows.update(planned_rows(session.tf))
    session.blame(ran, "plan")
    detail = None if ok else session.general_errors or ran.text
    session.report.add("plan", ok, started, detail)
    return ok


def do_apply(session: Session) -> None:
    started = time.monotonic()
    ran = session.tf("apply", "-json", "-auto-approve", f"-parallelism={session.parallelism}", "first.tfplan", timeout=session.limit)
    for hook in hooks(ran, "apply_complete"):
        row = session.rows.get(hook["resource"]["addr"])
        if row:
            row.applied, row.seconds = True, hook.get("elapsed_seconds", 0)
    session.blame(ran, "apply")
    done = sum(row.applied for row in session.rows.values())
    session.report.add("apply", True, started, f"{done}/{len(session.rows)} resources")


def forget_failed(session: Session) -> None:
    """Drop half-created resources from the state, so that one failure does not hide the rest."""
    held = session.tf("state", "list").out.split("\n")
    half_made = [a for a in held if a in session.rows and not session.rows[a].applied]
    if half_made:
        session.tf("state", "rm", *half_made)


def do_replan(session: Session) -> None:
    """A second plan must propose nothing for what was applied."""
    started = time.monotonic()
    forget_failed(session)
    ran = session.tf("plan", "-json", "-detailed-exitcode", "-out=second.tfplan", *session.plan_args)
    session.blame(ran, "replan")
    if ran.rc not in (0, 2):
        session.report.add("replan", False, started, diagnostics(ran) or ran.text[-3000:])
        return
    for row in session.rows.values():
        row.clean = True if row.applied else None
    second = json.loads(session.tf("show", "-json", "second.tfplan").out)
    for change in second.get("resource_changes", []):
        row = session.rows.get(change["address"])
        if row and row.applied and change["change"]["actions"] != ["no-op"]:
            row.clean = False
            row.drift = {"actions": change["change"]["actions"]} | changed_attributes(change["change"])
    outputs = [n for n, change in second.get("output_changes", {}).items() if change["actions"] != ["no-op"]]
    session.report.add("replan", not outputs, started, f"exit {ran.rc}" + (f", outputs change: {outputs}" if outputs else ""))


def lift_protection(moto: Moto, region: str, config: Path) -> None:
    """What an operator does before deleting what is protected."""
    for file in config.glob("*.tf"):
        file.write_text(re.sub(r"^ *prevent_destroy *= true\n", "", file.read_text(), flags=re.M))
    rds = boto_client("rds", moto.endpoint, region)
    for cluster in rds.describe_db_clusters()["DBClusters"]:
        rds.modify_db_cluster(DBClusterIdentifier=cluster["DBClusterIdentifier"], DeletionProtection=False)
    for instance in rds.describe_db_instances()["DBInstances"]:
        rds.modify_db_instance(DBInstanceIdentifier=instance["DBInstanceIdentifier"], DeletionProtection=False)
    balancers = boto_client("elbv2", moto.endpoint, region)
    off = [{"Key": "deletion_protection.enabled", "Value": "false"}]
    for balancer in balancers.describe_load_balancers()["LoadBalancers"]:
        balancers.modify_load_balancer_attributes(LoadBalancerArn=balancer["LoadBalancerArn"], Attributes=off)


def do_destroy(session: Session) -> None:
    started = time.monotonic()
    ran = session.tf("destroy", "-json", "-auto-approve", f"-parallelism={session.parallelism}", *session.plan_args, timeout=session.limit)
    session.blame(ran, "destroy")
    if ran.rc != 0 and not hooks(ran, "apply_start"):  # the refresh failed: go on without it
        ran = session.tf(
            "destroy", "-json", "-auto-approve", "-refresh=false", f"-parallelism={session.parallelism}", *session.plan_args, timeout=session.limit
        )
        session.blame(ran, "destroy")
    left = set(session.tf("state", "list").out.split("\n"))
    for row in session.rows.values():
        row.destroyed = row.address not in left if row.applied else None
    session.report.add("destroy", True, started, f"exit {ran.rc}")


def load_limits(path: Path) -> list[dict[str, str]]:
    return json.loads(path.read_text()) if path.exists() else []


def matching_limit(limits: list[dict[str, str]], row: Row, stage: str, text: str) -> str | None:
    for limit in limits:
        if limit["type"] in (row.type, "*") and limit["stage"] == stage and re.search(limit["match"], text):
            return limit["why"]
    return None


def tolerate(row: Row, limits: list[dict[str, str]]) -> None:
    """Move errors and drift that moto is known to cause to row.tolerated."""
    kept = []
    for error in row.errors:
        stage = error.split(":", 1)[0]
        why = matching_limit(limits, row, stage, error)
        (row.tolerated if why else kept).append(f"{why} [{error[:160]}]" if why else error)
    excused = [e for e in row.errors if e not in kept]
    row.errors = kept
    if row.drift:
        reasons = {k: matching_limit(limits, row, "drift", k) for k in row.drift if k != "actions"}
        if reasons and all(reasons.values()):
            row.clean = True
            row.tolerated += [f"{why} [drift {key}]" for key, why in reasons.items()]
    if any(e.startswith("apply:") for e in excused) and not kept:
        row.applied = True
    if any(e.startswith("destroy:") for e in excused) and not kept:
        row.destroyed = True


def judge(session: Session, limits: list[dict[str, str]]) -> None:
    for row in session.rows.values():
        tolerate(row, limits)
    blocked = any(row.tolerated and not row.seconds for row in session.rows.values())
    bad = [row for row in session.rows.values() if not row.ok or row.errors]
    if blocked:  # dependants of a tolerated failure were never attempted
        bad = [row for row in bad if row.errors or row.clean is False or row.destroyed is False]
    general = session.general_errors
    detail = {"bad": [asdict(row) for row in bad], "general": general} if bad or general else None
    session.report.add("resources", not bad and not general, time.monotonic(), detail)


def by_type(rows: dict[str, Row]) -> dict[str, dict[str, Any]]:
    table: dict[str, dict[str, Any]] = {}
    for row in rows.values():
        entry = table.setdefault(row.type, Counter())
        entry["planned"] += 1
        entry["applied"] += row.applied
        entry["clean"] += row.clean is True
        entry["destroyed"] += row.destroyed is True
    return {kind: dict(table[kind]) for kind in sorted(table)}


def reach_from(session: Session, moto: Moto, out: Path, region: str) -> None:
    from judges import reach

    started = time.monotonic()
    answer = reach.read_network(moto.endpoint, region)
    out.write_text(json.dumps(answer, indent=2))
    session.report.add("reach", True, started, str(out))


@dataclass
class Options:
    variables: list[str]
    region: str
    parallelism: int = 20
    limit: float = 300
    strict: bool = False
    destroy: bool = True
    replan: bool = True
    reach_out: Path | None = None


def apply_config(source: Path, options: Options) -> Report:
    report = Report("tf_apply", str(source))
    with scratch("tfapply") as work, moto_server(work) as moto:
        config = work / "config"
        copy_config(source, config)
        write_override(config)
        tf = Terraform(config, find_plugin_dir(), offline_env(moto.endpoint, options.region))
        session = Session(tf, report, {}, [f"-var={v}" for v in options.variables], options.parallelism, options.limit)
        started = time.monotonic()
        ran = tf.init(backend=True)
        if not report.add("init", ran.rc == 0, started, None if ran.rc == 0 else ran.text).ok:
            return report
        if not do_plan(session):
            return report
        do_apply(session)
        if options.reach_out:
            reach_from(session, moto, options.reach_out, options.region)
        if options.replan:
            do_replan(session)
        if options.destroy:
            lift_protection(moto, options.region, config)
            do_destroy(session)
        judge(session, [] if options.strict else load_limits(LIMITS))
        report.data["types"] = by_type(session.rows)
        report.data["resources"] = [asdict(row) | {"ok": row.ok} for row in session.rows.values()]
        report.data["moto_unimplemented"] = moto.unimplemented()
    return report


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dir", type=Path)
    parser.add_argument("--var", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--region", default="us-east-1")
    parser.add_argument("--parallelism", type=int, default=20)
    parser.add_argument("--limit", type=float, default=300, help="seconds for apply, and for destroy")
    parser.add_argument("--strict", action="store_true", help="ignore moto_limits.json")
    parser.add_argument("--no-destroy", action="store_true")
    parser.add_argument("--reach", type=Path, help="write the reachability matrix to this file")
    parser.add_argument("--out", type=Path, help="also write the full JSON report to this file")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    stop_on_sigterm()
    options = Options(args.var, args.region, args.parallelism, args.limit, args.strict, not args.no_destroy, reach_out=args.reach)
    report = apply_config(args.dir, options)
    if args.out:
        args.out.write_text(json.dumps(report.as_json(), indent=2, default=str))
    tolerated = [f"tolerated {r['address']}: {t}" for r in report.data.get("resources", []) for t in r["tolerated"]]
    return finish(report, args.json, "\n".join(tolerated))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ToolMissing as problem:
        sys.exit(f"tf_apply: {problem}")
