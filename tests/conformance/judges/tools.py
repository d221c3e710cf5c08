"""What every judge shares: processes, scratch folders, reports, terraform with a local provider.

Nothing here knows the layout of any machine: tools come from PATH or the environment, scratch space
from the system's temporary folder.

Environment
    CONFORM_TERRAFORM      terraform executable (default: from PATH)
    CONFORM_TF_PLUGIN_DIR  the folder that contains registry.terraform.io/... (default: searched for)
    CONFORM_TF_DOWNLOAD    "1": let `terraform init` download the provider when no mirror is found
    CONFORM_KEEP           "1": keep scratch folders for inspection
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

REGISTRY = "registry.terraform.io"


class ToolMissing(Exception):
    """A judge could not run: its tool is not installed, or its argument is wrong."""


@dataclass
class Step:
    """One external command (or check) and its outcome."""

    name: str
    ok: bool
    seconds: float
    detail: Any = None


@dataclass
class Report:
    """What a judge prints; `ok` decides the exit status."""

    tool: str
    target: str
    steps: list[Step] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return all(step.ok for step in self.steps)

    def add(self, name: str, ok: bool, started: float, detail: Any = None) -> Step:
        step = Step(name, ok, round(time.monotonic() - started, 2), detail)
        self.steps.append(step)
        return step

    def as_json(self) -> dict[str, Any]:
        body: dict[str, Any] = {"tool": self.tool, "target": self.target, "ok": self.ok}
        body["steps"] = [asdict(step) for step in self.steps]
        return body | self.data


def finish(report: Report, json_out: bool, text: str = "") -> int:
    """Print the report and return the exit status."""
    if json_out:
        print(json.dumps(report.as_json(), indent=2, default=str))
        return 0 if report.ok else 1
    for step in report.steps:
        print(f"{'ok  ' if step.ok else 'FAIL'} {step.name:<14} {step.seconds:7.2f}s")
        if not step.ok and step.detail:
            print(indent(step.detail if isinstance(step.detail, str) else json.dumps(step.detail, indent=1)))
    if text:
        print(text)
    print(f"{report.tool}: {'PASS' if report.ok else 'FAIL'} {report.target}")
    return 0 if report.ok else 1


def indent(text: str, prefix: str = "     | ") -> str:
    return "\n".join(prefix + line for line in text.rstrip().splitlines())


@dataclass
class Ran:
    rc: int
    out: str
    err: str
    seconds: float

    @property
    def text(self) -> str:
        return (self.out + self.err).strip()


def run(argv: Sequence[str], cwd: Path | None = None, env: dict[str, str] | None = None, timeout: float = 900) -> Ran:
    """Run a command; past `timeout` it gets SIGINT (terraform stops cleanly), then SIGKILL."""
    started = time.monotonic()
    try:
        process = subprocess.Popen(argv, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    except FileNotFoundError as missing:
        raise ToolMissing(f"not found: {missing.filename}") from missing
    late = False
    for deadline, stop in ((timeout, signal.SIGINT), (20, signal.SIGKILL), (None, signal.SIGKILL)):
        try:
            out, err = process.communicate(timeout=deadline)
            break
        except subprocess.TimeoutExpired:
            late = True
            process.send_signal(stop)
        except BaseException:
            process.kill()
            process.wait()
            raise
    seconds = time.monotonic() - started
    return Ran(124, out, err + f"stopped after {timeout:.0f}s", seconds) if late else Ran(process.returncode, out, err, seconds)


def stop_on_sigterm() -> None:
    """Turn SIGTERM into SystemExit so that context managers clean up."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


@contextmanager
def scratch(label: str) -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix=f"conform-{label}-"))
    try:
        yield path
    finally:
        if os.environ.get("CONFORM_KEEP") == "1":
            print(f"kept {path}", file=sys.stderr)
        else:
            shutil.rmtree(path, ignore_errors=True)


def terraform_bin() -> str:
    found = os.environ.get("CONFORM_TERRAFORM") or shutil.which("terraform")
    if not found:
        raise ToolMissing("terraform is not on PATH (set CONFORM_TERRAFORM)")
    return found


