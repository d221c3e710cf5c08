"""terraform fmt and validate of many configurations: several at a time as modules of one root.

Starting the provider is what takes the time and the memory, so a handful of configurations share one `validate`.
Each is judged unchanged, with its own provider block; its variables are passed through, so that they stay unknown.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from judges.tools import Ran, Terraform, ToolMissing, copy_config, find_plugin_dir, scratch

AT_ONCE = int(os.environ.get("CONFORM_MODULES", "6"))  # each module starts a provider of half a gigabyte
Problems = list[str]

ROOT = """\
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}
"""


def judge(cases: dict[str, Path], formatted: bool = True) -> dict[str, Problems]:
    """The problems of each configuration, by the name it is given here."""
    plugins = find_plugin_dir()
    found: dict[str, Problems] = {name: [] for name in cases}
    names = list(cases)
    for start in range(0, len(names), AT_ONCE):
        chunk = {f"m{at}": name for at, name in enumerate(names[start : start + AT_ONCE])}
        with scratch("validate") as root:
            for module, name in chunk.items():
                copy_config(cases[name], root / module)
            terraform = Terraform(root, plugins)
            for module, problem in format_problems(terraform, list(chunk)) if formatted else ():
                found[chunk[module]].append(problem)
            for module, problem in validate(terraform, list(chunk)):
                found[chunk[module]].append(problem)
    return found


def format_problems(terraform: Terraform, modules: list[str]) -> Iterator[tuple[str, str]]:
    """What `terraform fmt` would change. A file that does not parse is left to `validate`."""
    for module in modules:
        ran = terraform("fmt", "-check", "-diff", "-recursive", "-no-color", module)
        if ran.rc == 3:
            yield module, f"fmt: {ran.out.strip()[:2000]}"


def validate(terraform: Terraform, modules: list[str]) -> Iterator[tuple[str, str]]:
    """Errors by module; a module that cannot be loaded is taken out, so that it does not hide the others."""
    left = list(modules)
    while left:
        write_root(terraform.cwd, left)
        errors = errors_of(terraform)
        blamed = {module: [e for e in errors if module_of(e) == module] for module in left}
        bad = [module for module in left if blamed[module]]
        yield from ((module, describe(e)) for module in bad for e in blamed[module])
        if errors and not bad:
            raise ToolMissing(f"terraform: {describe(errors[0])}")
        if not bad:
            return
        left = [module for module in left if module not in bad]


def write_root(root: Path, modules: list[str]) -> None:
    text = [ROOT]
    for module in modules:
        names = variables_of(root / module)
        passed = "".join(f"  {name} = var.{module}_{name}\n" for name in names)
        text += [f'variable "{module}_{name}" {{}}\n' for name in names]
        text.append(f'module "{module}" {{\n  source = "./{module}"\n{passed}}}\n')
    (root / "main.tf").write_text("\n".join(text))


def variables_of(folder: Path) -> list[str]:
    names = [n for file in sorted(folder.glob("*.tf")) for n in re.findall(r'^variable "([\w-]+)"', file.read_text(), re.M)]
    for file in sorted(folder.glob("*.tf.json")):
        names += json.loads(file.read_text()).get("variable", {})
    return names


def errors_of(terraform: Terraform) -> list[dict[str, Any]]:
    ran = terraform.init()
    if ran.rc != 0:
        answer = validation(terraform)
        errors = errors_in(answer)
        if not errors:
            raise ToolMissing(f"terraform init: {ran.text[:2000]}")
        return errors
    return errors_in(validation(terraform))


def validation(terraform: Terraform) -> Ran:
    return terraform("validate", "-json", "-no-color")


def errors_in(ran: Ran) -> list[dict[str, Any]]:
    try:
        answer = json.loads(ran.out)
    except json.JSONDecodeError as broken:
        raise ToolMissing(f"terraform validate: {ran.text[:2000]}") from broken
    return [d for d in answer["diagnostics"] if d["severity"] == "error"]


def module_of(error: dict[str, Any]) -> str:
    place = (error.get("range") or {}).get("filename", "")
    if "/" in place:
        return place.split("/", 1)[0]
    text = f"{error.get('address', '')} {error['summary']} {error.get('detail', '')}"
    hit = re.search(r"\bmodule\.(m\d+)\b|\./(m\d+)\b", text)
    return (hit.group(1) or hit.group(2)) if hit else ""


def describe(error: dict[str, Any]) -> str:
    where = error.get("range") or {}
    place = f"{where.get('filename', '?')}:{where.get('start', {}).get('line', '?')}"
    context = (error.get("snippet") or {}).get("context") or ""
    return " ".join(f"{place} {context}: {error['summary']}: {error.get('detail', '')}".split())[:800]
