"""moto server launcher: moto_server, plus the fixes that real clients need.

Usage: python3 -m judges.moto_shim -H 127.0.0.1 -p PORT   (same arguments as moto_server)

Each fix is one function named fix_*; delete one to see what it was for.
"""

from __future__ import annotations

import inspect
import json
import os
import secrets
import string
import sys
from fnmatch import fnmatchcase
from typing import Any

from judges import cfn_adapters


def log(word: str, *parts: object) -> None:
    print(f"conform-{word}", *parts, file=sys.stderr, flush=True)


def fix_unimplemented_is_final() -> None:
    """Answer 501 for an operation moto lacks; plain moto dies with 500, which SDKs retry for minutes."""
    from moto.core.responses import BaseResponse

    original = BaseResponse.call_action

    def call_action(self: Any) -> Any:
        operation = f"{self.service_name}.{self._get_action()}"
        try:
            answer = original(self)
        except NotImplementedError:
            log("unimplemented", operation)
            body = json.dumps({"__type": "NotImplementedByMoto", "message": f"moto lacks {operation}"})
            return 501, {"Content-Type": "application/json", "x-amzn-ErrorType": "NotImplementedByMoto"}, body
        except Exception as crash:
            log("crash", operation, type(crash).__name__, crash)
            raise
        log("op", operation, answer[0] if isinstance(answer, tuple) else 200)
        return answer

    BaseResponse.call_action = call_action  # type: ignore[method-assign]


def fix_apigatewayv2_domain_status() -> None:
    """A custom domain has a status; clients wait for AVAILABLE."""
    from moto.apigatewayv2.models import DomainName

    original = DomainName.to_json

    def to_json(self: Any) -> dict[str, Any]:
        body = original(self)
        defaults = {"domainNameStatus": "AVAILABLE", "hostedZoneId": "Z1UJRXOUMOOFQ8", "apiGatewayDomainName": f"d-conform.{self.domain_name}"}
        body["domainNameConfigurations"] = [defaults | c for c in body["domainNameConfigurations"]]
        body["mutualTlsAuthentication"] = body["mutualTlsAuthentication"] or None
        return body

    DomainName.to_json = to_json  # type: ignore[method-assign]


def fix_autoscaling_tags() -> None:
    """Application Auto Scaling tags: List/Tag/UntagResource are missing."""
    from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse as Response

    tags: dict[str, dict[str, str]] = {}

    def list_tags_for_resource(self: Any) -> str:
        return json.dumps({"Tags": tags.get(self._get_param("ResourceARN"), {})})

    def tag_resource(self: Any) -> str:
        tags.setdefault(self._get_param("ResourceARN"), {}).update(self._get_param("Tags") or {})
        return "{}"

    def untag_resource(self: Any) -> str:
        held = tags.get(self._get_param("ResourceARN"), {})
        for key in self._get_param("TagKeys") or []:
            held.pop(key, None)
        return "{}"

    original = Response.register_scalable_target

    def register_scalable_target(self: Any) -> str:
        answer = original(self)
        tags[json.loads(answer)["ScalableTargetARN"]] = self._get_param("Tags") or {}
        return answer

    Response.register_scalable_target = register_scalable_target  # type: ignore[method-assign]
    Response.list_tags_for_resource = list_tags_for_resource  # type: ignore[attr-defined]
    Response.tag_resource = tag_resource  # type: ignore[attr-defined]
    Response.untag_resource = untag_resource  # type: ignore[attr-defined]


def fix_rds_resource_ids() -> None:
    """moto gives every DB instance the same DbiResourceId, by which the provider looks instances up."""
    from moto.rds.models import DBInstance

    original = DBInstance.__init__

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.dbi_resource_id = "db-" + "".join(secrets.choice(string.ascii_uppercase + string.digits) for _ in range(26))

    DBInstance.__init__ = __init__  # type: ignore[method-assign]


def fix_efs_backup_policy() -> None:
    """efs.PutBackupPolicy is missing; a policy that is off reads DISABLED."""
    from moto.efs.models import FileSystem
    from moto.efs.responses import EFSResponse

    def put_backup_policy(self: Any) -> tuple[str, dict[str, Any]]:
        policy = self._get_param("BackupPolicy")
        self.efs_backend.file_systems_by_id[self._get_param("FileSystemId")]._backup = policy["Status"] == "ENABLED"
        return json.dumps({"BackupPolicy": policy}), {"Content-Type": "application/json"}

    def backup_policy(self: Any) -> dict[str, str]:
        return {"Status": "ENABLED" if self._backup else "DISABLED"}

    EFSResponse.put_backup_policy = put_backup_policy  # type: ignore[attr-defined]
    FileSystem.backup_policy = property(backup_policy)  # type: ignore[assignment]


