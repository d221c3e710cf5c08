"""CloudFormation types moto ignores, created through moto's own APIs (used by moto_shim).

Stock moto silently skips any type without a CloudFormation model, then fails every
Fn::GetAtt on it. Here each such type becomes an API call (table CALLS, or a function in
CUSTOM), with parameters matched to the botocore input shape; a type in neither becomes a
stub whose Ref/GetAtt are made-up strings. Each outcome is logged as
`conform-cfn created|stub|dropped ...` and reported by cfn_deploy.
"""

from __future__ import annotations

import ipaddress
import json
import secrets
import string
import sys
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
ENDPOINT = {"url": ""}

# type -> (service, operation, path of the physical id in the response, {property: parameter}, name parameter)
CALLS: dict[str, tuple[str, str, str, dict[str, str], str]] = {
    "ApiGatewayV2::Api": ("apigatewayv2", "create_api", "ApiId", {}, "Name"),
    "ApiGatewayV2::ApiMapping": ("apigatewayv2", "create_api_mapping", "ApiMappingId", {}, ""),
    "ApiGatewayV2::Authorizer": ("apigatewayv2", "create_authorizer", "AuthorizerId", {}, "Name"),
    "ApiGatewayV2::DomainName": ("apigatewayv2", "create_domain_name", "DomainName", {}, ""),
    "ApiGatewayV2::Integration": ("apigatewayv2", "create_integration", "IntegrationId", {}, ""),
    "ApiGatewayV2::Route": ("apigatewayv2", "create_route", "RouteId", {}, ""),
    "ApiGatewayV2::Stage": ("apigatewayv2", "create_stage", "StageName", {}, ""),
    "ApiGatewayV2::VpcLink": ("apigatewayv2", "create_vpc_link", "VpcLinkId", {}, "Name"),
    "CertificateManager::Certificate": ("acm", "request_certificate", "CertificateArn", {"DomainValidationOptions": ""}, ""),
    "CloudFront::Distribution": ("cloudfront", "create_distribution", "Distribution.Id", {}, ""),
    "CloudFront::OriginAccessControl": ("cloudfront", "create_origin_access_control", "OriginAccessControl.Id", {}, ""),
    "CloudWatch::Alarm": ("cloudwatch", "put_metric_alarm", "=AlarmName", {}, "AlarmName"),
    "Cognito::UserPool": ("cognito-idp", "create_user_pool", "UserPool.Id", {"UserPoolName": "PoolName"}, "PoolName"),
    "Cognito::UserPoolClient": ("cognito-idp", "create_user_pool_client", "UserPoolClient.ClientId", {}, "ClientName"),
    "Cognito::UserPoolDomain": ("cognito-idp", "create_user_pool_domain", "=Domain", {}, ""),
    "Cognito::UserPoolGroup": ("cognito-idp", "create_group", "Group.GroupName", {}, "GroupName"),
    "EC2::EIP": ("ec2", "allocate_address", "PublicIp", {}, ""),
    "EC2::NatGateway": ("ec2", "create_nat_gateway", "NatGateway.NatGatewayId", {}, ""),
    "EC2::Route": ("ec2", "create_route", "=RouteTableId", {}, ""),
    "EC2::RouteTable": ("ec2", "create_route_table", "RouteTable.RouteTableId", {}, ""),
    "EC2::SubnetRouteTableAssociation": ("ec2", "associate_route_table", "AssociationId", {}, ""),
    "EC2::VPCEndpoint": ("ec2", "create_vpc_endpoint", "VpcEndpoint.VpcEndpointId", {}, ""),
    "EC2::VPCGatewayAttachment": ("ec2", "attach_internet_gateway", "=InternetGatewayId", {}, ""),
    "ECS::Service": ("ecs", "create_service", "service.serviceArn", {}, "serviceName"),
    "ECS::TaskDefinition": ("ecs", "register_task_definition", "taskDefinition.taskDefinitionArn", {}, "family"),
    "ElastiCache::ReplicationGroup": ("elasticache", "create_replication_group", "ReplicationGroup.ReplicationGroupId", {}, "ReplicationGroupId"),
    "ElastiCache::SubnetGroup": ("elasticache", "create_cache_subnet_group", "CacheSubnetGroup.CacheSubnetGroupName", {"Description": "CacheSubnetGroupDescription"}, "CacheSubnetGroupName"),
    "Events::EventBus": ("events", "create_event_bus", "=Name", {}, "Name"),
    "IAM::OIDCProvider": ("iam", "create_open_id_connect_provider", "OpenIDConnectProviderArn", {}, ""),
    "RDS::DBCluster": ("rds", "create_db_cluster", "DBCluster.DBClusterIdentifier", {}, "DBClusterIdentifier"),
    "RDS::DBInstance": ("rds", "create_db_instance", "DBInstance.DBInstanceIdentifier", {"VPCSecurityGroups": "VpcSecurityGroupIds"}, "DBInstanceIdentifier"),
    "RDS::DBParameterGroup": ("rds", "create_db_parameter_group", "DBParameterGroup.DBParameterGroupName", {"Family": "DBParameterGroupFamily", "Parameters": ""}, "DBParameterGroupName"),
    "RDS::DBProxy": ("rds", "create_db_proxy", "DBProxy.DBProxyName", {}, "DBProxyName"),
    "RDS::DBProxyTargetGroup": ("rds", "register_db_proxy_targets", "=DBProxyName", {}, ""),
    "RDS::DBSubnetGroup": ("rds", "create_db_subnet_group", "DBSubnetGroup.DBSubnetGroupName", {}, "DBSubnetGroupName"),
    "S3::BucketPolicy": ("s3", "put_bucket_policy", "=Bucket", {"PolicyDocument": "Policy"}, ""),
    "SES::EmailIdentity": ("sesv2", "create_email_identity", "=EmailIdentity", {"DkimAttributes": ""}, ""),
    "Scheduler::Schedule": ("scheduler", "create_schedule", "=Name", {}, "Name"),
    "Scheduler::ScheduleGroup": ("scheduler", "create_schedule_group", "=Name", {}, "Name"),
    "SecretsManager::RotationSchedule": ("secretsmanager", "rotate_secret", "ARN", {}, ""),
    "ServiceDiscovery::Service": ("servicediscovery", "create_service", "Service.Id", {}, "Name"),
    "WAFv2::WebACL": ("wafv2", "create_web_acl", "Summary.Id", {}, "Name"),
    "WAFv2::WebACLAssociation": ("wafv2", "associate_web_acl", "=ResourceArn", {}, ""),
    "ApplicationAutoScaling::ScalableTarget": ("application-autoscaling", "register_scalable_target", "=ResourceId", {}, ""),
}  # fmt: skip

