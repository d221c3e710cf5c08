"""Who can talk to whom, computed from a live (moto) endpoint with boto3 only.

Usage: python3 -m judges.reach --endpoint http://127.0.0.1:PORT [--region R] [--json] [--out FILE]
       python3 -m judges.reach --cfn FILE [--param k=v ...]     deploys to a private moto first
       ... --query SRC:DST:PROTO:PORT  (repeatable; prints allow/deny, exit 1 if any is denied)
       ... --expect FILE               (JSON list of {source,destination,protocol,port,allowed})

It never looks at the source that produced the deployment. Answers:
  subnets     route class: "igw" (inbound capable), "nat" (outbound only) or "none"
  components  every placed thing: security groups, subnets, route class, public exposure
  allow       (source, destination, protocol, port range) open in the source's egress AND the
              destination's ingress; everything absent is denied. "internet" is a pseudo
              component: inbound needs a public address and an igw route, outbound a nat or
              igw route.
Names are KIND:NAME (Name tag, else the resource's own name); a bare NAME works when unique.
Not evaluated: network ACLs other than the default (listed under `custom_nacls`), peering.
"""

from __future__ import annotations

import argparse
import ipaddress
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from judges.network import ANY_V4, Aws, Component, Group, Json, Rule, Subnet, classify_routes, read_components, read_groups, read_subnets
from judges.tools import Report, ToolMissing, finish, scratch, stop_on_sigterm

INTERNET = "internet"


@dataclass(frozen=True)
class Opening:
    protocol: str
    first: int
    last: int


def overlap(a: Rule, b: Rule) -> Opening | None:
    """The traffic that both rules permit."""
    if "-1" not in (a.protocol, b.protocol) and a.protocol != b.protocol:
        return None
    protocol = b.protocol if a.protocol == "-1" else a.protocol
    first, last = max(a.first, b.first), min(a.last, b.last)
    return Opening(protocol, first, last) if first <= last else None


def covers(cidr: str, subnets: list[Subnet]) -> bool:
    """Every subnet of the peer lies inside the block."""
    block = ipaddress.ip_network(cidr, strict=False)
    return bool(subnets) and all(ipaddress.ip_network(s.cidr).subnet_of(block) for s in subnets)


@dataclass
class Network:
    subnets: dict[str, Subnet]
    groups: dict[str, Group]
    components: list[Component]

    def places(self, item: Component) -> list[Subnet]:
        return [self.subnets[s] for s in item.subnets if s in self.subnets]

    def rules(self, item: Component, direction: str) -> list[Rule]:
        held = [self.groups[g] for g in item.groups if g in self.groups]
        return [rule for group in held for rule in getattr(group, direction)]

    def matches(self, rule: Rule, peer: Component) -> bool:
        if rule.group:
            return rule.group in peer.groups
        return bool(rule.cidr) and covers(rule.cidr, self.places(peer))

    def between(self, source: Component, target: Component) -> set[Opening]:
        if source.vpc != target.vpc or not source.vpc:
            return set()
        out = [r for r in self.rules(source, "egress") if self.matches(r, target)]
        into = [r for r in self.rules(target, "ingress") if self.matches(r, source)]
        return {o for e in out for i in into if (o := overlap(e, i))}

    def from_internet(self, target: Component) -> set[Opening]:
        """Inbound: public address, igw route in every subnet, and a rule open to public addresses."""
        if not target.public_ip or target.route != "igw":
            return set()
        return {Opening(r.protocol, r.first, r.last) for r in self.rules(target, "ingress") if is_public(r.cidr)}

    def to_internet(self, source: Component) -> set[Opening]:
        routed = source.route == "nat" or (source.route == "igw" and source.public_ip)
        if not routed:
            return set()
        return {Opening(r.protocol, r.first, r.last) for r in self.rules(source, "egress") if is_public(r.cidr)}


def is_public(cidr: str) -> bool:
    """The block includes addresses outside the private ranges."""
    return bool(cidr) and (cidr == ANY_V4 or ipaddress.ip_network(cidr, strict=False).is_global)


def openings(source: str, target: str, found: set[Opening]) -> Iterator[Json]:
    for o in sorted(found, key=lambda o: (o.protocol, o.first, o.last)):
        yield {"source": source, "destination": target, "protocol": o.protocol, "from_port": o.first, "to_port": o.last}


def matrix(net: Network) -> list[Json]:
    rows: list[Json] = []
    for source in net.components:
        for target in net.components:
            if source is not target:
                rows += openings(source.key, target.key, net.between(source, target))
        rows += openings(source.key, INTERNET, net.to_internet(source))
        rows += openings(INTERNET, source.key, net.from_internet(source))
    return rows


def orphan_references(net: Network) -> list[str]:
    known = set(net.groups)
    used = {g for c in net.components for g in c.groups}
    missing = {r.group for g in net.groups.values() for r in g.ingress + g.egress if r.group and r.group not in known}
    return sorted(missing | (used - known))