def fix_efs_arn() -> None:
    """CloudFormation reads the ARN of a file system."""
    from moto.efs.models import FileSystem

    def get_cfn_attribute(self: Any, name: str) -> str:
        return {"Arn": self.file_system_arn, "FileSystemId": self.file_system_id}[name]

    FileSystem.has_cfn_attr = classmethod(lambda cls, attr: attr in ("Arn", "FileSystemId"))  # type: ignore[method-assign]
    FileSystem.get_cfn_attribute = get_cfn_attribute  # type: ignore[method-assign]


def fix_elasticache_groups() -> None:
    """Members of a replication group are cache clusters (with their security groups); deletes finish."""
    from moto.elasticache import models
    from moto.elasticache.responses import ElastiCacheResponse

    Backend = models.ElastiCacheBackend
    create, delete = Backend.create_replication_group, Backend.delete_replication_group

    def member(backend: Any, group: Any, identifier: str) -> Any:
        wanted = inspect.signature(models.CacheCluster.__init__).parameters
        values = {name: getattr(group, name, None) for name in wanted if name != "self"}
        values |= {"account_id": backend.account_id, "region_name": backend.region_name, "cache_cluster_id": identifier}
        values |= {"num_cache_nodes": 1, "auto_minor_version_upgrade": True, "log_delivery_configurations": [], "auth_token": None}
        cluster = models.CacheCluster(**values)
        cluster.replication_group_id = group.replication_group_id
        cluster.security_groups = [{"SecurityGroupId": g, "Status": "active"} for g in group.security_group_ids or []]
        cluster.at_rest_encryption_enabled = group.at_rest_encryption_enabled
        cluster.num_cache_nodes = 1
        return cluster

    def create_replication_group(self: Any, *args: Any, **kwargs: Any) -> Any:
        group = create(self, *args, **kwargs)
        for identifier in group.member_clusters:
            self.cache_clusters[identifier] = member(self, group, identifier)
        return group

    def delete_replication_group(self: Any, replication_group_id: str, retain_primary_cluster: bool | None) -> Any:
        group = delete(self, replication_group_id, retain_primary_cluster)
        for identifier in group.member_clusters:
            self.cache_clusters.pop(identifier, None)
        return self.replication_groups.pop(replication_group_id)

    place = models.ReplicationGroup._set_node_members_clusters_disabled

    def place_members(self: Any, **kwargs: Any) -> None:
        """NumCacheClusters counts (stock moto looks at ReplicasPerNodeGroup only)."""
        kwargs["replicas_per_node_group"] = kwargs["replicas_per_node_group"] or kwargs["num_cache_clusters"] - 1
        place(self, **kwargs)

    def delete_cache_subnet_group(self: Any) -> Any:
        from moto.core.responses import EmptyResult

        self.elasticache_backend.cache_subnet_groups.pop(self._get_param("CacheSubnetGroupName"), None)
        return EmptyResult()

    ElastiCacheResponse.delete_cache_subnet_group = delete_cache_subnet_group  # type: ignore[attr-defined]
    models.ReplicationGroup._set_node_members_clusters_disabled = place_members  # type: ignore[method-assign]
    Backend.create_replication_group = create_replication_group  # type: ignore[method-assign]
    Backend.delete_replication_group = delete_replication_group  # type: ignore[method-assign]


def fix_ec2_root_volume() -> None:
    """A root block device without a size takes the image's size (real EC2), not an error."""
    from moto.ec2.responses.instances import InstanceResponse

    original = InstanceResponse._validate_block_device_mapping

    def validate(device_mapping: dict[str, Any]) -> None:
        ebs = device_mapping.get("Ebs")
        if ebs is not None and not ebs.get("VolumeSize") and not ebs.get("SnapshotId"):
            ebs["VolumeSize"] = 8
        original(device_mapping)

    InstanceResponse._validate_block_device_mapping = staticmethod(validate)  # type: ignore[method-assign]


