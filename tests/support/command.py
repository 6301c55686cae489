"""The `portico` command in processes of its own, on an installation of a test's own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import requests

BOUND_S = 60  # tells a hang from an answer, on a busy machine


class Portico:
    """Runs the command in a process of its own, on an installation of its own."""

    def __init__(self, instance: Path, **settings: str) -> None:
        outside = {name: value for name, value in os.environ.items() if not name.startswith("PORTICO_")}
        self.environment = {**outside, "PORTICO_INSTANCE_PATH": str(instance), "NO_COLOR": "1", **settings}

    def run(self, *arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "app.cli", *arguments]
        return subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=BOUND_S, check=False, **more
        )

    def json(self, *arguments: str) -> Any:
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, (arguments, done.stdout, done.stderr)
        return json.loads(done.stdout)


class serving:  # noqa: N801 -- reads as a phrase
    """A running `portico serve` on a free port, ready; ends it at the end."""

    def __init__(self, portico: Portico, *options: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        environment = {**portico.environment, "PORTICO_BASE_URL": self.url}
        command = [sys.executable, "-m", "app.cli", "serve", "--workers", "2", *options]
        self.process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.log = ""

    def __enter__(self) -> serving:
        deadline = time.monotonic() + BOUND_S
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                if requests.get(f"{self.url}/readyz", timeout=5).status_code == 200:
                    return self
            except requests.ConnectionError:
                time.sleep(0.1)
        self.process.kill()
        raise AssertionError(self.process.communicate())

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.log = self.process.communicate(timeout=BOUND_S)[1]
        assert self.process.returncode == 0, self.log
