"""Which tools are installed, against the versions that the project states."""

from __future__ import annotations

import json
import sys
import tomllib
from importlib import metadata
from pathlib import Path

from judges.tools import REGISTRY, ToolMissing, find_plugin_dir, run, terraform_bin

HERE = Path(__file__).parent.parent


def found() -> dict[str, str | None]:
    """Each tool's version, or `None` where it is missing."""
    return {
        "terraform": terraform(),
        "hashicorp/aws": provider(),
        "cfn-lint": distribution("cfn-lint"),
        "moto": distribution("moto"),
        "@pulumi/aws": package("@pulumi/aws"),
        "@pulumi/pulumi": package("@pulumi/pulumi"),
        "typescript": package("typescript"),
        "cdk-nag": package("cdk-nag", "policy"),
        "aws-cdk-lib": package("aws-cdk-lib", "policy"),
    }


def terraform() -> str | None:
    try:
        return str(json.loads(run([terraform_bin(), "version", "-json"]).out)["terraform_version"])
    except (ToolMissing, ValueError, KeyError):
        return None


def provider() -> str | None:
    mirror = find_plugin_dir()
    versions = sorted(p.name for p in (mirror / REGISTRY / "hashicorp/aws").iterdir() if p.name[0].isdigit()) if mirror else []
    return versions[-1] if versions else None


def distribution(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def package(name: str, judge: str = "pulumi") -> str | None:
    file = HERE / judge / "node_modules" / name / "package.json"
    return str(json.loads(file.read_text())["version"]) if file.is_file() else None


def show(versions: Path) -> int:
    """Prints one line a tool; exit status 1 if one is missing or another version than stated."""
    wanted = tomllib.loads(versions.read_text())["tools"]
    actual = found()
    right = True
    for name, version in wanted.items():
        have = actual.get(name)
        same = have is not None and (have == version or have.startswith(f"{version}."))
        right = right and same
        print(f"{name:<16} {have or 'missing':<10} {'' if same else f'wanted {version}'}".rstrip(), file=sys.stdout)
    return 0 if right else 1