def fix_stepfunctions() -> None:
    """ValidateStateMachineDefinition and ListStateMachineVersions are missing."""
    from moto.stepfunctions.responses import StepFunctionResponse

    def problems(text: str) -> list[str]:
        try:
            body = json.loads(text)
        except ValueError as error:
            return [f"not JSON: {error}"]
        states = body.get("States") or {}
        targets = [body.get("StartAt")] + [s.get("Next") for s in states.values() if s.get("Next")]
        return [f"missing state {name!r}" for name in targets if name not in states]

    def validate_state_machine_definition(self: Any) -> str:
        found = problems(self._get_param("definition"))
        diagnostics = [{"severity": "ERROR", "code": "SCHEMA_VALIDATION_FAILED", "message": text} for text in found]
        return json.dumps({"result": "FAIL" if found else "OK", "diagnostics": diagnostics})

    def list_state_machine_versions(self: Any) -> str:
        return json.dumps({"stateMachineVersions": []})

    StepFunctionResponse.validate_state_machine_definition = validate_state_machine_definition  # type: ignore[attr-defined]
    StepFunctionResponse.list_state_machine_versions = list_state_machine_versions  # type: ignore[attr-defined]


def fix_sqs_attributes() -> None:
    """Know RedriveAllowPolicy; keep the queue policy when another attribute is set; compact JSON."""
    from moto.sqs.models import Queue

    Queue.BASE_ATTRIBUTES = [*Queue.BASE_ATTRIBUTES, "RedriveAllowPolicy"]
    Queue.redrive_allow_policy = None  # type: ignore[attr-defined]
    original = Queue._set_attributes

    def _set_attributes(self: Any, attributes: dict[str, Any], now: float | None = None) -> None:
        if "Policy" not in attributes and getattr(self, "policy", None):
            attributes = attributes | {"Policy": self.policy}
        original(self, attributes, now)
        self.redrive_allow_policy = self.redrive_allow_policy or None

    read = Queue.attributes.fget  # type: ignore[attr-defined]

    def attributes(self: Any) -> dict[str, Any]:
        found = read(self)
        if found.get("RedrivePolicy"):
            found["RedrivePolicy"] = json.dumps(json.loads(found["RedrivePolicy"]), separators=(",", ":"))
        return found

    Queue.attributes = property(attributes)  # type: ignore[assignment, method-assign]
    Queue._set_attributes = _set_attributes  # type: ignore[method-assign]


def fix_ec2_rule_descriptions() -> None:
    """Keep the description of a rule whose peer is a group; it does not make two rules differ."""
    from moto.ec2.models.security_groups import SecurityGroupRule

    original = SecurityGroupRule.__init__

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        bound = inspect.signature(original).bind(self, *args, **kwargs).arguments
        peers = [bound.get(name) or {} for name in ("ip_range", "source_group", "prefix_list_id")]
        self.conform_description = next((p["Description"] for p in peers if isinstance(p, dict) and p.get("Description")), None)

    def description(self: Any) -> str | None:
        return self.ip_range.get("Description") or self.source_group.get("Description") or self.conform_description

    def key(rule: Any) -> tuple[Any, ...]:
        block = rule.ip_range
        peer = (block.get("CidrIp"), block.get("CidrIpv6"), rule.source_group.get("GroupId"), rule.prefix_list_id)
        return (str(rule.ip_protocol), rule.from_port, rule.to_port, *peer)

    SecurityGroupRule.__eq__ = lambda self, other: key(self) == key(other)  # type: ignore[method-assign]
    SecurityGroupRule.__init__ = __init__  # type: ignore[method-assign]
    SecurityGroupRule.description = property(description)  # type: ignore[assignment, method-assign]


def fix_ecs_service_settings() -> None:
    """ECS services report what they were made with."""
    from moto.ecs.models import Service
    from moto.ecs.responses import EC2ContainerServiceResponse

    settings = {
        "availabilityZoneRebalancing": "availability_zone_rebalancing",
        "capacityProviderStrategy": "capacity_provider_strategy",
        "deploymentConfiguration": "deployment_configuration",
        "enableECSManagedTags": "enable_ecs_managed_tags",
        "enableExecuteCommand": "enable_execute_command",
        "healthCheckGracePeriodSeconds": "health_check_grace_period_seconds",
    }
    original = EC2ContainerServiceResponse.create_service

    def create_service(self: Any) -> Any:
        answer = original(self)
        for name, attribute in settings.items():
            given = self._get_param(name)
            if given is not None:
                setattr(answer.result["service"], attribute, given)
        return answer

    Service.availability_zone_rebalancing = "DISABLED"  # type: ignore[attr-defined]
    EC2ContainerServiceResponse.create_service = create_service  # type: ignore[method-assign]


