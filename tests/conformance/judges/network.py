"""The placed things of a live endpoint: subnets and their routes, groups and their rules, components."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from judges.moto import boto_client

ANY_V4 = "0.0.0.0/0"
Json = dict[str, Any]


@dataclass
class Subnet:
    id: str
    name: str
    vpc: str
    cidr: str
    az: str
    auto_public_ip: bool
    route: str = "none"
    via: str = ""
    problem: str = ""
    gateway_endpoints: list[str] = field(default_factory=list)


@dataclass
class Rule:
    """One security group permission, narrowed to a single peer."""

    protocol: str
    first: int
    last: int
    group: str = ""
    cidr: str = ""
    prefix_list: str = ""


@dataclass
class Group:
    id: str
    name: str
    vpc: str
    ingress: list[Rule]
    egress: list[Rule]


@dataclass
class Component:
    kind: str
    name: str
    groups: list[str]
    subnets: list[str]
    public_ip: bool = False
    port: int | None = None
    vpc: str = ""
    route: str = "none"

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.name}"


@dataclass
class Aws:
    endpoint: str
    region: str

    def client(self, service: str) -> Any:
        return boto_client(service, self.endpoint, self.region)

    def all(self, service: str, operation: str, key: str, **args: Any) -> list[Any]:
        """Every item of a (possibly paginated) list operation."""
        client = self.client(service)
        if client.can_paginate(operation):
            pages = client.get_paginator(operation).paginate(**args)
            return [item for page in pages for item in page.get(key) or []]
        return list(getattr(client, operation)(**args).get(key) or [])


def tag_name(item: Json, fallback: str) -> str:
    tags = item.get("Tags") or item.get("TagList") or []
    return next((t["Value"] for t in tags if t.get("Key") == "Name"), fallback)


def read_subnets(aws: Aws) -> dict[str, Subnet]:
    found = {}
    for item in aws.all("ec2", "describe_subnets", "Subnets"):
        if item.get("DefaultForAz"):
            continue
        name = tag_name(item, item["SubnetId"])
        found[item["SubnetId"]] = Subnet(
            item["SubnetId"], name, item["VpcId"], item["CidrBlock"], item["AvailabilityZone"], item["MapPublicIpOnLaunch"]
        )
    return found


def table_of(subnet: Subnet, tables: list[Json]) -> Json | None:
    """The explicitly associated route table, else the VPC's main one."""
    main = None
    for table in tables:
        for link in table.get("Associations", []):
            if link.get("SubnetId") == subnet.id:
                return table
            if link.get("Main") and table["VpcId"] == subnet.vpc:
                main = table
    return main


def default_route(table: Json | None) -> Json:
    routes = (table or {}).get("Routes", [])
    return next((r for r in routes if r.get("DestinationCidrBlock") == ANY_V4 and r.get("State", "active") == "active"), {})


def classify_routes(aws: Aws, subnets: dict[str, Subnet]) -> None:
    tables = aws.all("ec2", "describe_route_tables", "RouteTables")
    gateways = {g["InternetGatewayId"]: g for g in aws.all("ec2", "describe_internet_gateways", "InternetGateways")}
    nats = {n["NatGatewayId"]: n for n in aws.all("ec2", "describe_nat_gateways", "NatGateways")}
    endpoints = [e for e in aws.all("ec2", "describe_vpc_endpoints", "VpcEndpoints") if e["VpcEndpointType"] == "Gateway"]
    for subnet in subnets.values():
        table = table_of(subnet, tables)
        route = default_route(table)
        gateway, nat = route.get("GatewayId") or "", route.get("NatGatewayId") or ""
        if gateway.startswith("igw-"):
            attached = [a["VpcId"] for a in gateways.get(gateway, {}).get("Attachments", [])]
            subnet.route, subnet.via = "igw", gateway
            subnet.problem = "" if subnet.vpc in attached else "internet gateway not attached to this vpc"
        elif nat:
            subnet.route, subnet.via = "nat", nat
        if table:
            subnet.gateway_endpoints = [e["ServiceName"] for e in endpoints if table["RouteTableId"] in e.get("RouteTableIds", [])]
    for subnet in subnets.values():
        if subnet.route == "nat":
            home = subnets.get(nats.get(subnet.via, {}).get("SubnetId", ""))
            if not home or home.route != "igw":
                subnet.problem = "nat gateway is not in a public subnet"