# Fn::GetAtt NAME -> path in the response, where a search by name would not find it.
ATTRIBUTES: dict[str, dict[str, str]] = {
    "ECS::Service": {"Name": "service.serviceName", "ServiceArn": "service.serviceArn"},
    "ElastiCache::ReplicationGroup": {
        "PrimaryEndPoint.Address": "ReplicationGroup.NodeGroups.0.PrimaryEndpoint.Address",
        "PrimaryEndPoint.Port": "ReplicationGroup.NodeGroups.0.PrimaryEndpoint.Port",
        "ReaderEndPoint.Address": "ReplicationGroup.NodeGroups.0.ReaderEndpoint.Address",
    },
    "RDS::DBInstance": {
        "Endpoint.Address": "DBInstance.Endpoint.Address",
        "Endpoint.Port": "DBInstance.Endpoint.Port",
        "MasterUserSecret.SecretArn": "DBInstance.MasterUserSecret.SecretArn",
    },
    "RDS::DBCluster": {
        "Endpoint.Address": "DBCluster.Endpoint",
        "ReadEndpoint.Address": "DBCluster.ReaderEndpoint",
        "Endpoint.Port": "DBCluster.Port",
        "MasterUserSecret.SecretArn": "DBCluster.MasterUserSecret.SecretArn",
    },
}


def log(*parts: object) -> None:
    print("conform-cfn", *parts, file=sys.stderr, flush=True)


def client(service: str, region: str) -> Any:
    from judges.moto import boto_client

    return boto_client(service, ENDPOINT["url"], region)


def as_list(tags: Any) -> Any:
    return [{"Key": k, "Value": v} for k, v in tags.items()] if isinstance(tags, dict) else tags


