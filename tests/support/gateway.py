"""A real server process of the gateway on loopback, started by the commands that an operator types."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import requests

from app.settings import ROOT
from tests.support.management import Management

_START_S = 60
_STOP_S = 15


def free_port() -> int:
    """Return a port of loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Gateway:
    """One installation: a folder, a database, a port. It may be stopped and started again on what it kept.

    Args:
        folder: becomes the instance folder; the server's output is appended to `server.log` in it.
        allow: origins that may be fetched although they are on loopback.
        workers: server processes.
    """

    def __init__(self, folder: Path, database_url: str, *, allow: Iterable[str] = (), workers: int = 2) -> None:
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "server.log"
        self.database_url = database_url
        self.organizations: dict[str, Any] = {}  # those that several tests share: one owner for each simulated domain
        self._workers = workers
        self._process: subprocess.Popen[bytes] | None = None
        self._api: Management | None = None
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PORTICO_")}
        self.environment = {
            **inherited,
            "PORTICO_ENV": "development",
            "PORTICO_BASE_URL": self.base_url,
            "PORTICO_DATABASE_URL": database_url,
            "PORTICO_INSTANCE_PATH": str(folder),
            "PORTICO_OUTBOUND_ALLOW": ",".join(allow),
        }

    @property
    def pid(self) -> int:
        """The process at the root of the server's tree."""
        assert self._process is not None
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def api(self) -> Management:
        """The management API, with a key that the command line made."""
        if self._api is None:
            made = self.command("api-key", "create", "--name", "tests")
            self._api = Management(self.base_url, made["api_key"])
        return self._api

    def command(self, *arguments: str) -> Any:
        """Run a `portico` command with --json and return what it prints."""
        done = subprocess.run(
            [*portico(), *arguments, "--json"],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=_START_S,
        )
        assert done.returncode == 0, f"portico {' '.join(arguments)}: {done.stderr}{done.stdout}"
        return json.loads(done.stdout) if done.stdout.strip() else None

    def start(self) -> None:
        """Migrate, start the server and wait until it is ready."""
        self.command("db", "upgrade")
        options = ["--port", str(self.port), "--workers", str(self._workers)]
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [*portico(), "serve", *options],
                env=self.environment,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        deadline = time.monotonic() + _START_S
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise AssertionError(f"the gateway did not start:\n{self.log.read_text()[-4000:]}")
            time.sleep(0.1)

    def _is_ready(self) -> bool:
        try:
            return requests.get(f"{self.base_url}/readyz", timeout=2).status_code == 200
        except requests.RequestException:
            return False

    def stop(self) -> None:
        """End the server as an operator would (SIGTERM), and wait for it."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)
        self._process = None

    def restart(self) -> None:
        """Stop and start again, on the same folder, database and port."""
        self.stop()
        self.start()


def portico() -> list[str]:
    """Return the command `portico` of this environment."""
    return [sys.executable, "-m", "app.cli"]