def read_rules(permissions: Iterable[Json]) -> Iterator[Rule]:
    for p in permissions:
        protocol = str(p["IpProtocol"])
        first, last = (p.get("FromPort", 0), p.get("ToPort", 65535)) if protocol != "-1" else (0, 65535)
        for pair in p.get("UserIdGroupPairs", []):
            yield Rule(protocol, first, last, group=pair.get("GroupId", ""))
        for block in p.get("IpRanges", []):
            yield Rule(protocol, first, last, cidr=block["CidrIp"])
        for prefix in p.get("PrefixListIds", []):
            yield Rule(protocol, first, last, prefix_list=prefix["PrefixListId"])


def read_groups(aws: Aws) -> dict[str, Group]:
    found = {}
    for item in aws.all("ec2", "describe_security_groups", "SecurityGroups"):
        rules = list(read_rules(item["IpPermissions"])), list(read_rules(item["IpPermissionsEgress"]))
        found[item["GroupId"]] = Group(item["GroupId"], tag_name(item, item["GroupName"]), item["VpcId"], *rules)
    return found


def instances(aws: Aws) -> Iterator[Component]:
    for reservation in aws.all("ec2", "describe_instances", "Reservations"):
        for item in reservation["Instances"]:
            if item["State"]["Name"] in ("terminated", "shutting-down"):
                continue
            groups = [g["GroupId"] for g in item["SecurityGroups"]]
            public = bool(item.get("PublicIpAddress"))
            yield Component("instance", tag_name(item, item["InstanceId"]), groups, [item["SubnetId"]], public)


def ecs_services(aws: Aws) -> Iterator[Component]:
    client = aws.client("ecs")
    for cluster in aws.all("ecs", "list_clusters", "clusterArns"):
        arns = aws.all("ecs", "list_services", "serviceArns", cluster=cluster)
        for start in range(0, len(arns), 10):
            for item in client.describe_services(cluster=cluster, services=arns[start : start + 10])["services"]:
                net = (item.get("networkConfiguration") or {}).get("awsvpcConfiguration") or {}
                public = net.get("assignPublicIp") == "ENABLED"
                yield Component("ecs", item["serviceName"], net.get("securityGroups", []), net.get("subnets", []), public)


def scheduled_tasks(aws: Aws) -> Iterator[Component]:
    client = aws.client("scheduler")
    for item in aws.all("scheduler", "list_schedules", "Schedules"):
        target = client.get_schedule(Name=item["Name"], GroupName=item["GroupName"])["Target"]
        net = (target.get("EcsParameters") or {}).get("NetworkConfiguration", {})
        net = net.get("awsvpcConfiguration") or net.get("AwsvpcConfiguration") or {}
        if net:
            yield Component("schedule", item["Name"], net.get("SecurityGroups", []), net.get("Subnets", []))


def lambdas(aws: Aws) -> Iterator[Component]:
    for item in aws.all("lambda", "list_functions", "Functions"):
        net = item.get("VpcConfig") or {}
        if net.get("SubnetIds"):
            yield Component("lambda", item["FunctionName"], net["SecurityGroupIds"], net["SubnetIds"])


def databases(aws: Aws) -> Iterator[Component]:
    places = {
        g["DBSubnetGroupName"]: [s["SubnetIdentifier"] for s in g["Subnets"]] for g in aws.all("rds", "describe_db_subnet_groups", "DBSubnetGroups")
    }
    clusters = {c["DBClusterIdentifier"]: c for c in aws.all("rds", "describe_db_clusters", "DBClusters")}
    for name, item in clusters.items():
        groups = [g["VpcSecurityGroupId"] for g in item.get("VpcSecurityGroups", [])]
        yield Component("rdscluster", name, groups, places.get(item.get("DBSubnetGroup", ""), []), port=item.get("Port"))
    for item in aws.all("rds", "describe_db_instances", "DBInstances"):
        if item.get("DBClusterIdentifier"):
            continue  # its network is the cluster's
        groups = [g["VpcSecurityGroupId"] for g in item.get("VpcSecurityGroups", [])]
        where = places.get((item.get("DBSubnetGroup") or {}).get("DBSubnetGroupName", ""), [])
        port = (item.get("Endpoint") or {}).get("Port")
        yield Component("rds", item["DBInstanceIdentifier"], groups, where, bool(item.get("PubliclyAccessible")), port)
    for item in aws.all("rds", "describe_db_proxies", "DBProxies"):
        yield Component("rdsproxy", item["DBProxyName"], item["VpcSecurityGroupIds"], item["VpcSubnetIds"])


