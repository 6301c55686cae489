"""Where the demo's four processes are."""

from __future__ import annotations

import socket
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Addresses:
    """The origin of each process, as browsers and the other processes write it, and its port on loopback.

    Cookies ignore ports, so every peer has a host of its own; browsers take names below `.localhost` as this machine.
    """

    gateway: str
    simulator: str
    auth0: str
    app: str
    gateway_port: int
    simulator_port: int
    auth0_port: int
    app_port: int

    @property
    def ports(self) -> tuple[int, ...]:
        """Every port that has to be free."""
        return (self.gateway_port, self.simulator_port, self.auth0_port, self.app_port)


def addresses_from(port_base: int) -> Addresses:
    """Return the demo's usual addresses: four ports in a row, the gateway at 127.0.0.1."""
    gateway, simulator, auth0, app = range(port_base, port_base + 4)
    return Addresses(
        gateway=f"http://127.0.0.1:{gateway}",
        simulator=f"http://idp.localhost:{simulator}",
        auth0=f"http://auth0.localhost:{auth0}",
        app=f"http://app.localhost:{app}",
        gateway_port=gateway,
        simulator_port=simulator,
        auth0_port=auth0,
        app_port=app,
    )


def taken_ports(addresses: Addresses) -> tuple[int, ...]:
    """Return those of the ports on which somebody listens already."""
    return tuple(port for port in addresses.ports if not _is_free(port))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
