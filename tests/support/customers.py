"""Connections of customers, on stand-in adapters, for tests of the domain."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from app.audit import Actor, EventFilter, StoredEvent, list_events
from app.cipher import Cipher
from app.connections import Connection, Connections, NewConnection
from app.organizations import NewOrganization, add_organization
from portico_sdk import AdapterSpec, Http
from tests.support.columns import READY, registry_of, spec_of

OPERATOR = Actor("cli", "test")
CUSTOMER = Actor("setup_link", "lnk-1")
BASE_URL = "https://sso.portico.example"


def connections_of(
    cipher: Cipher, *specs: AdapterSpec, distribution: str = "portico-adapter-acme", **more: Any
) -> Connections:
    """Return the room on stand-in adapters: `acme-saml` and `acme-oidc` unless told otherwise."""
    registry = registry_of(*(specs or (spec_of(), spec_of("acme-oidc", protocol="oidc"))), distribution=distribution)
    return Connections(registry, cipher, BASE_URL, lambda _: cast(Http, None), os.urandom, **more)


@dataclass(frozen=True)
class Customers:
    """Makes organizations and connections at a fixed time."""

    connections: Connections
    now: datetime
    adapter: str = "acme-saml"  # whose connections have a key of their own, which takes time to make

    def organization(self, name: str = "Acme", **more: Any) -> str:
        return add_organization(NewOrganization(name, **more), actor=OPERATOR, now=self.now).id

    def draft(self, organization: str, adapter: str | None = None, **more: Any) -> Connection:
        more.setdefault("settings", READY)
        return self.connections.add(
            organization, NewConnection(adapter or self.adapter, **more), actor=OPERATOR, now=self.now
        )

    def active(self, organization: str, adapter: str | None = None, **more: Any) -> Connection:
        return self.activate(self.draft(organization, adapter, **more).id)

    def activate(self, connection_id: str) -> Connection:
        return self.connections.activate(connection_id, skip_test=True, actor=OPERATOR, now=self.now)

    def deactivate(self, connection_id: str) -> Connection:
        return self.connections.deactivate(connection_id, actor=OPERATOR, now=self.now)

    def change(self, connection_id: str, **changes: Any) -> Connection:
        return self.connections.change(connection_id, changes, actor=OPERATOR, now=self.now)  # type: ignore[arg-type]

    def defaults(self, organization: str) -> list[str]:
        """Ids of the active default connections: one at most."""
        return [one.id for one in self.connections.active_of(organization) if one.is_default]


def events(target: str) -> list[StoredEvent]:
    """What the audit log says of `target`, oldest first."""
    return list(list_events(EventFilter(target=target), limit=100, after=None).items)[::-1]


def silence(_: object) -> None:
    """Record nothing: for contexts whose checks no test looks at."""
