"""Pulumi programs: language, schema, types and a mocked run in one node process, then the provider's `validate`."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from judges import terraform
from judges.tools import ToolMissing, run, scratch

HOME = Path(__file__).parent.parent / "pulumi"


def node_bin() -> str:
    found = os.environ.get("CONFORM_NODE") or shutil.which("node")
    if not found:
        raise ToolMissing("node is not on PATH")
    if not (HOME / "node_modules").is_dir():
        raise ToolMissing("the npm packages are not installed (tests/conformance/install)")
    return found


def judge(programs: list[Path], provider: bool = True, plan: bool = False) -> dict[Path, tuple[list[str], list[str]]]:
    """Problems and notes of each program. `provider` also asks terraform's provider, through a translation."""
    if not programs:
        return {}
    with scratch("pulumi") as work:
        stages = ["--tsc", "--run", *(["--translate", str(work)] if provider else []), *(["--plan"] if plan else [])]
        ran = run([node_bin(), "--max-old-space-size=3000", str(HOME / "check.mjs"), *stages, *(str(p.resolve()) for p in programs)])
        if ran.rc != 0:
            raise ToolMissing(f"pulumi/check.mjs: {ran.text[-2000:]}")
        answer = json.loads(ran.out)
        found = {p: (answer[str(p.resolve())]["problems"], answer[str(p.resolve())]["notes"]) for p in programs}
        translated = {str(at): work / str(at) for at in range(len(programs)) if (work / str(at)).is_dir()}
        for at, problems in terraform.judge(translated, formatted=False).items():
            found[programs[int(at)]][0].extend(f"provider: {problem}" for problem in problems)
    return found