def read_network(endpoint: str, region: str, vpcs: set[str] | None = None) -> Json:
    """The whole answer, as JSON-ready data; of some networks only, if they are given."""
    aws = Aws(endpoint, region)
    warnings: list[str] = []
    subnets = read_subnets(aws)
    classify_routes(aws, subnets)
    groups = read_groups(aws)
    components = read_components(aws, subnets, warnings)
    if vpcs is not None:
        subnets = {key: subnet for key, subnet in subnets.items() if subnet.vpc in vpcs}
        groups = {key: group for key, group in groups.items() if group.vpc in vpcs}
        components = [component for component in components if component.vpc in vpcs]
    net = Network(subnets, groups, components)
    nacls = [n["NetworkAclId"] for n in aws.all("ec2", "describe_network_acls", "NetworkAcls") if not n["IsDefault"]]
    return {
        "region": region,
        "subnets": [asdict(s) for s in sorted(subnets.values(), key=lambda s: s.name)],
        "components": [asdict(c) | {"key": c.key, "group_names": [groups[g].name for g in c.groups if g in groups]} for c in net.components],
        "allow": matrix(net),
        "dangling_groups": orphan_references(net),
        "custom_nacls": nacls,
        "warnings": warnings,
    }


def made_networks(endpoint: str, region: str) -> set[str]:
    """Every network but the one that each account has."""
    return {vpc["VpcId"] for vpc in Aws(endpoint, region).all("ec2", "describe_vpcs", "Vpcs") if not vpc["IsDefault"]}


def resolve(answer: Json, name: str) -> str:
    keys = [c["key"] for c in answer["components"]] + [INTERNET]
    if name in keys:
        return name
    hits = [k for k in keys if k.split(":", 1)[-1] == name]
    if len(hits) != 1:
        raise ToolMissing(f"component {name!r}: {'ambiguous ' + str(hits) if hits else 'unknown'}; known: {keys}")
    return hits[0]


def allowed(answer: Json, source: str, target: str, protocol: str, port: int) -> bool:
    a, b = resolve(answer, source), resolve(answer, target)
    return any(
        row["source"] == a and row["destination"] == b and row["protocol"] in (protocol, "-1") and row["from_port"] <= port <= row["to_port"]
        for row in answer["allow"]
    )


def ask(answer: Json, queries: list[str], expect: Path | None, report: Report) -> None:
    for query in queries:
        started = time.monotonic()
        *names, protocol, port = query.split(":")
        middle = next((i for i in range(1, len(names)) if _splits(answer, names, i)), 1)
        source, target = ":".join(names[:middle]), ":".join(names[middle:])
        report.add(query, allowed(answer, source, target, protocol, int(port)), started)
    for item in json.loads(expect.read_text()) if expect else []:
        started = time.monotonic()
        got = allowed(answer, item["source"], item["destination"], item.get("protocol", "tcp"), item["port"])
        label = f"{item['source']}->{item['destination']}:{item['port']}"
        report.add(label, got == item["allowed"], started, f"expected {item['allowed']}, got {got}")


def _splits(answer: Json, names: list[str], at: int) -> bool:
    try:
        resolve(answer, ":".join(names[:at]))
        resolve(answer, ":".join(names[at:]))
    except ToolMissing:
        return False
    return True


def describe(answer: Json) -> str:
    lines = [f"subnet {s['name']:<14} {s['cidr']:<18} {s['route']:<5} {s['problem']}" for s in answer["subnets"]]
    for row in answer["allow"]:
        ports = f"{row['from_port']}-{row['to_port']}" if row["from_port"] != row["to_port"] else str(row["from_port"])
        lines.append(f"allow  {row['source']:<24} -> {row['destination']:<26} {row['protocol']} {ports}")
    return "\n".join(lines + [f"warn   {w}" for w in answer["warnings"]])


def deployed(args: argparse.Namespace) -> Json:
    if args.endpoint:
        return read_network(args.endpoint, args.region)
    with scratch("reach") as work:
        out = work / "reach.json"
        from judges import cfn_deploy

        report = cfn_deploy.deploy(args.cfn, dict(p.split("=", 1) for p in args.param), args.region, reach_out=out)
        if not out.exists():
            raise ToolMissing(f"deployment failed: {json.dumps([asdict(s) for s in report.steps], default=str)[:3000]}")
        return json.loads(out.read_text())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    origin = parser.add_mutually_exclusive_group(required=True)
    origin.add_argument("--endpoint")
    origin.add_argument("--cfn", type=Path, metavar="FILE")
    origin.add_argument("--answer", type=Path, metavar="FILE", help="a previous --out file")
    parser.add_argument("--param", action="append", default=[])
    parser.add_argument("--region", default="us-east-1")
    parser.add_argument("--query", action="append", default=[], metavar="SRC:DST:PROTO:PORT")
    parser.add_argument("--expect", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    stop_on_sigterm()
    started = time.monotonic()
    answer = json.loads(args.answer.read_text()) if args.answer else deployed(args)
    report = Report("reach", str(args.endpoint or args.cfn or args.answer), data=answer)
    report.add("read", not answer["dangling_groups"], started, answer["dangling_groups"] or None)
    ask(answer, args.query, args.expect, report)
    if args.out:
        args.out.write_text(json.dumps(answer, indent=2))
    return finish(report, args.json, describe(answer))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ToolMissing as problem:
        sys.exit(f"reach: {problem}")