def caches(aws: Aws) -> Iterator[Component]:
    places = {
        g["CacheSubnetGroupName"]: [s["SubnetIdentifier"] for s in g["Subnets"]]
        for g in aws.all("elasticache", "describe_cache_subnet_groups", "CacheSubnetGroups")
    }
    seen = set()
    for item in aws.all("elasticache", "describe_cache_clusters", "CacheClusters"):
        name = item.get("ReplicationGroupId") or item["CacheClusterId"]
        if name in seen:
            continue
        seen.add(name)
        groups = [g["SecurityGroupId"] for g in item.get("SecurityGroups", [])]
        yield Component("cache", name, groups, places.get(item.get("CacheSubnetGroupName", ""), []), port=item.get("Port") or 6379)


def load_balancers(aws: Aws) -> Iterator[Component]:
    for item in aws.all("elbv2", "describe_load_balancers", "LoadBalancers"):
        where = [z["SubnetId"] for z in item["AvailabilityZones"]]
        public = item.get("Scheme", "internet-facing") == "internet-facing"
        yield Component("lb", item["LoadBalancerName"], item.get("SecurityGroups", []), where, public)


def file_systems(aws: Aws) -> Iterator[Component]:
    client = aws.client("efs")
    for item in aws.all("efs", "describe_file_systems", "FileSystems"):
        mounts = client.describe_mount_targets(FileSystemId=item["FileSystemId"])["MountTargets"]
        groups: set[str] = set()
        for mount in mounts:
            groups |= set(client.describe_mount_target_security_groups(MountTargetId=mount["MountTargetId"])["SecurityGroups"])
        name = tag_name(item, item.get("Name") or item["FileSystemId"])
        yield Component("efs", name, sorted(groups), [m["SubnetId"] for m in mounts], port=2049)


def vpc_endpoints(aws: Aws) -> Iterator[Component]:
    for item in aws.all("ec2", "describe_vpc_endpoints", "VpcEndpoints"):
        if item["VpcEndpointType"] == "Interface":
            groups = [g["GroupId"] for g in item.get("Groups", [])]
            service = item["ServiceName"].removeprefix(f"com.amazonaws.{aws.region}.")
            yield Component("endpoint", service, groups, item.get("SubnetIds", []), port=443)


def vpc_links(aws: Aws) -> Iterator[Component]:
    for item in aws.all("apigatewayv2", "get_vpc_links", "Items"):
        yield Component("vpclink", item["Name"], item["SecurityGroupIds"], item["SubnetIds"])


READERS = (
    instances, ecs_services, scheduled_tasks, lambdas, databases, caches,
    load_balancers, file_systems, vpc_endpoints, vpc_links,
)  # fmt: skip


def read_components(aws: Aws, subnets: dict[str, Subnet], warnings: list[str]) -> list[Component]:
    found = []
    for reader in READERS:
        try:
            found += list(reader(aws))
        except Exception as problem:  # a service moto lacks must not hide the rest
            warnings.append(f"{reader.__name__}: {type(problem).__name__}: {problem}")
    for item in found:
        places = [subnets[s] for s in item.subnets if s in subnets]
        routes = {p.route for p in places if not p.problem}
        item.vpc = places[0].vpc if places else ""
        item.route = routes.pop() if len(routes) == 1 and not any(p.problem for p in places) else "mixed" if places else "none"
        if item.kind == "instance" and places and places[0].auto_public_ip:
            item.public_ip = True
        if not item.groups:
            warnings.append(f"{item.key}: no security group")
        warnings += [f"{item.key}: unknown subnet {s}" for s in item.subnets if s not in subnets]
    return sorted(found, key=lambda c: c.key)
