"""A private moto server on 127.0.0.1, and an environment that can reach nothing else."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from judges.tools import ToolMissing

LOOPBACK = "127.0.0.1"
MOTO_START_SECONDS = 60
STARTING = threading.Semaphore(2)  # it takes seconds of a processor


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


@dataclass
class Moto:
    """A running moto server."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path
    mark: int = 0  # where what was said since the last reset begins

    @property
    def endpoint(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def alive(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.endpoint}/moto-api/", timeout=2):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False

    def reset(self) -> None:
        """Everything that was made is gone, as in an account that is new."""
        urllib.request.urlopen(urllib.request.Request(f"{self.endpoint}/moto-api/reset", method="POST"), timeout=300).close()
        self.mark = self.log.stat().st_size

    def said(self) -> str:
        """What the server said since it was reset."""
        with self.log.open("rb") as log:
            log.seek(self.mark)
            return log.read().decode(errors="replace")

    def unimplemented(self) -> list[str]:
        """`service.Operation` asked of moto that moto does not have."""
        return sorted(set(re.findall(r"^conform-unimplemented (\S+)", self.said(), re.M)))


MOTO_ENV = {
    "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",  # arn:aws:iam::aws:policy/* can be attached
    "MOTO_ACM_VALIDATION_WAIT": "1",  # default is 60 s
    "MOTO_ALLOW_NONEXISTENT_REGION": "false",
    "AWS_ACCESS_KEY_ID": "conform",
    "AWS_SECRET_ACCESS_KEY": "conform",
    "AWS_DEFAULT_REGION": "us-east-1",
}


@contextmanager
def moto_server(log_dir: Path) -> Iterator[Moto]:
    """Start moto on a free loopback port; always stopped (by pid) on exit."""
    port = free_port()
    log = log_dir / "moto.log"
    argv = [sys.executable, "-m", "judges.moto_shim", "-H", LOOPBACK, "-p", str(port)]
    home = Path(__file__).parent.parent
    with STARTING, log.open("wb") as sink:
        process = subprocess.Popen(argv, stdout=sink, stderr=sink, cwd=home, env=os.environ | MOTO_ENV)
        server = Moto(port, process, log)
        try:
            _wait_for(server)
        except BaseException:
            process.kill()
            process.wait()
            raise
    try:
        yield server
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(server: Moto) -> None:
    deadline = time.monotonic() + MOTO_START_SECONDS
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            raise ToolMissing(f"moto server exited: {server.log.read_text(errors='replace')[-2000:]}")
        if server.alive():
            return
        time.sleep(0.1)
    raise ToolMissing("moto server did not start")


DEAD_PROXY = f"http://{LOOPBACK}:9"


def offline_env(endpoint: str, region: str) -> dict[str, str]:
    """Environment that can only reach `endpoint`: any other host meets a dead proxy."""
    return {
        "AWS_ACCESS_KEY_ID": "conform",
        "AWS_SECRET_ACCESS_KEY": "conform",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "HTTP_PROXY": DEAD_PROXY,
        "HTTPS_PROXY": DEAD_PROXY,
        "NO_PROXY": f"{LOOPBACK},localhost",
        "http_proxy": DEAD_PROXY,
        "https_proxy": DEAD_PROXY,
        "no_proxy": f"{LOOPBACK},localhost",
    }


def boto_client(service: str, endpoint: str, region: str) -> Any:
    """A boto3 client that talks to moto only (path-style S3, no retries)."""
    import boto3
    from botocore.config import Config

    config = Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1}, proxies={}, read_timeout=300)
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name=region,
        aws_access_key_id="conform",
        aws_secret_access_key="conform",
        config=config,
    )