def fix_secretsmanager_managed_rotation() -> None:
    """A secret that a service manages is rotated without a function, and its schedule can be taken away."""
    from moto.secretsmanager.models import SecretsManagerBackend

    original = SecretsManagerBackend.cancel_rotate_secret

    def cancel_rotate_secret(self: Any, secret_id: str) -> str:
        secret = self.secrets[secret_id]
        if not secret.name.startswith("rds!"):
            return original(self, secret_id)
        secret.rotation_enabled = False
        return secret.to_short_dict()

    SecretsManagerBackend.cancel_rotate_secret = cancel_rotate_secret  # type: ignore[method-assign]


def fix_rds_scaling_configuration() -> None:
    """Only a serverless v1 cluster has a scaling configuration."""
    from moto.rds.models import DBCluster

    original = DBCluster.scaling_configuration_info.fget  # type: ignore[attr-defined]
    DBCluster.scaling_configuration_info = property(  # type: ignore[assignment, method-assign]
        lambda self: original(self) if self.scaling_configuration else None
    )


def fix_rds_instance_watching() -> None:
    """Instances report how they are watched."""
    from moto.rds.models import DBInstance

    settings = {
        "monitoring_interval": 0,
        "monitoring_role_arn": None,
        "enable_performance_insights": False,
        "performance_insights_retention_period": None,
    }
    original = DBInstance.__init__

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        for name, default in settings.items():
            setattr(self, name, kwargs.get(name, default))
        self.performance_insights_enabled = self.enable_performance_insights

    DBInstance.__init__ = __init__  # type: ignore[method-assign]


def fix_lambda_image_configuration() -> None:
    """A function whose image runs as it is has no image configuration."""
    from moto.awslambda.models import LambdaFunction

    original = LambdaFunction.get_configuration

    def get_configuration(self: Any, on_create: bool = False) -> dict[str, Any]:
        config = original(self, on_create)
        if not any(config.get("ImageConfigResponse", {}).get("ImageConfig", {}).values()):
            config.pop("ImageConfigResponse", None)
        return config

    LambdaFunction.get_configuration = get_configuration  # type: ignore[method-assign]


def fix_lambda_image_calls() -> None:
    """Nothing can run an image here: a call of such a function succeeds. In a stack moto forgets the package type."""
    from moto.awslambda.models import LambdaFunction

    original = LambdaFunction._invoke_lambda

    def _invoke_lambda(self: Any, event: Any) -> tuple[str, bool, str]:
        return ("{}", False, "") if "ImageUri" in self.code else original(self, event)

    LambdaFunction._invoke_lambda = _invoke_lambda  # type: ignore[method-assign]


