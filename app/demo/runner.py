"""Running the demo: four processes, seeded, until somebody stops it."""

from __future__ import annotations

import json
import os
import secrets
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.demo.addresses import Addresses
from app.demo.children import Child, ChildFailed, Children
from app.demo.configuration import ledgerline_configuration, simulator_configuration, standin_configuration
from app.demo.gateway_api import GatewayApi, SimulatorConsole
from app.demo.loopback import LoopbackHttp
from app.demo.seed import seed

ROOT = Path(__file__).parents[2]
_COMMAND_S = 60
_MARK = ".portico-demo"
#: In the demo's folder, for a shell to read: what `portico` needs to work on the demo and on its tenant.
SHELL = "portico.env"


class Demo:
    """The processes of one demo. `start` returns when all of them answer; `children` stops them.

    Args:
        folder: holds the database, configurations and logs; it is emptied first.
        tell: gets a sentence before each thing that takes time.
    """

    def __init__(self, addresses: Addresses, folder: Path, children: Children, tell: Callable[[str], None]) -> None:
        self._addresses, self._folder, self._children, self._tell = addresses, folder, children, tell
        self._http = LoopbackHttp(timeout_s=20)

    def start(self) -> None:
        """Start and seed everything. Raises ChildFailed, CallFailed, Unreachable."""
        addresses, http = self._addresses, self._http
        app_client = (secrets.token_hex(16), secrets.token_hex(32))
        machine = (secrets.token_hex(16), secrets.token_hex(32))
        admin_token = secrets.token_hex(32)
        self._tell("Starting the customers’ identity providers and the gateway")
        configuration = simulator_configuration(addresses, admin_token)
        simulator = self._peer("simulator", "portico_simulator", addresses.simulator_port, configuration)
        gateway = self._gateway()
        self._children.wait_ready(simulator, http, f"{addresses.simulator}/healthz")
        self._children.wait_ready(gateway, http, f"{addresses.gateway}/readyz")
        self._tell("Adding three customers through the management API")
        api_key = self._api_key()
        api = GatewayApi(http, addresses.gateway, api_key)
        console = SimulatorConsole(http, addresses.simulator, admin_token)
        seeded = seed(api, console, addresses.auth0, addresses.app)
        self._tell("Starting the stand-in for Auth0 and the application")
        tenant = standin_configuration(addresses, seeded, app_client, machine)
        self._write(SHELL, self._shell(machine))
        standin = self._peer("standin", "app.demo.standin", addresses.auth0_port, tenant)
        own = ledgerline_configuration(addresses, seeded, app_client, api_key)
        ledgerline = self._peer("ledgerline", "app.demo.ledgerline", addresses.app_port, own)
        self._children.wait_ready(standin, http, f"{addresses.auth0}/healthz")
        self._children.wait_ready(ledgerline, http, f"{addresses.app}/healthz")

    def _gateway(self) -> Child:
        command = [sys.executable, "-m", "app.cli", "serve", "--port", str(self._addresses.gateway_port)]
        return self._children.start("gateway", command, environment=self._environment(), cwd=ROOT)

    def _peer(self, name: str, module: str, port: int, configuration: dict[str, Any]) -> Child:
        file = self._write(f"{name}.json", json.dumps(configuration))
        command = [sys.executable, "-m", module, "--port", str(port), "--config", str(file)]
        return self._children.start(name, command, cwd=ROOT)

    def _write(self, name: str, content: str) -> Path:
        """Write a file that only its owner reads."""
        file = self._folder / name
        file.touch(mode=0o600)
        file.write_text(content)
        return file

    def _shell(self, machine: tuple[str, str]) -> str:
        """Return assignments: the gateway's own settings, and a machine of the tenant."""
        credentials = {
            "PORTICO_AUTH0_DOMAIN": self._addresses.auth0,
            "PORTICO_AUTH0_CLIENT_ID": machine[0],
            "PORTICO_AUTH0_CLIENT_SECRET": machine[1],
        }
        return "".join(f"{name}={shlex.quote(value)}\n" for name, value in (self._settings() | credentials).items())

    def _api_key(self) -> str:
        """Make an API key by the command that an operator would type."""
        done = subprocess.run(
            [sys.executable, "-m", "app.cli", "api-key", "create", "--name", "Demo", "--json"],
            env=self._environment(),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=_COMMAND_S,
            check=False,
        )
        if done.returncode != 0:
            raise ChildFailed(f"portico api-key create: {done.stderr[-2000:]}")
        return str(json.loads(done.stdout)["api_key"])

    def _environment(self) -> dict[str, str]:
        """Return the gateway's environment: nothing of the caller's own installation reaches the demo."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PORTICO_")}
        return inherited | self._settings()

    def _settings(self) -> dict[str, str]:
        return {
            "PORTICO_ENV": "development",
            "PORTICO_BASE_URL": self._addresses.gateway,
            "PORTICO_INSTANCE_PATH": str(self._folder.resolve()),
            "PORTICO_OUTBOUND_ALLOW": f"{self._addresses.simulator},{self._addresses.auth0}",
        }


class NotOurFolder(Exception):
    """The folder holds something that no demo put there."""


def empty_folder(folder: Path) -> None:
    """Make `folder` anew: every demo starts from nothing, since its providers make new keys each time.

    Raises NotOurFolder: it has content, and not the mark that a demo leaves.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / _MARK).exists():
        raise NotOurFolder(f"{folder} was not made by a demo; it stays as it is.")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    (folder / _MARK).touch()
