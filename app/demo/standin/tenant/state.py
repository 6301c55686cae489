"""One tenant: everything it keeps, and the clock and randomness it lives by."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

from app.demo.standin.behaviour import Behaviour
from app.demo.standin.tenant.actions import Actions
from app.demo.standin.tenant.applications import Application, Applications
from app.demo.standin.tenant.connections import Connection, Connections
from app.demo.standin.tenant.ids import Random
from app.demo.standin.tenant.log import TenantLog
from app.demo.standin.tenant.organizations import Organization, Organizations
from app.demo.standin.tenant.upstream import UpstreamConnection, read_upstream
from app.demo.standin.tenant.users import Users


class Tenant:
    """A tenant. `base_url` is its domain, without a trailing slash; its issuer has one.

    Whoever changes what it keeps holds `lock`; nobody holds it while an Action runs, which may call back.
    """

    def __init__(
        self, base_url: str, now: Callable[[], datetime], random: Random, behaviour: Behaviour | None = None
    ) -> None:
        self.base_url = base_url
        self.now, self.random = now, random
        self.behaviour = behaviour or Behaviour()
        self.lock = threading.RLock()
        self.custom_domains: tuple[str, ...] = ()
        self.log = TenantLog(now)
        self.empty()

    def empty(self) -> None:
        """Forget everything but the address and the ways of this tenant."""
        self.connections, self.applications = Connections(), Applications()
        self.organizations, self.users, self.actions = Organizations(), Users(), Actions(self.random)
        self.log.clear()

    @property
    def issuer(self) -> str:
        """The issuer of the tenant's own tokens."""
        return f"{self.base_url}/"

    @property
    def callback_url(self) -> str:
        """The redirect URI that the upstream provider knows."""
        return f"{self.base_url}/login/callback"

    @property
    def api_audience(self) -> str:
        """The identifier of the Management API."""
        return f"{self.base_url}/api/v2/"

    def find_application(self, client_id: str | None) -> Application | None:
        """Return the application with this client id."""
        return self.applications.find(client_id)

    def find_organization(self, id_or_name: str) -> Organization | None:
        """Return the organization with this id or name."""
        return self.organizations.find(id_or_name)

    def domain_aliases(self) -> tuple[str, ...]:
        """Return the first few domains that identifier-first knows, to show."""
        return tuple(name for connection in self.connections for name in connection.domain_aliases)[:5]

    def upstream(self, connection: Connection) -> UpstreamConnection:
        """Return the connection as a login reads it."""
        behaviour = self.behaviour
        return read_upstream(
            connection.record, connection.key_pem, behaviour.default_type, behaviour.default_algorithms
        )