def fit(value: Any, shape: Any, where: str) -> Any:
    """Convert a CloudFormation value to what a botocore shape wants; unknown keys are dropped and logged."""
    kind = shape.type_name
    if kind == "structure":
        return fit_structure(value, shape, where)
    if kind == "list":
        value = as_list(value) if shape.member.type_name == "structure" else value
        return [fit(v, shape.member, where) for v in (value if isinstance(value, list) else [value])]
    if kind == "map":
        pairs = {t["Key"]: t["Value"] for t in value} if isinstance(value, list) else value
        return {k: fit(v, shape.value, where) for k, v in pairs.items()}
    if kind in ("integer", "long"):
        return int(value)
    if kind in ("float", "double"):
        return float(value)
    if kind == "boolean":
        return value if isinstance(value, bool) else str(value).lower() == "true"
    if kind == "string":
        return json.dumps(value) if isinstance(value, (dict, list)) else str(value)
    return value


def fit_structure(value: Any, shape: Any, where: str) -> Any:
    members = {name.casefold(): name for name in shape.members}
    if isinstance(value, list) and {"quantity", "items"} <= set(members):  # CloudFront lists
        return {"Quantity": len(value), "Items": fit(value, shape.members["Items"], where)}
    out = {}
    for key, item in value.items():
        name = members.get(key.casefold())
        if key == "Locations" and "items" in members:  # CloudFront's countries
            name = "Items"
        if name:
            out[name] = fit(item, shape.members[name], f"{where}.{key}")
        else:
            log("dropped", f"{where}.{key}")
    if "Quantity" in shape.required_members and "Quantity" not in out:
        out["Quantity"] = len(out.get("Items", []))
    return out


def parameters(api: Any, operation: str, properties: Json, renames: dict[str, str], where: str) -> Json:
    renamed = {renames.get(k, k): v for k, v in properties.items() if renames.get(k, k)}
    name = api.meta.method_to_api_mapping[operation]
    return fit(renamed, api.meta.service_model.operation_model(name).input_shape, where)


def dig(body: Any, path: str) -> Any:
    for part in path.split("."):
        try:
            body = body[int(part)] if part.isdigit() else body.get(part)
        except (AttributeError, IndexError, TypeError):
            return None
    return body


def search(body: Any, name: str) -> Any:
    """The first value whose key is `name` (ignoring case, or with a prefix: Arn ~ DBProxyArn)."""
    if isinstance(body, dict):
        for exact in (True, False):
            for key, value in body.items():
                low, want = key.casefold(), name.casefold()
                if not isinstance(value, (dict, list)) and (low == want or (not exact and low.endswith(want))):
                    return value
        for value in body.values():
            found = search(value, name)
            if found is not None:
                return found
    return None


Made = tuple[str, Json]  # physical id, attributes


def permission(rule: Json, group_key: str) -> Json:
    out: Json = {"IpProtocol": str(rule["IpProtocol"])}
    if out["IpProtocol"] != "-1":
        out |= {"FromPort": int(rule["FromPort"]), "ToPort": int(rule["ToPort"])}
    note = {"Description": rule["Description"]} if rule.get("Description") else {}
    if rule.get(group_key):
        out["UserIdGroupPairs"] = [{"GroupId": rule[group_key]} | note]
    for key, field, member in (("CidrIp", "IpRanges", "CidrIp"), ("CidrIpv6", "Ipv6Ranges", "CidrIpv6")):
        if rule.get(key):
            out[field] = [{member: rule[key]} | note]
    for key in ("SourcePrefixListId", "DestinationPrefixListId"):
        if rule.get(key):
            out["PrefixListIds"] = [{"PrefixListId": rule[key]} | note]
    return out


def security_group(p: Json, name: str, region: str) -> Made:
    """Inline egress is honoured, and -1 needs no ports (stock moto gets both wrong)."""
    ec2 = client("ec2", region)
    extra = {"VpcId": p["VpcId"]} if p.get("VpcId") else {}
    group = ec2.create_security_group(GroupName=p.get("GroupName", name), Description=p["GroupDescription"], **extra)["GroupId"]
    if p.get("Tags"):
        ec2.create_tags(Resources=[group], Tags=p["Tags"])
    if p.get("SecurityGroupEgress"):
        held = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissionsEgress"]
        if held:
            ec2.revoke_security_group_egress(GroupId=group, IpPermissions=held)
    for rule in p.get("SecurityGroupEgress", []):
        ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[permission(rule, "DestinationSecurityGroupId")])
    for rule in p.get("SecurityGroupIngress", []):
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission(rule, "SourceSecurityGroupId")])
    return group, {"GroupId": group, "Id": group, "VpcId": p.get("VpcId", "")}


