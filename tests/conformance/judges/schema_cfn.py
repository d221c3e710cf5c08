"""CloudFormation's resource types, from the schemas that cfn-lint carries."""

from __future__ import annotations

from importlib import metadata
from typing import Any

REGION = "us-east-1"
SCALARS = {"string": "string", "integer": "number", "number": "number", "boolean": "bool"}
Json = dict[str, Any]


def table(types: list[str]) -> Json:
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER as schemas

    known = set(schemas.get_resource_types(REGION))
    shapes: Json = {}
    resources = {}
    for name in types:
        if name in known:
            schema = schemas.get_resource_schema(REGION, name)
            resources[name] = Reader(name, schema.schema, shapes).resource(list(schema.get_atts))
    return {"source": f"cfn-lint {metadata.version('cfn-lint')}", "resources": resources, "lookups": {}, "shapes": shapes}


class Reader:
    """Reads one resource type; records become shapes `TYPE#Definition`."""

    def __init__(self, name: str, schema: Json, shapes: Json) -> None:
        self.name, self.schema, self.shapes = name, schema, shapes
        self.read_only = pointers(schema, "readOnlyProperties")
        self.deprecated = pointers(schema, "deprecatedProperties")

    def resource(self, attributes: list[str]) -> Json:
        properties = self.properties(self.schema, ())
        outputs = {name: {"type": "any"} for name in attributes}
        return {"properties": properties, "outputs": outputs}

    def properties(self, record: Json, at: tuple[str, ...]) -> Json:
        required = set(record.get("required", []))
        found = {}
        for name, node in record.get("properties", {}).items():
            entry = self.property(node, (*at, name))
            if name in required:
                entry["required"] = True
            if (*at, name) in self.read_only:
                entry["read_only"] = True
            if (*at, name) in self.deprecated:
                entry["deprecated"] = True
            found[name] = entry
        return found

    def property(self, node: Json, at: tuple[str, ...]) -> Json:
        if "$ref" in node:
            return self.definition(node["$ref"], at)
        for choice in ("oneOf", "anyOf", "allOf"):
            if choice in node and "type" not in node and "properties" not in node:
                return self.merged(node[choice], at)
        kinds = node.get("type", "object" if "properties" in node else "any")
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if set(kinds) >= {"object", "string"}:
            return {"type": "json"}
        kind = kinds[0]
        if kind == "array":
            listed = {"type": "list", "item": self.property(node.get("items", {}), at)}
            return listed | ({"max": node["maxItems"]} if "maxItems" in node else {})
        if kind == "object" or "patternProperties" in node:
            return self.record(node, at, "#" + ".".join(at))
        return {"type": SCALARS.get(kind, "any")}

    def merged(self, choices: list[Json], at: tuple[str, ...]) -> Json:
        found = [self.property(choice, at) for choice in choices]
        return found[0] if all(f == found[0] for f in found) else {"type": "any"}

    def definition(self, ref: str, at: tuple[str, ...]) -> Json:
        name = ref.rsplit("/", 1)[-1]
        node = self.schema["definitions"][name]
        if "properties" in node:
            return self.record(node, at, f"#{name}")
        return self.property(node, at)

    def record(self, node: Json, at: tuple[str, ...], suffix: str) -> Json:
        if "properties" in node:
            shape = f"{self.name}{suffix}"
            if shape not in self.shapes:
                self.shapes[shape] = {}  # a definition may mention itself
                self.shapes[shape] = self.properties(node, at)
            return {"type": "object", "shape": shape}
        patterns = list(node.get("patternProperties", {}).values())
        if patterns:
            return {"type": "map", "item": self.property(patterns[0], at)}
        return {"type": "json"}


def pointers(schema: Json, key: str) -> set[tuple[str, ...]]:
    """`/properties/Endpoint/Address` as its steps; list steps (`*`) are left out."""
    return {tuple(s for s in p.split("/")[2:] if s not in ("*", "items", "properties")) for p in schema.get(key) or []}
