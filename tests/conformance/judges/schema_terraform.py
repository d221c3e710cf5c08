"""Terraform's resources and data sources, from the installed provider."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from judges.tools import REGISTRY, Terraform, ToolMissing, find_plugin_dir, scratch

Json = dict[str, Any]
SCALARS = {"string": "string", "number": "number", "bool": "bool", "dynamic": "any"}
CACHE = Path(os.environ.get("CONFORM_CACHE", Path(__file__).parents[3] / ".conformance" / "cache"))
ROOT = 'terraform {\n  required_providers {\n    aws = {\n      source = "hashicorp/aws"\n    }\n  }\n}\n'


def provider_schema() -> tuple[str, Json]:
    """The version and the whole schema, kept in the cache (it takes 10 s to ask)."""
    mirror = find_plugin_dir()
    if not mirror:
        raise ToolMissing("no mirror with the provider hashicorp/aws")
    version = sorted(p.name for p in (mirror / REGISTRY / "hashicorp/aws").iterdir() if p.name[0].isdigit())[-1]
    kept = CACHE / f"provider-{version}.json"
    if not kept.is_file():
        with scratch("schema") as work:
            (work / "main.tf").write_text(ROOT)
            terraform = Terraform(work, mirror)
            terraform.init()
            ran = terraform("providers", "schema", "-json")
            if ran.rc != 0:
                raise ToolMissing(f"terraform providers schema: {ran.text[:500]}")
            CACHE.mkdir(parents=True, exist_ok=True)
            kept.write_text(json.dumps(json.loads(ran.out)["provider_schemas"][f"{REGISTRY}/hashicorp/aws"]))
    return version, json.loads(kept.read_text())


def table(types: list[str]) -> Json:
    version, schema = provider_schema()
    shapes = Shapes()
    found: Json = {"source": f"hashicorp/aws {version}"}
    for section, key in (("resources", "resource_schemas"), ("lookups", "data_source_schemas")):
        found[section] = {}
        for name in types:
            if name in schema[key]:
                where = name if section == "resources" else f"data.{name}"
                properties = shapes.properties(schema[key][name]["block"], where)
                found[section][name] = {"properties": properties}
    return found | {"shapes": shapes.all}


class Shapes:
    """Records by content: two blocks that are alike are one shape, named after the first."""

    def __init__(self) -> None:
        self.all: Json = {}
        self.known: dict[str, str] = {}

    def shape(self, properties: Json, where: str) -> str:
        text = json.dumps(properties, sort_keys=True)
        if text not in self.known:
            assert where not in self.all
            self.known[text] = where
            self.all[where] = properties
        return self.known[text]

    def properties(self, block: Json, where: str) -> Json:
        found = {name: self.attribute(a, f"{where}.{name}") for name, a in block.get("attributes", {}).items()}
        for name, nested in block.get("block_types", {}).items():
            inner = {"type": "object", "shape": self.shape(self.properties(nested["block"], f"{where}.{name}"), f"{where}.{name}")}
            mode = nested["nesting_mode"]
            entry: Json = {"block": True} | (inner if mode == "single" else {"type": mode, "item": inner})
            if nested.get("min_items"):
                entry["required"] = True
            if nested.get("max_items"):
                entry["max"] = nested["max_items"]
            if nested["block"].get("deprecated"):
                entry["deprecated"] = True
            found[name] = entry
        return found

    def attribute(self, attribute: Json, where: str) -> Json:
        entry = self.nested(attribute["nested_type"], where) if "nested_type" in attribute else self.type(attribute["type"], where)
        flags = {
            "required": attribute.get("required"),
            "read_only": attribute.get("computed") and not attribute.get("optional"),
            "deprecated": attribute.get("deprecated"),
        }
        return entry | {name: True for name, on in flags.items() if on}

    def nested(self, nested: Json, where: str) -> Json:
        inner = {"type": "object", "shape": self.shape(self.properties(nested, where), where)}
        return inner if nested["nesting_mode"] == "single" else {"type": nested["nesting_mode"], "item": inner}

    def type(self, kind: Any, where: str) -> Json:
        if isinstance(kind, str):
            return {"type": SCALARS[kind]}
        outer, inner = kind
        if outer == "object":
            return {"type": "object", "shape": self.shape({n: self.type(t, f"{where}.{n}") for n, t in inner.items()}, where)}
        return {"type": outer, "item": self.type(inner, where)}