def security_group_egress(p: Json, name: str, region: str) -> Made:
    """A standalone egress rule also displaces the default allow-all, as in CloudFormation."""
    ec2 = client("ec2", region)
    everything = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    held = ec2.describe_security_groups(GroupIds=[p["GroupId"]])["SecurityGroups"][0]["IpPermissionsEgress"]
    defaults = [h for h in held if h["IpProtocol"] == "-1" and [r["CidrIp"] for r in h["IpRanges"]] == ["0.0.0.0/0"]]
    if defaults and not any(r.get("Description") for r in defaults[0]["IpRanges"]):
        ec2.revoke_security_group_egress(GroupId=p["GroupId"], IpPermissions=everything)
    answer = ec2.authorize_security_group_egress(GroupId=p["GroupId"], IpPermissions=[permission(p, "DestinationSecurityGroupId")])
    return answer["SecurityGroupRules"][0]["SecurityGroupRuleId"] if answer.get("SecurityGroupRules") else name, {}


def security_group_ingress(p: Json, name: str, region: str) -> Made:
    client("ec2", region).authorize_security_group_ingress(GroupId=p["GroupId"], IpPermissions=[permission(p, "SourceSecurityGroupId")])
    return name, {"Id": name}


def instance(p: Json, name: str, region: str) -> Made:
    ec2 = client("ec2", region)
    direct = {k: p[k] for k in ("ImageId", "InstanceType", "SubnetId", "SecurityGroupIds", "UserData") if k in p}
    made = ec2.run_instances(MinCount=1, MaxCount=1, **direct)["Instances"][0]
    if p.get("Tags"):
        ec2.create_tags(Resources=[made["InstanceId"]], Tags=p["Tags"])
    return made["InstanceId"], {"": made, "PrivateIp": made.get("PrivateIpAddress"), "PublicIp": made.get("PublicIpAddress")}


def secret(p: Json, name: str, region: str) -> Made:
    value = p.get("SecretString", "")
    spec = p.get("GenerateSecretString")
    if spec is not None:
        password = "".join(secrets.choice(string.ascii_letters) for _ in range(int(spec.get("PasswordLength", 32))))
        key = spec.get("GenerateStringKey")
        value = json.dumps(json.loads(spec.get("SecretStringTemplate", "{}")) | {key: password}) if key else password
    answer = client("secretsmanager", region).create_secret(Name=p.get("Name", name), SecretString=value or "conform")
    return answer["ARN"], {"Id": answer["ARN"]}


def log_group(p: Json, name: str, region: str) -> Made:
    """Creating a Lambda function on moto already made its log group; adopt it."""
    api, name = client("logs", region), p.get("LogGroupName", name)
    try:
        api.create_log_group(logGroupName=name)
    except api.exceptions.ResourceAlreadyExistsException:
        pass
    if p.get("RetentionInDays"):
        api.put_retention_policy(logGroupName=name, retentionInDays=int(p["RetentionInDays"]))
    return name, {"Arn": f"arn:aws:logs:{region}:123456789012:log-group:{name}:*"}


def queue_policy(p: Json, name: str, region: str) -> Made:
    sqs = client("sqs", region)
    for url in p["Queues"]:
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(p["PolicyDocument"])})
    return name, {}


def topic_policy(p: Json, name: str, region: str) -> Made:
    sns = client("sns", region)
    for arn in p["Topics"]:
        sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=json.dumps(p["PolicyDocument"]))
    return name, {}


def subscription(p: Json, name: str, region: str) -> Made:
    special = ("TopicArn", "Protocol", "Endpoint", "Region")
    attributes = {k: json.dumps(v) if not isinstance(v, str) else v for k, v in p.items() if k not in special}
    answer = client("sns", region).subscribe(
        TopicArn=p["TopicArn"], Protocol=p["Protocol"], Endpoint=p.get("Endpoint", ""), Attributes=attributes, ReturnSubscriptionArn=True
    )
    return answer["SubscriptionArn"], {}


