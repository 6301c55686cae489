"""Fixtures with real processes: the gateway on each database, the simulator, a browser, a relying party.

A gateway is started once for each kind of database and serves the whole run; a test makes customers of its own on it.
tests/conftest.py imports these.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.browser import Browser
from tests.support.databases import Databases
from tests.support.gateway import Gateway, free_port
from tests.support.management import Client
from tests.support.relying_party import RelyingParty
from tests.support.simulator import Simulator, run_simulator
from tests.support.soak import WORKERS


@dataclass(frozen=True, slots=True)
class Ports:
    """Where peers listen: known before the gateway starts, which must be told that it may go there."""

    simulator: int
    oidc_provider: int
    relying_party: int
    auth0: int

    @property
    def origins(self) -> tuple[str, ...]:
        return (
            f"http://idp.localhost:{self.simulator}",
            f"http://127.0.0.1:{self.oidc_provider}",
            f"http://127.0.0.1:{self.relying_party}",
            f"http://auth0.localhost:{self.auth0}",
        )


class Gateways:
    """Starts one gateway for each kind of database, at first use."""

    def __init__(self, databases: Databases, folder: Path, ports: Ports) -> None:
        self._databases = databases
        self._folder = folder
        self._ports = ports
        self._running: dict[str, Gateway] = {}
        self._broken: set[str] = set()
        self._stack = ExitStack()

    def get(self, kind: str) -> Gateway:
        """Return a running gateway. One that could not start at all fails every test at once instead of waiting again."""
        assert kind not in self._broken, f"the gateway on {kind} could not start: see the first failure"
        if kind not in self._running:
            self._broken.add(kind)
            url = self._stack.enter_context(self._databases.database(kind, empty=True))
            folder = self._folder / kind
            folder.mkdir()
            gateway = Gateway(folder, url, allow=self._ports.origins, workers=WORKERS)
            self._stack.callback(gateway.stop)
            gateway.start()
            self._running[kind] = gateway
            self._broken.remove(kind)
        elif not self._running[kind].is_running:
            self._running[kind].start()  # one failure to come back is one failed test
        return self._running[kind]

    def close(self) -> None:
        self._stack.close()


@pytest.fixture(scope="session")
def ports() -> Ports:
    """Ports of the peers of this test process."""
    return Ports(free_port(), free_port(), free_port(), free_port())


@pytest.fixture(scope="session")
def gateways(databases: Databases, tmp_path_factory: pytest.TempPathFactory, ports: Ports) -> Iterator[Gateways]:
    """The running gateways of this test process."""
    running = Gateways(databases, tmp_path_factory.mktemp("gateways"), ports)
    yield running
    running.close()


@pytest.fixture
def gateway(request: pytest.FixtureRequest, gateways: Gateways) -> Gateway:
    """A running gateway with two worker processes, shared with other tests."""
    return gateways.get(request.param)


@pytest.fixture(scope="session")
def simulator(tmp_path_factory: pytest.TempPathFactory, ports: Ports) -> Iterator[Simulator]:
    """The simulated identity providers."""
    with run_simulator(tmp_path_factory.mktemp("simulator"), ports.simulator) as running:
        yield running


@pytest.fixture
def browser() -> Browser:
    """A browser that has been nowhere."""
    return Browser()


@pytest.fixture
def client(gateway: Gateway) -> Client:
    """A new client that may use every organization."""
    return gateway.api.add_client()


@pytest.fixture
def relying_party(gateway: Gateway, client: Client) -> RelyingParty:
    """That client, as its software."""
    return RelyingParty(gateway.base_url, client)
