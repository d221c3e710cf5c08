"""What holds data: RDS, ElastiCache, EFS, SQS, S3, and what keeps it secret."""

from __future__ import annotations

import inspect
import json
import secrets
import string
from fnmatch import fnmatchcase
from typing import Any

WATCHING: dict[str, Any] = {
    "monitoring_interval": 0,
    "monitoring_role_arn": None,
    "enable_performance_insights": False,
    "performance_insights_retention_period": None,
}
"""How a DB instance is watched, unless it is told otherwise."""

def fix_rds_resource_ids() -> None:
    """moto gives every DB instance the same DbiResourceId; the provider looks instances up by it."""
    from moto.rds.models import DBInstance

    original = DBInstance.__init__

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.dbi_resource_id = fresh_resource_id()

    DBInstance.__init__ = __init__  # type: ignore[method-assign]


def fix_rds_replicas() -> None:
    """A replica has an id, logs, watching and a limit of its own, and no secret; moto's shares those of its source."""
    from moto.rds.models import RDSBackend

    original = RDSBackend.create_db_instance_read_replica

    def create_db_instance_read_replica(self: Any, db_kwargs: dict[str, Any]) -> Any:
        replica = original(self, db_kwargs)
        replica.dbi_resource_id = fresh_resource_id()
        replica.enabled_cloudwatch_logs_exports = list(db_kwargs.get("enable_cloudwatch_logs_exports") or [])
        replica.max_allocated_storage = db_kwargs.get("max_allocated_storage") or replica.allocated_storage
        for name, default in WATCHING.items():
            setattr(replica, name, db_kwargs.get(name, default))
        replica.performance_insights_enabled = replica.enable_performance_insights
        replica.manage_master_user_password = False
        replica.__dict__.pop("master_user_secret", None)
        return replica

    RDSBackend.create_db_instance_read_replica = create_db_instance_read_replica  # type: ignore[method-assign]


def fresh_resource_id() -> str:
    return "db-" + "".join(secrets.choice(string.ascii_uppercase + string.digits) for _ in range(26))


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

    original = DBInstance.__init__

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        for name, default in WATCHING.items():
            setattr(self, name, kwargs.get(name, default))
        self.performance_insights_enabled = self.enable_performance_insights

    DBInstance.__init__ = __init__  # type: ignore[method-assign]


def fix_rds_parameter_source() -> None:
    """Parameters that were set are `user` parameters; clients ignore the others."""
    from moto.rds.models import DBParameterGroup

    original = DBParameterGroup.update_parameters

    def update_parameters(self: Any, new_parameters: Any) -> None:
        original(self, [{**p, "Source": "user"} for p in new_parameters])

    DBParameterGroup.update_parameters = update_parameters  # type: ignore[method-assign]


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


def fix_kms_rotation_period() -> None:
    """A key that rotates tells how often: every 365 days unless it was told otherwise."""
    from moto.kms.responses import KmsResponse

    enable, status = KmsResponse.enable_key_rotation, KmsResponse.get_key_rotation_status

    def key_of(self: Any) -> Any:
        return self.kms_backend.keys[self.kms_backend.get_key_id(self._get_param("KeyId"))]

    def enable_key_rotation(self: Any) -> str:
        answer = enable(self)
        key_of(self).conform_rotation_period = self._get_param("RotationPeriodInDays") or 365
        return answer

    def get_key_rotation_status(self: Any) -> str:
        told = json.loads(status(self))
        period = {"RotationPeriodInDays": getattr(key_of(self), "conform_rotation_period", 365)} if told["KeyRotationEnabled"] else {}
        return json.dumps(told | period)

    KmsResponse.enable_key_rotation = enable_key_rotation  # type: ignore[method-assign]
    KmsResponse.get_key_rotation_status = get_key_rotation_status  # type: ignore[method-assign]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
