"""plan, apply, an empty second plan and destroy of several configurations at once, against a private moto.

Every resource gets a row: applied, clean (no change in the second plan), destroyed, and errors. What goes wrong is told
of its configuration; one that cannot be planned is taken out, so that it does not hide the others.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from judges import existing, inputs, tf_root
from judges.moto import Moto, boto_client, moto_server, offline_env
from judges.tf_root import Config
from judges.tools import Ran, Terraform, ToolMissing, find_plugin_dir, json_lines, scratch

LIMIT = 900  # seconds for apply, and for destroy
PARALLEL = "-parallelism=24"
Json = dict[str, Any]


@dataclass
class Row:
    """The life of one managed resource instance."""

    address: str
    applied: bool = False
    drift: Json | None = None
    left: bool = False
    errors: list[str] = field(default_factory=list)

    def problems(self, explained: bool) -> list[str]:
        """What went wrong; `explained` if others' errors say why it was not made."""
        drift = [f"second plan: {json.dumps(self.drift, default=str)}"] if self.drift else []
        unmade = [] if self.applied or self.errors or explained else ["not applied"]
        left = ["not destroyed"] if self.left and not self.errors else []
        return [f"{self.address}: {text}"[:1500] for text in self.errors + drift + unmade + left]


@dataclass
class Deployment:
    """One run of terraform over the configurations of a batch."""

    root: Path
    terraform: Terraform
    configs: dict[str, Config]  # by module
    rows: dict[str, Row] = field(default_factory=dict)
    general: dict[str, list[str]] = field(default_factory=dict)  # by module: what is not about one resource
    seconds: dict[str, float] = field(default_factory=dict)

    def run(self, *args: str) -> Ran:
        started = time.monotonic()
        ran = self.terraform(*args, timeout=LIMIT)
        self.seconds[args[0]] = round(self.seconds.get(args[0], 0) + time.monotonic() - started, 1)
        return ran

    def blame(self, ran: Ran, stage: str) -> set[str]:
        """File each error under its resource, else its module, else every module; the modules that were blamed."""
        blamed = set()
        # A destroy does not say of which resource an error is, but which resources could not be destroyed.
        failed = {address.split(".")[1] for address in failed_in(ran)} & set(self.configs)
        for found in errors_of(ran):
            modules = [module_of(found)] if module_of(found) in self.configs else list(failed or self.configs)
            blamed |= set(modules)
            text = " ".join(f"{stage}: {found['summary']}: {found.get('detail', '')}".split())
            row = self.rows.get(found.get("address", ""))
            if row:
                row.errors.append(text)
            else:
                for module in modules:
                    self.general.setdefault(module, []).append(f"{found.get('address', '')} {text}".strip()[:1500])
        if ran.rc not in (0, 2) and not blamed:
            raise ToolMissing(f"terraform {stage}: {ran.text[-2000:]}")
        return blamed

    def take_out(self, modules: set[str]) -> None:
        for module in modules & set(self.configs):
            held = [address for address in self.held() if address.startswith(f"module.{module}.")]
            if held:
                self.run("state", "rm", *held)
            del self.configs[module]
        if self.configs:
            tf_root.write_root(self.root, list(self.configs.values()))

    def held(self) -> list[str]:
        """Addresses in the state; a resource with several instances has one for each."""
        return [f"{r['module']}.{r['type']}.{r['name']}{key(i)}" for r in self.state() if r["mode"] == "managed" for i in r["instances"]]

    def state(self) -> list[Json]:
        file = self.root / "terraform.tfstate"
        return json.loads(file.read_text())["resources"] if file.is_file() else []

    def problems(self, module: str) -> list[str]:
        rows, general = self.of(module), self.general.get(module, [])
        explained = bool(general) or any(row.errors for row in rows)
        return general + [text for row in rows for text in row.problems(explained)]

    def of(self, module: str) -> list[Row]:
        return [row for row in self.rows.values() if row.address.startswith(f"module.{module}.")]


def key(instance: Json) -> str:
    return f"[{json.dumps(instance['index_key'])}]" if "index_key" in instance else ""


def errors_of(ran: Ran) -> list[Json]:
    told = [event["diagnostic"] for event in json_lines(ran.out) if event.get("type") == "diagnostic"]
    return [it for it in told if it["severity"] == "error"]


def failed_in(ran: Ran) -> set[str]:
    return {event["hook"]["resource"]["addr"] for event in json_lines(ran.out) if event.get("type") == "apply_errored"}


def module_of(diagnostic: Json) -> str:
    address = diagnostic.get("address", "")
    if address.startswith("module."):
        return str(address.split(".")[1])
    return str((diagnostic.get("range") or {}).get("filename", "")).split("/")[0]


def plan(run: Deployment, file: str) -> Ran | None:
    """A plan of what can be planned; the rest is blamed and taken out. None if nothing is left."""
    while run.configs:
        ran = run.run("plan", "-json", "-detailed-exitcode", f"-out={file}")
        if ran.rc in (0, 2):
            return ran
        run.take_out(run.blame(ran, "plan"))
    return None


def changes(ran: Ran) -> dict[str, str]:
    """What a plan would do, by address."""
    told = [event["change"] for event in json_lines(ran.out) if event.get("type") == "planned_change"]
    return {it["resource"]["addr"]: it["action"] for it in told if it["action"] not in ("noop", "read")}