def _search_roots() -> list[Path]:
    """Usual places for a filesystem mirror, nearest first."""
    roots = [Path.cwd(), Path.home() / ".terraform.d", Path.home() / ".local/share/terraform"]
    for var in ("TF_PLUGIN_CACHE_DIR", "XDG_DATA_HOME"):
        if os.environ.get(var):
            roots.append(Path(os.environ[var]))
    roots += [Path(d) / "terraform" for d in os.environ.get("XDG_DATA_DIRS", "/usr/local/share:/usr/share").split(":")]
    return roots + [Path("/opt"), Path("/usr/local/lib"), Path("/srv"), Path("/var/lib")]


def _mirrors_under(root: Path, depth: int) -> Iterator[Path]:
    """Directories up to `depth` below root that hold registry.terraform.io."""
    if (root / REGISTRY).is_dir():
        yield root
        return
    if depth == 0:
        return
    try:
        children = sorted(child for child in root.iterdir() if child.is_dir() and not child.is_symlink())
    except OSError:
        return
    for child in children:
        yield from _mirrors_under(child, depth - 1)


def find_plugin_dir(provider: str = "hashicorp/aws") -> Path | None:
    """The directory to hand to `terraform init -plugin-dir`, or None."""
    override = os.environ.get("CONFORM_TF_PLUGIN_DIR")
    if override:
        path = Path(override)
        path = path.parent if path.name == REGISTRY else path
        if not (path / REGISTRY).is_dir():
            raise ToolMissing(f"CONFORM_TF_PLUGIN_DIR={override} holds no {REGISTRY}")
        return path
    for root in _search_roots():
        for mirror in _mirrors_under(root, depth=3):
            if (mirror / REGISTRY / provider).is_dir():
                return mirror
    return None


@dataclass
class Terraform:
    """terraform in one scratch working directory, isolated from user settings."""

    cwd: Path
    plugin_dir: Path | None
    extra_env: dict[str, str] = field(default_factory=dict)

    def env(self) -> dict[str, str]:
        keep = {k: v for k, v in os.environ.items() if not k.startswith(("TF_", "AWS_"))}
        config = self.cwd / ".conform.tfrc"
        if not config.exists():
            config.write_text("disable_checkpoint = true\n")
        keep |= {"TF_CLI_CONFIG_FILE": str(config), "TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "CHECKPOINT_DISABLE": "1"}
        return keep | self.extra_env

    def __call__(self, *args: str, timeout: float = 900) -> Ran:
        return run([terraform_bin(), *args], cwd=self.cwd, env=self.env(), timeout=timeout)

    def init(self, backend: bool = False) -> Ran:
        """Offline init: terraform symlinks a provider found with -plugin-dir."""
        args = ["init", "-no-color", "-input=false"] + ([] if backend else ["-backend=false"])
        if self.plugin_dir:
            args.append(f"-plugin-dir={self.plugin_dir}")
        elif os.environ.get("CONFORM_TF_DOWNLOAD") != "1":
            raise ToolMissing(f"no provider mirror ({REGISTRY}) found; set CONFORM_TF_PLUGIN_DIR or CONFORM_TF_DOWNLOAD=1")
        return self(*args)


def copy_config(source: Path, target: Path) -> None:
    """Copy a configuration without state, caches or lock file."""
    if not source.is_dir():
        raise ToolMissing(f"not a directory: {source}")
    skip = shutil.ignore_patterns(".terraform", ".terraform.lock.hcl", "*.tfstate*", ".git")
    shutil.copytree(source, target, ignore=skip, dirs_exist_ok=True)


def json_lines(text: str) -> list[dict[str, Any]]:
    """The JSON objects of a `terraform ... -json` stream."""
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def resource_type(address: str) -> str:
    """module.a.aws_vpc.main[0] -> aws_vpc"""
    bare = re.sub(r"\[[^\]]*\]", "", address)
    parts = bare.split(".")
    return parts[-2] if len(parts) > 1 else parts[0]
