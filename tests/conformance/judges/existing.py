"""What a case expects to find in the account: calls of AWS's API in its `existing.json`.

`made` lists `{ "call": "ec2.create_vpc", "with": { … }, "as": "corp" }`; text such as `$corp.Vpc.VpcId` later on is a
part of the answer. `inputs` says which inputs of the program are such parts.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from judges.moto import boto_client

Json = dict[str, Any]


def make(case: Path, endpoint: str, region: str) -> Json:
    """Makes it; the inputs that tell the program of it."""
    file = case / "existing.json"
    if not file.is_file():
        return {}
    stated, answers = json.loads(file.read_text()), {}
    for call in stated["made"]:
        service, operation = call["call"].split(".")
        client = boto_client(service, endpoint, call.get("region", region))
        answer = getattr(client, operation)(**filled(call["with"], answers))
        answers[call.get("as", "")] = answer
    return dict(filled(stated.get("inputs", {}), answers))


def filled(value: Any, answers: Json) -> Any:
    if isinstance(value, dict):
        return {key: filled(item, answers) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, answers) for item in value]
    if not isinstance(value, str) or not value.startswith("$"):
        return value
    found: Any = answers
    for step in value[1:].split("."):
        found = found[int(step)] if isinstance(found, list) else found[step]
    return found


def names(case: Path) -> set[str]:
    """What is called something there."""
    file = case / "existing.json"
    calls = json.loads(file.read_text())["made"] if file.is_file() else []
    return {value for call in calls for key, value in call["with"].items() if key in ("Name", "DomainName", "AliasName")}


def networks(inputs: Json) -> set[str]:
    """The networks among inputs."""
    return {value for value in inputs.values() if isinstance(value, str) and re.fullmatch(r"vpc-[0-9a-f]+", value)}
