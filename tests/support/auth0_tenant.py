"""A tenant of the stand-in for Auth0 over HTTP on loopback, in this process: its Management API, logins, logs, switches.

`auth0_tenant` is a fixture; `run_auth0_tenant` is for those that need another clock, port, host or TLS.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlencode

import pytest
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

from app.demo.loopback import Answer, LoopbackHttp
from app.demo.standin.management.limits import Limit
from app.demo.standin.management.scopes import ALL_SCOPES
from app.demo.standin.settings import parse_tenant
from app.demo.standin.tenant.applications import Application, Machine
from app.demo.standin.tenant.ids import make_id
from app.demo.standin.tenant.organizations import Organization
from app.demo.standin.views import StandIn
from tests.support.authority import ServerTls
from tests.support.gateway import free_port
from tests.support.gateways import Ports

HOST = "auth0.localhost"
CALLBACK = "http://app.localhost:1/callback"
AFTER_LOGOUT = "http://app.localhost:1/"


class MovingClock:
    """The real time, moved on by hand."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def advance(self, seconds: float = 0, **parts: float) -> datetime:
        """Move on by `seconds` and by what timedelta understands; return the time."""
        self._ahead += timedelta(seconds=seconds, **parts)
        return self()


@dataclass(frozen=True, slots=True)
class Auth0Tenant:
    """A running tenant.

    Args:
        origin: its domain as a URL, such as `http://auth0.localhost:8443`; what `portico auth0 connect` is given.
        clock: what it was started with; call `advance` on it.
    """

    origin: str
    standin: StandIn
    clock: Any
    ca: Any = None

    def machine(self, *scopes: str) -> Machine:
        """Return credentials of a new machine-to-machine application with these scopes; with every scope for none."""
        made = Machine(make_id("", self.standin.tenant.random, 32), "machine-secret", scopes or ALL_SCOPES)
        self.standin.tenant.applications.add_machine(made)
        return made

    def token(self, machine: Machine | None = None) -> str:
        """Return a Management API token."""
        machine = machine or self.machine()
        form = {"grant_type": "client_credentials", "client_id": machine.client_id}
        form |= {"client_secret": machine.client_secret, "audience": f"{self.origin}/api/v2/"}
        answer = self.http.request("POST", f"{self.origin}/oauth/token", form=form)
        assert answer.status == 200, answer.body
        return str(answer.json()["access_token"])

    @property
    def http(self) -> LoopbackHttp:
        """What reaches it from this process."""
        return LoopbackHttp(self.ca, timeout_s=20)

    def call(self, method: str, path: str, body: Any = None, *, token: str | None = None, **query: Any) -> Answer:
        """Return the answer to a call below /api/v2; with every scope unless a token is given. `from_` is `from`."""
        pairs = [
            (name.rstrip("_"), str(part).lower() if isinstance(part, bool) else str(part))
            for name, value in query.items()
            for part in (value if isinstance(value, list | tuple) else [value])
        ]
        url = f"{self.origin}/api/v2{path}" + (f"?{urlencode(pairs)}" if pairs else "")
        headers = {"Authorization": f"Bearer {token or self.token()}"}
        return self.http.request(method, url, headers=headers, body=body)

    def ask(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """Return the JSON of a call that succeeds."""
        answer = self.call(method, path, body, **query)
        assert 200 <= answer.status < 300, f"{method} {path}: {answer.status} {answer.body.decode()}"
        return json.loads(answer.body) if answer.body else None

    def behave(self, **switches: Any) -> None:
        """Turn switches of `app.demo.standin.behaviour.Behaviour`, until the next reset."""
        self.standin.tenant.behaviour = replace(self.standin.tenant.behaviour, **switches)

    def limit(self, **limits: tuple[float, int]) -> None:
        """Set rate limits as (calls in a second, burst): `api`, `organization_connections_read` and `_write`."""
        self.standin.management.set_limits({name: Limit(*limit) for name, limit in limits.items()})

    def reset(self) -> None:
        """Make everything as it was at the start."""
        self.standin.reset()

    def add_application(self, name: str = "App", **more: Any) -> Application:
        """Return a new application; callback and logout URL are CALLBACK and AFTER_LOGOUT unless given."""
        client_id, defaults = make_id("", self.standin.tenant.random, 32), {"callbacks": (CALLBACK,)}
        made = Application(name, client_id, "app-secret", **(defaults | {"logout_urls": (AFTER_LOGOUT,)} | more))
        self.standin.tenant.applications.add(made)
        return made

    def add_organization(self, name: str, metadata: Mapping[str, str] | None = None) -> Organization:
        """Return a new organization with no connection and no member."""
        record = {"id": make_id("org_", self.standin.tenant.random), "name": name, "display_name": name}
        return self.standin.tenant.organizations.add(record | {"metadata": dict(metadata or {})})

    def add_connection(self, strategy: str, name: str, options: Mapping[str, Any], **more: Any) -> str:
        """Return the id of a connection of any strategy that is simply there; nothing of it is checked or fetched."""
        record = {
            "id": make_id("con_", self.standin.tenant.random),
            "name": name,
            "strategy": strategy,
            "display_name": name,
            "is_domain_connection": False,
            "show_as_button": True,
            "options": dict(options),
            "realms": [name],
            "authentication": {"active": True},
            "connected_accounts": {"active": False},
        }
        return self.standin.tenant.connections.add(record | more).id

    def add_user(self, user_id: str, connection: str, **attributes: Any) -> dict[str, Any]:
        """Return the profile of an old user, such as `samlp|acme|ada`, who signed in by that connection."""
        tenant = self.standin.tenant
        return tenant.users.add(user_id, connection, attributes, tenant.now())

    def logs(self, *types: str) -> list[dict[str, Any]]:
        """Return the log, newest first; of these types only where some are named."""
        entries = self.standin.tenant.log.entries()
        return [entry.as_json() for entry in entries if not types or entry.type in types]


@cache
def _signing_key() -> RSAKey:
    """One for the run: a new one takes longer than most tests."""
    key = RSAKey.generate_key(2048, {"use": "sig"}, private=True)
    key.ensure_kid()
    return key


@contextmanager
def run_auth0_tenant(
    *,
    port: int | None = None,
    host: str = HOST,
    clock: Callable[[], datetime] | None = None,
    tls: ServerTls | None = None,
    **settings: Any,
) -> Iterator[Auth0Tenant]:
    """Run a tenant for the length of the block.

    Args:
        clock: the tenant's time; a MovingClock where none is given.
        tls: serves https with this certificate.
        settings: of `app.demo.standin.settings.parse_tenant`, without `base_url`; nothing is there by itself.
    """
    port, clock = port or free_port(), clock or MovingClock()
    origin = f"{'https' if tls else 'http'}://{host}:{port}"
    raw = {"base_url": origin, "login_action": False} | settings
    authority = tls.authority if tls else None
    standin = StandIn(parse_tenant(raw), LoopbackHttp(authority), now=clock, key=_signing_key())
    files = (str(tls.certificate), str(tls.key)) if tls else None
    server = make_server("127.0.0.1", port, standin.flask, threaded=True, ssl_context=files)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield Auth0Tenant(origin, standin, clock, authority)
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@pytest.fixture
def auth0_tenant(ports: Ports) -> Iterator[Auth0Tenant]:
    """An empty tenant at an origin that the gateways of these tests may fetch from."""
    with run_auth0_tenant(port=ports.auth0) as running:
        yield running
