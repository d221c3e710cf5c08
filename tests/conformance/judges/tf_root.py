"""Several configurations as modules of one root, so that one terraform run deploys them all.

Starting terraform and its provider costs seconds whatever there is to do. What differs from applying what is printed: the
default `provider` block stands in the root (verbatim, once; cases of one root print the same), values of variables are
handed over by the root, and the outputs are handed on by it. Everything else is the file as printed.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from judges.tools import copy_config

Json = dict[str, Any]
OVERRIDE = "zz_conform_override.tf"
PROVIDER = re.compile(r'^provider "aws" \{\n.*?^\}\n', re.M | re.S)
STAND_IN = """\
  access_key                  = "conform"
  secret_key                  = "conform"
  s3_use_path_style           = true
  max_retries                 = 3
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
"""


@dataclass
class Config:
    """A printed configuration, and values for its variables."""

    name: str
    folder: Path
    variables: Json = field(default_factory=dict)

    @property
    def module(self) -> str:
        return "m_" + re.sub(r"[^\w-]", "_", self.name)

    @property
    def text(self) -> str:
        return "\n".join(file.read_text() for file in sorted(self.folder.glob("*.tf")))

    @property
    def provider(self) -> str:
        """The default provider as printed."""
        return next((block for block in PROVIDER.findall(self.text) if not alias(block)), "")

    @property
    def region(self) -> str:
        hit = re.search(r'^\s*region\s*=\s*"([a-z0-9-]+)"', self.provider, re.M)
        return hit.group(1) if hit else "eu-central-1"


def alias(block: str) -> str | None:
    hit = re.search(r'^\s*alias\s*=\s*"([^"]+)"', block, re.M)
    return hit.group(1) if hit else None


def place(root: Path, config: Config) -> None:
    """The files of a case in its folder below the root; further providers stay there and are pointed at the stand-in."""
    folder = root / config.module
    copy_config(config.folder, folder)
    others = []
    for file in folder.glob("*.tf"):
        text = file.read_text()
        blocks = PROVIDER.findall(text)
        others += [alias(block) for block in blocks if alias(block)]
        file.write_text(PROVIDER.sub(lambda hit: hit.group(0) if alias(hit.group(0)) else "", text))
    if others:
        (folder / OVERRIDE).write_text("".join(f'provider "aws" {{\n  alias = "{name}"\n{STAND_IN}}}\n' for name in others))


def write_root(root: Path, configs: list[Config]) -> None:
    """A root that calls the placed configurations."""
    (root / "main.tf").write_text(configs[0].provider or 'provider "aws" {}\n')
    (root / OVERRIDE).write_text(f'provider "aws" {{\n{STAND_IN}}}\n')
    called = {
        "module": {c.module: {"source": f"./{c.module}"} | literal(c.variables) for c in configs},
        "output": {c.module: {"value": f"${{module.{c.module}}}", "sensitive": True} for c in configs},
    }
    (root / "cases.tf.json").write_text(json.dumps(called, indent=1))


def literal(value: Any) -> Any:
    """A value that stands for itself in terraform's JSON, where text is a template."""
    if isinstance(value, str):
        return value.replace("${", "$${").replace("%{", "%%{")
    if isinstance(value, dict):
        return {key: literal(item) for key, item in value.items()}
    return [literal(item) for item in value] if isinstance(value, list) else value


def lift_guards(root: Path) -> None:
    """Take `prevent_destroy` away, as an operator does before deleting what is kept."""
    for file in root.glob("*/*.tf"):
        file.write_text(re.sub(r"^ *prevent_destroy *= true\n", "", file.read_text(), flags=re.M))
