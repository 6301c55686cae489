"""A gateway in this process over HTTP, beside a tenant of the stand-in: both on one clock, which waiting moves on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select
from werkzeug.serving import make_server

from app.audit import Actor
from app.auth0.auth0 import Auth0, Connected
from app.auth0.deciding import Typed
from app.auth0.models import Auth0Binding, Auth0Trust
from app.auth0.tenant import Credentials
from app.auth0.trust import get_trust
from app.database import db, transaction
from app.gateway import Gateway
from tests.support.auth0_tenant import Auth0Tenant, run_auth0_tenant
from tests.support.clock import SettableClock
from tests.support.databases import Databases
from tests.support.gateway import free_port
from tests.support.management import Management
from tests.support.whole_app import Api, whole_app

OPERATOR = Actor("cli", "test")


@dataclass
class Trust:
    """Both sides. `waited` are the seconds that rate limits and builds were waited for."""

    app: Flask
    tenant: Auth0Tenant
    clock: SettableClock
    api: Management
    issuer: str
    waited: list[float] = field(default_factory=list)

    @property
    def auth0(self) -> Auth0:
        """The room's door, which waits by moving the clock."""
        gateway: Gateway = self.app.extensions["portico"]
        return replace(gateway.auth0, sleep=self._sleep)

    def credentials(self, *scopes: str) -> Credentials:
        """Return new ones with these scopes; with every scope for none."""
        machine = self.tenant.machine(*scopes)
        return Credentials(machine.client_id, machine.client_secret)

    def connect(self, credentials: Credentials | None = None, **typed: Any) -> Connected:
        """Run the plan."""
        with self.app.app_context():
            said = Typed(domain=self.tenant.origin, **typed)
            return self.auth0.connect(said, credentials or self.credentials(), actor=OPERATOR)

    def changes(self, credentials: Credentials | None = None, **typed: Any) -> dict[str, list[str]]:
        """Return what a run would change, by step: paths."""
        with self.app.app_context():
            said = Typed(domain=self.tenant.origin, **typed)
            planned = self.auth0.plan(said, credentials or self.credentials(), actor=OPERATOR)
        return {one.step.name: [each.path for each in one.differences] for one in planned if one.differences}

    def verify(self, **more: Any) -> dict[str, Any]:
        """Return the report, by stored credentials."""
        with self.app.app_context():
            return self.auth0.verify(self.auth0.open_tenant(), actor=OPERATOR, **more)

    def push(self, **more: Any) -> dict[str, Any]:
        """Bring domains in step."""
        with self.app.app_context():
            return self.auth0.push_domains(self.auth0.open_tenant(), actor=OPERATOR, **more)

    def connection(self) -> Any:
        """Return the one connection as the tenant has it."""
        (found,) = [one for one in self.tenant.ask("GET", "/connections") if one["strategy"] == "oidc"]
        return found

    def change_options(self, **options: Any) -> None:
        """Change options as somebody in the tenant's dashboard would; None removes one."""
        stored = self.connection()
        merged = {name: value for name, value in {**stored["options"], **options}.items() if value is not None}
        body = {"options": merged, "display_name": stored["display_name"]}
        self.tenant.ask("PATCH", f"/connections/{stored['id']}", body)

    def row(self) -> Auth0Trust:
        """Return the stored trust."""
        with self.app.app_context():
            return get_trust()

    def _sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.clock.advance(seconds=seconds)


def drifted(report: dict[str, Any]) -> dict[str, list[str]]:
    """Return what a report says is not as it should be: paths by check."""
    return {
        check["name"]: [one["path"] for one in check["differences"]]
        for check in report["checks"]
        if check["state"] != "ok"
    }


@contextmanager
def run_trust(database_url: str, folder: Path) -> Iterator[Trust]:
    """Run both for the length of the block."""
    clock = SettableClock(datetime.now(UTC))
    port = free_port()
    issuer = f"http://127.0.0.1:{port}"
    with run_auth0_tenant(clock=clock) as tenant:
        settings: dict[str, Any] = {"base_url": issuer, "outbound_allow": (tenant.origin, issuer)}
        with whole_app(database_url, clock, folder, **settings) as app:
            with app.app_context():
                app.extensions["portico"].keys.ensure(clock())
            server = make_server("127.0.0.1", port, app, threaded=True)
            thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
            thread.start()
            try:
                yield Trust(app, tenant, clock, Management(issuer, Api(app, clock).key), issuer)
            finally:
                server.shutdown()
                thread.join(5)
                server.server_close()


@pytest.fixture(scope="module")
def running_trust(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trust]:
    """One for the tests of a module."""
    with databases.database("sqlite") as url, run_trust(url, tmp_path_factory.mktemp("trust")) as running:
        yield running


@pytest.fixture
def trust(running_trust: Trust) -> Iterator[Trust]:
    """A gateway that trusts nobody yet, and an empty tenant."""
    running_trust.tenant.reset()
    running_trust.waited.clear()
    yield running_trust
    forget(running_trust)


def forget(trust: Trust) -> None:
    """Forget the trust and whom organizations stand for, so that the next test begins with nothing."""
    from app.organizations import Organization, change_organization

    with trust.app.app_context():
        bound = list(db.session.scalars(select(Organization.id).where(Organization.auth0_organization_id.is_not(None))))
        for organization_id in bound:
            change_organization(organization_id, {"auth0_organization_id": None}, actor=OPERATOR, now=trust.clock())
        with transaction() as session:
            session.execute(delete(Auth0Binding))
            session.execute(delete(Auth0Trust))