def fix_lambda_logging() -> None:
    """A function remembers how it logs; JSON lines have levels, INFO unless said otherwise."""
    from moto.awslambda.models import LambdaFunction

    made, told = LambdaFunction.__init__, LambdaFunction.get_configuration

    def __init__(self: Any, account_id: str, spec: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        made(self, account_id, spec, *args, **kwargs)
        given = spec.get("LoggingConfig") or {}
        levels = {"ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO"} if given.get("LogFormat") == "JSON" else {}
        self.conform_logging = levels | {"LogGroup": self.logs_group_name} | given if given else None

    def get_configuration(self: Any, on_create: bool = False) -> dict[str, Any]:
        logging = {"LoggingConfig": self.conform_logging} if self.conform_logging else {}
        return told(self, on_create) | logging

    LambdaFunction.__init__ = __init__  # type: ignore[method-assign]
    LambdaFunction.get_configuration = get_configuration  # type: ignore[method-assign]


def fix_kms_tags() -> None:
    """In a template the tags of a key are `Key` and `Value`, as everywhere; only the API calls them otherwise."""
    from moto.kms.models import KmsBackend

    original = KmsBackend.create_key

    def create_key(self: Any, *args: Any, **kwargs: Any) -> Any:
        given = inspect.signature(original).bind(self, *args, **kwargs).arguments
        tags = given.get("tags") or []
        given["tags"] = [{"TagKey": t.get("TagKey", t.get("Key")), "TagValue": t.get("TagValue", t.get("Value"))} for t in tags]
        return original(**given)

    KmsBackend.create_key = create_key  # type: ignore[method-assign]


def fix_rds_parameter_source() -> None:
    """Parameters that were set are `user` parameters; clients ignore the others."""
    from moto.rds.models import DBParameterGroup

    original = DBParameterGroup.update_parameters

    def update_parameters(self: Any, new_parameters: Any) -> None:
        original(self, [{**p, "Source": "user"} for p in new_parameters])

    DBParameterGroup.update_parameters = update_parameters  # type: ignore[method-assign]


def fix_cloudfront_cache_policy() -> None:
    """A behaviour with a cache policy has no forwarded values or TTLs."""
    from moto.cloudfront.models import DefaultCacheBehaviour

    original = DefaultCacheBehaviour.__init__

    def __init__(self: Any, config: dict[str, Any]) -> None:
        original(self, config)
        if config.get("CachePolicyId"):
            self.forwarded_values = None
            self.min_ttl = self.default_ttl = self.max_ttl = None

    DefaultCacheBehaviour.__init__ = __init__  # type: ignore[method-assign]


def fix_cloudfront_certificate() -> None:
    """A distribution uses its own certificate or the default one; of the other nothing is told."""
    from moto.cloudfront.models import ViewerCertificate

    original = ViewerCertificate.__init__

    def __init__(self: Any, config: dict[str, Any]) -> None:
        original(self, config)
        own = config.get("ACMCertificateArn") or config.get("IAMCertificateId")
        self.acm_certificate_arn = config.get("ACMCertificateArn") or None
        self.iam_certificate_id = config.get("IAMCertificateId") or None
        self.cloud_front_default_certificate = not own
        self.ssl_support_method = config.get("SSLSupportMethod") or ("sni-only" if own else "vip")

    ViewerCertificate.__init__ = __init__  # type: ignore[method-assign]


def fix_cloudfront_origin_access_control() -> None:
    """An origin remembers its origin access control."""
    from moto.cloudfront.models import Origin

    original = Origin.__init__

    def __init__(self: Any, origin: dict[str, Any]) -> None:
        original(self, origin)
        self.origin_access_control_id = origin.get("OriginAccessControlId") or ""

    Origin.__init__ = __init__  # type: ignore[method-assign]


def fix_s3_logging_permissions() -> None:
    """S3 reads the target's policy as IAM does: anyone, lists of resources and `*` are fine; plain moto dies of them."""
    from moto.s3.models import LOGGING_SERVICE_PRINCIPAL, FakeBucket

    def lets_log_in(target_bucket: Any, target_prefix: str | None) -> bool:
        statements = json.loads(target_bucket.policy.decode())["Statement"] if target_bucket.policy else []
        key = f"arn:{target_bucket.partition}:s3:::{target_bucket.name}/{target_prefix or ''}log"
        return any(
            s["Effect"] == "Allow"
            and isinstance(s.get("Principal"), dict)
            and LOGGING_SERVICE_PRINCIPAL in listed(s["Principal"].get("Service"))
            and "s3:PutObject" in listed(s["Action"])
            and any(fnmatchcase(key, resource) for resource in listed(s["Resource"]))
            for s in statements
        )

    FakeBucket._log_permissions_enabled_policy = staticmethod(lets_log_in)  # type: ignore[method-assign]


def fix_s3_log_delivery() -> None:
    """S3 delivers access logs after hours; plain moto does at once, so that no log bucket is ever empty and deletable."""
    from moto.s3.models import S3Backend

    S3Backend.log_incoming_request = lambda *_: None  # type: ignore[method-assign, assignment]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def main() -> None:
    from moto.server import main as serve

    stock = os.environ.get("CONFORM_STOCK") == "1"  # moto as released, for comparison
    for name, fix in list(globals().items()):
        if name.startswith("fix_") and (not stock or fix is fix_unimplemented_is_final):
            fix()
    port = sys.argv[sys.argv.index("-p") + 1] if "-p" in sys.argv else "5000"
    if not stock:
        cfn_adapters.install(f"http://127.0.0.1:{port}")
    serve(sys.argv[1:])


if __name__ == "__main__":
    main()
