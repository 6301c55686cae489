"""The room's face to the outside: every operation on connections, with the collaborators wired in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.adapters import Registry
from app.audit import Actor
from app.cipher import Cipher
from app.claims import ClaimRules
from app.connections import adding, changing, life_cycle, routes
from app.connections.claim_rules import read_rules, rules_in_force
from app.connections.describing import describe_connection
from app.connections.live import ConfigurationMemory, LiveConnection
from app.connections.models import Connection
from app.connections.opening import open_connection
from app.connections.storing import get_row
from app.connections.surroundings import Surroundings
from app.connections.values import ConnectionChanges, NewConnection
from app.database import db
from portico_sdk import Http


class Connections:
    """Customers' identity providers. One per process; safe to use from several threads."""

    def __init__(
        self,
        registry: Registry,
        cipher: Cipher,
        base_url: str,
        http_for: Callable[[str], Http],
        random: Callable[[int], bytes],
    ) -> None:
        self._around = Surroundings(registry, cipher, base_url, http_for, random)
        self._memory = ConfigurationMemory()

    def add(self, organization_id: str, new: NewConnection, *, actor: Actor, now: datetime) -> Connection:
        """Store a draft connection of this organization.

        Raises:
            NotFound: no such organization.
            Invalid: no such adapter, or it does not accept the settings; every field at fault is named.
            Conflict: `entity-id-taken`.
        """
        return adding.add_connection(self._around, organization_id, new, actor=actor, now=now)

    def change(self, connection_id: str, changes: ConnectionChanges, *, actor: Actor, now: datetime) -> Connection:
        """Store the changes; new settings or claim rules are a new version, new settings end the connection's sessions.

        Raises:
            NotFound.
            Invalid: as for `add`; or an active connection could no longer work; or it is not the customer's to change.
            Conflict: `entity-id-taken`, `domain-listed-twice`, `adapter-unavailable`.
        """
        return changing.change_connection(self._around, connection_id, changes, actor=actor, now=now)

    def activate(self, connection_id: str, *, skip_test: bool, actor: Actor, now: datetime) -> Connection:
        """Open the connection for sign-ins; the audit log says that nobody tested it. An active one stays as it is.

        The first active connection of an organization becomes its default.

        Raises:
            NotFound.
            Invalid: a sign-in could not work with these settings.
            Conflict: `connection-untested` without `skip_test`, `domain-listed-twice`, `adapter-unavailable`.
            Forbidden: a customer asks to skip the test.
        """
        return life_cycle.activate_connection(self._around, connection_id, skip_test=skip_test, actor=actor, now=now)

    def deactivate(self, connection_id: str, *, actor: Actor, now: datetime) -> Connection:
        """Close the connection at once, also for sign-ins on their way. Raises NotFound, Conflict for a draft."""
        return life_cycle.deactivate_connection(connection_id, actor=actor, now=now)

    def restore(self, connection_id: str, *, actor: Actor, now: datetime) -> Connection:
        """Go back to the configuration before, as a new version: restoring twice is where you were.

        Raises:
            NotFound; Conflict: `nothing-to-restore`; Invalid: an active connection could not work with it.
        """
        return changing.restore_connection(self._around, connection_id, actor=actor, now=now)

    def delete(self, connection_id: str, *, actor: Actor, now: datetime) -> None:
        """Delete the connection in any state, for good; its id and the `sub`s of its people never come back.

        Raises:
            NotFound.
        """
        adding.delete_connection(connection_id, actor=actor, now=now)

    def get(self, connection_id: str) -> Connection:
        """Return the connection as it is stored now. Raises NotFound."""
        return get_row(connection_id)

    def list(
        self, organization_id: str | None = None, *, limit: int = 100, after: str | None = None
    ) -> Sequence[Connection]:
        """Return at most `limit` connections (of one organization) by id, beginning behind the id `after`."""
        query = select(Connection).order_by(Connection.id).limit(limit)
        if organization_id is not None:
            query = query.where(Connection.organization_id == organization_id)
        return db.session.scalars(query if after is None else query.where(Connection.id > after)).all()

    def describe(self, connection: Connection) -> dict[str, Any]:
        """Return the connection in the shape of the API, ready for JSON: of secrets only the names of those set."""
        return describe_connection(self._around, connection)

    def rules_before_and_after(
        self, connection_id: str, written: Any, *, actor: Actor
    ) -> tuple[ClaimRules, ClaimRules]:
        """Return the claim rules in force, and those that `written` would put in force; nothing is stored.

        Raises:
            NotFound; Conflict: `adapter-unavailable`; Invalid: as for `change`.
        """
        row = get_row(connection_id)
        spec = changing.spec_of(self._around, row)
        rules = row.claim_rules if written is None else read_rules(written, actor, row.claim_rules)
        return rules_in_force(row.claim_rules, spec), rules_in_force(rules, spec)

    def open(self, connection_id: str) -> LiveConnection:
        """Return the connection as it is now, whatever its status: the caller asks `usable`.

        Raises:
            NotFound: there is no such connection.
            SignInFailed: its adapter is not loaded (AdapterUnavailable), or its secrets do not open.
        """
        return open_connection(self._around, self._memory, connection_id)

    def active_of(self, organization_id: str) -> Sequence[routes.RoutableConnection]:
        """Return the connections that people of this organization may be sent to, oldest first."""
        return routes.active_of(organization_id)

    def find_route(self, connection_id: str) -> routes.RoutableConnection | None:
        """Return the connection when a sign-in may go to it, or None: unknown, draft and disabled look the same."""
        return routes.find_route(connection_id)