def namespace(p: Json, name: str, region: str) -> Made:
    api = client("servicediscovery", region)
    api.create_private_dns_namespace(Name=p["Name"], Vpc=p["Vpc"])
    found = next(n for n in api.list_namespaces()["Namespaces"] if n["Name"] == p["Name"])
    return found["Id"], {"Arn": found["Arn"], "Id": found["Id"]}


def scaling_policy(p: Json, name: str, region: str) -> Made:
    api = client("application-autoscaling", region)
    properties = dict(p)
    if "ScalingTargetId" in properties:
        target = properties.pop("ScalingTargetId").split("|")[0]
        found = next(
            t
            for n in ("ecs", "rds", "dynamodb", "lambda")
            for t in api.describe_scalable_targets(ServiceNamespace=n)["ScalableTargets"]
            if t["ResourceId"] == target
        )
        properties |= {k: found[k] for k in ("ServiceNamespace", "ResourceId", "ScalableDimension")}
    answer = api.put_scaling_policy(**parameters(api, "put_scaling_policy", properties, {}, "ScalingPolicy"))
    return answer["PolicyARN"], {}


CUSTOM: dict[str, Callable[[Json, str, str], Made]] = {
    "EC2::Instance": instance,
    "EC2::SecurityGroup": security_group,
    "EC2::SecurityGroupEgress": security_group_egress,
    "EC2::SecurityGroupIngress": security_group_ingress,
    "SecretsManager::Secret": secret,
    "Logs::LogGroup": log_group,
    "SQS::QueuePolicy": queue_policy,
    "SNS::TopicPolicy": topic_policy,
    "SNS::Subscription": subscription,
    "ServiceDiscovery::PrivateDnsNamespace": namespace,
    "ApplicationAutoScaling::ScalingPolicy": scaling_policy,
}


def by_table(kind: str, properties: Json, name: str, region: str) -> Made:
    service, operation, id_path, renames, name_parameter = CALLS[kind]
    api = client(service, region)
    tags = properties.pop("Tags", None) if service == "ec2" else None
    wanted = parameters(api, operation, properties, renames, kind)
    if name_parameter:
        wanted.setdefault(name_parameter, name[:40])
    if kind == "CloudFront::Distribution":
        wanted["DistributionConfig"] = {"CallerReference": name, "Comment": ""} | wanted["DistributionConfig"]
    if kind == "Cognito::UserPool":
        wanted.pop("UserPoolName", None)
    answer = getattr(api, operation)(**wanted)
    answer.pop("ResponseMetadata", None)
    identifier = wanted[id_path[1:]] if id_path.startswith("=") else dig(answer, id_path)
    if tags:
        api.create_tags(Resources=[answer.get("AllocationId") or identifier], Tags=tags)
    known = {name: dig(answer, path) for name, path in ATTRIBUTES.get(kind, {}).items()}
    return str(identifier), {"": answer} | known


def make_model(kind: str) -> type:
    from moto.core.common_models import CloudFormationModel

    class Model(CloudFormationModel):
        __module__ = "moto.conform.models"  # moto's metaclass takes the service name from here

        def __init__(self, identifier: str, attributes: Json, logical_id: str):
            self.physical_resource_id = identifier
            self.attributes = attributes
            self.type = f"AWS::{kind}"
            self.made_for = logical_id

        @staticmethod
        def cloudformation_name_type() -> str:
            return ""

        @staticmethod
        def cloudformation_type() -> str:
            return f"AWS::{kind}"

        @classmethod
        def has_cfn_attr(cls, attr: str) -> bool:
            return True

        @classmethod
        def create_from_cloudformation_json(
            cls, resource_name: str, cloudformation_json: Json, account_id: str, region_name: str, **extra: Any
        ) -> Any:
            logical = extra.get("LogicalId", resource_name)
            properties = cloudformation_json.get("Properties") or {}
            if kind not in CUSTOM and kind not in CALLS:
                log("stub", logical, f"AWS::{kind}", "no adapter")
                return cls(resource_name, {}, logical)
            try:
                make = CUSTOM.get(kind) or (lambda p, n, r: by_table(kind, p, n, r))
                identifier, attributes = make(properties, resource_name, region_name)
            except Exception as problem:
                log("failed", logical, f"AWS::{kind}", f"{type(problem).__name__}: {' '.join(str(problem).split())}"[:400])
                return cls(resource_name, {}, logical)
            log("created", logical, f"AWS::{kind}", identifier)
            return cls(identifier, attributes, logical)

        @classmethod
        def update_from_cloudformation_json(cls, original_resource: Any, *_: Any, **__: Any) -> Any:
            return original_resource

        @classmethod
        def delete_from_cloudformation_json(cls, *_: Any, **__: Any) -> None:
            return None

        def delete(self, *_: Any, **__: Any) -> None:
            return None

        def is_created(self) -> bool:
            return True

        def get_cfn_attribute(self, name: str) -> Any:
            known = self.attributes.get(name)
            if known is None:
                known = search(self.attributes.get("", {}), name.split(".")[-1])
            if known is None and name.endswith("Arn"):
                known = f"arn:aws:conform:us-east-1:123456789012:{self.made_for}"
            return f"conform-{self.made_for}-{name}" if known is None else known

    Model.__name__ = kind.replace("::", "")
    return Model