def apply(run: Deployment) -> None:
    ran = run.run("apply", "-json", PARALLEL, "first.tfplan")
    for event in json_lines(ran.out):
        if event.get("type") == "apply_complete" and event["hook"]["resource"]["addr"] in run.rows:
            run.rows[event["hook"]["resource"]["addr"]].applied = True
    run.blame(ran, "apply")


def replan(run: Deployment) -> None:
    """A second plan must propose nothing for what was applied."""
    ran = plan(run, "second.tfplan")
    if ran is None or ran.rc == 0:
        return
    for change in json.loads(run.run("show", "-json", "second.tfplan").out).get("resource_changes", []):
        row = run.rows.get(change["address"])
        if row and row.applied and change["change"]["actions"] not in (["no-op"], ["read"]):
            row.drift = {"actions": change["change"]["actions"]} | differences(change["change"])
    for event in json_lines(ran.out):
        for module, output in event.get("outputs", {}).items() if event.get("type") == "outputs" else ():
            if output.get("action") != "noop" and module in run.configs and not any(not row.applied for row in run.of(module)):
                run.general.setdefault(module, []).append("the outputs change in the second plan")


def differences(change: Json) -> Json:
    before, after = change.get("before") or {}, change.get("after") or {}
    unknown = change.get("after_unknown") or {}
    keys = sorted(set(before) | set(after))
    differs = {k: [before.get(k), after.get(k)] for k in keys if before.get(k) != after.get(k) and not unknown.get(k)}
    differs |= {k: [before.get(k), "(known after apply)"] for k, pending in sorted(unknown.items()) if pending is True and not differs}
    forced = [".".join(str(p) for p in path) for path in change.get("replace_paths", [])]
    return differs | ({"(forces replacement)": forced} if forced else {})


def lift_protection(moto: Moto, region: str) -> None:
    """What an operator does before deleting what is protected."""
    rds = boto_client("rds", moto.endpoint, region)
    for cluster in rds.describe_db_clusters()["DBClusters"]:
        rds.modify_db_cluster(DBClusterIdentifier=cluster["DBClusterIdentifier"], DeletionProtection=False)
    for instance in rds.describe_db_instances()["DBInstances"]:
        rds.modify_db_instance(DBInstanceIdentifier=instance["DBInstanceIdentifier"], DeletionProtection=False)
    tables = boto_client("dynamodb", moto.endpoint, region)
    for name in tables.list_tables()["TableNames"]:
        tables.update_table(TableName=name, DeletionProtectionEnabled=False)
    balancers = boto_client("elbv2", moto.endpoint, region)
    off = [{"Key": "deletion_protection.enabled", "Value": "false"}]
    for balancer in balancers.describe_load_balancers()["LoadBalancers"]:
        balancers.modify_load_balancer_attributes(LoadBalancerArn=balancer["LoadBalancerArn"], Attributes=off)


def destroy(run: Deployment) -> None:
    ran = run.run("destroy", "-json", "-auto-approve", "-refresh=false", PARALLEL)
    run.blame(ran, "destroy")
    for address in run.held():
        if address in run.rows:
            run.rows[address].left = True


def networks(run: Deployment, moto: Moto, region: str) -> dict[str, Json]:
    """Who reaches whom, by configuration: in the networks that it made or was given."""
    from judges import reach

    made: dict[str, set[str]] = {}
    for resource in run.state():
        if resource["type"] == "aws_vpc" and resource["mode"] == "managed":
            made.setdefault(resource["module"].removeprefix("module."), set()).update(i["attributes"]["id"] for i in resource["instances"])
    given = {module: existing.networks(config.variables) for module, config in run.configs.items()}
    wanted = {config.name: made.get(module, set()) | given[module] for module, config in run.configs.items()}
    return {name: reach.read_network(moto.endpoint, region, vpcs) for name, vpcs in wanted.items() if vpcs}


@dataclass
class Outcome:
    """What was found out of a batch, by configuration."""

    problems: dict[str, list[str]]
    networks: dict[str, Json]
    seconds: dict[str, float]


def deploy(configs: list[Config], folders: dict[str, Path]) -> Outcome:
    """The whole life of a batch; `folders` are the cases, where what exists before them is stated."""
    region, found = configs[0].region, {}
    with scratch("apply") as root, moto_server(root) as moto:
        for config in configs:
            given = existing.make(folders[config.name], moto.endpoint, region)
            config.variables |= inputs.known(given, config.variables)
            tf_root.place(root, config)
        tf_root.write_root(root, configs)
        terraform = Terraform(root, find_plugin_dir(), offline_env(moto.endpoint, region))
        run = Deployment(root, terraform, {config.module: config for config in configs})
        ran = terraform.init(backend=True)
        if ran.rc != 0:
            raise ToolMissing(f"terraform init: {ran.text[:2000]}")
        first = plan(run, "first.tfplan")
        if first is not None:
            run.rows = {address: Row(address) for address in changes(first)}
            apply(run)
            found = networks(run, moto, region)
            replan(run)
            lift_protection(moto, region)
            tf_root.lift_guards(root)
            destroy(run)
        return Outcome({c.name: run.problems(c.module) for c in configs}, found, run.seconds)
