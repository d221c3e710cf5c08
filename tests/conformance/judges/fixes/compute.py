"""What runs: EC2, ECS, Lambda, Step Functions, scaling."""

from __future__ import annotations

import inspect
import json
from typing import Any


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


def fix_ec2_subnet_ipv6() -> None:
    """The IPv6 range of a subnet has a state, by whose association the subnet is found."""
    from moto.ec2.models.subnets import Subnet

    original, told = Subnet.get_filter_value, Subnet.ipv6_cidr_block_association_set.fget  # type: ignore[attr-defined]

    def get_filter_value(self: Any, filter_name: str, method_name: str | None = None) -> Any:
        if filter_name == "ipv6-cidr-block-association.association-id":
            return list(self.ipv6_cidr_block_associations)
        return original(self, filter_name, method_name)

    def associations(self: Any) -> list[dict[str, Any]]:
        return [it | {"ipv6CidrBlockState": {"state": it["ipv6CidrBlockState"]["state"]["State"]}} for it in told(self)]

    Subnet.get_filter_value = get_filter_value  # type: ignore[method-assign]
    Subnet.ipv6_cidr_block_association_set = property(associations)  # type: ignore[assignment, method-assign]


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