def install(endpoint: str) -> None:
    """Register the adapters, and a stub model for any other type moto lacks."""
    from moto.cloudformation import parsing

    ENDPOINT["url"] = endpoint
    models = parsing.get_model_map()
    for kind in [*CUSTOM, *CALLS]:
        models[f"AWS::{kind}"] = make_model(kind)
    original = parsing.resource_class_from_type

    def resource_class_from_type(resource_type: str) -> Any:
        if resource_type.startswith("AWS::") and resource_type not in models and resource_type not in parsing.NULL_MODELS:
            models[resource_type] = make_model(resource_type.removeprefix("AWS::"))
        return original(resource_type)

    parsing.resource_class_from_type = resource_class_from_type
    parsing.ResourceMap.validate_outputs = lambda self: None  # cfn-lint knows the attributes better
    _log_native_failures(parsing)
    _add_functions(parsing)


def split_block(block: str, count: int, bits: int) -> list[str]:
    """Fn::Cidr: `count` blocks with `bits` host bits each."""
    prefix = 32 - bits
    return [str(n) for n, _ in zip(ipaddress.ip_network(block).subnets(new_prefix=prefix), range(count))]


def _add_functions(parsing: Any) -> None:
    """Fn::Cidr, which moto lacks; and a guess for attributes its native models do not know."""
    original = parsing.clean_json

    def clean_json(node: Any, resources: Any) -> Any:
        if isinstance(node, dict) and set(node) == {"Fn::Cidr"}:
            block, count, *bits = [original(part, resources) for part in node["Fn::Cidr"]]
            return split_block(block, int(count), int(bits[0]) if bits else 8)
        if isinstance(node, dict) and set(node) == {"Fn::GetAtt"}:
            return attribute(node, resources)
        return original(node, resources)

    def attribute(node: Json, resources: Any) -> Any:
        logical, name = node["Fn::GetAtt"][0], ".".join(map(str, node["Fn::GetAtt"][1:]))
        try:
            return original(node, resources)
        except Exception as problem:
            holder = resources.get(logical)
            if holder is None:
                raise
            guess = holder.physical_resource_id if name.endswith("Id") else f"conform-{logical}-{name}"
            log("guessed", f"{logical}.{name}", type(problem).__name__)
            return guess

    parsing.clean_json = clean_json


def _log_native_failures(parsing: Any) -> None:
    """A native moto model that crashes becomes a reported stub instead of failing the whole stack."""
    original = parsing.parse_and_create_resource

    def parse_and_create_resource(logical_id: str, resource_json: Json, *rest: Any, **extra: Any) -> Any:
        kind = resource_json["Type"].removeprefix("AWS::")
        try:
            made = original(logical_id, resource_json, *rest, **extra)
        except Exception as problem:
            log("failed", logical_id, f"AWS::{kind}", f"{type(problem).__name__}: {' '.join(str(problem).split())}"[:400])
            stub = make_model(kind)(f"conform-{logical_id}", {}, logical_id)
            stub.logical_resource_id, stub.cf_resource_type = logical_id, resource_json["Type"]
            return stub
        if made is not None and not hasattr(made, "made_for"):
            log("native", logical_id, f"AWS::{kind}", getattr(made, "physical_resource_id", ""))
        return made

    parsing.parse_and_create_resource = parse_and_create_resource
