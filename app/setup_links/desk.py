"""The desk: everything that a visit may do, each act checked against the scope of its link.

What the link does not open is not there (404), and the try is in the audit log. What people sign in through at this moment
is touched only after a code by e-mail. The pages call nothing below this room with an id that a browser sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NoReturn

from app.audit import EventName, record
from app.connections import (
    Connection,
    ConnectionCertificate,
    ConnectionChanges,
    Connections,
    MetadataWatch,
    NewConnection,
)
from app.database import transaction
from app.errors import Conflict, NotFound
from app.organizations import (
    AskDns,
    Contact,
    ContactChanges,
    Domain,
    NewContact,
    Organization,
    add_contact,
    add_domain,
    change_contact,
    check_domain,
    get_domain,
    get_organization,
    list_contacts,
    list_domains,
    remove_contact,
    remove_domain,
)
from app.setup_links.progress import list_done, mark_done
from app.setup_links.role_desk import RoleDesk
from app.setup_links.values import TOUCHING
from app.setup_links.visit import CodeNeeded, Visit

_DRAFTED = frozenset({"settings", "claim_rules"})


class Desk:
    """One visit at work. Made anew for each request."""

    def __init__(self, visit: Visit, connections: Connections, ask_dns: AskDns) -> None:
        self.visit = visit
        self._connections = connections
        self._ask_dns = ask_dns

    @property
    def roles(self) -> RoleDesk:
        """What the visit may do about roles."""
        return RoleDesk(self)

    def may(self, *features: str) -> bool:
        """Whether the link opens one of the features."""
        return self.visit.may(*features)

    def organization(self) -> Organization:
        """Return the organization that this is about."""
        return get_organization(self.visit.organization_id)

    # Connections: features sso and certificates

    def connections(self) -> Sequence[Connection]:
        """Return the connections that the link opens, by id."""
        if not self.may(*TOUCHING):
            return []
        if self.visit.connection_id is not None:
            return [self._connections.get(self.visit.connection_id)]
        return self._connections.list(self.visit.organization_id, limit=200)

    def connection(self, connection_id: str, *, reading: bool = False) -> Connection:
        """Return a connection that the link opens.

        Args:
            reading: it is shown and not touched: no code is asked for.

        Raises:
            NotFound: outside of the scope, or there is none.
            CodeNeeded: it is active, and no code was entered.
        """
        own = self.visit.connection_id in (None, connection_id) and self.may(*TOUCHING)
        row = self._find(connection_id) if own else None
        if row is None or row.organization_id != self.visit.organization_id:
            self.refuse(connection_id)
        if row.status == "active" and not reading and not self.visit.proven:
            raise CodeNeeded(can_ask=self.visit.contact is not None)
        return row

    def code_needed(self, connection_id: str | None = None) -> bool:
        """Whether the visit has to enter a code before it may touch this connection, or anything of the organization."""
        if connection_id is None:
            return not self.visit.proven and self._has_active()
        return self.connection(connection_id, reading=True).status == "active" and not self.visit.proven

    def add_connection(self, new: NewConnection, *, now: datetime) -> Connection:
        """Add a draft connection. Raises NotFound (not in the scope), Invalid, Conflict."""
        if not self.may("sso") or self.visit.connection_id is not None:
            self.refuse("a new connection")
        return self._connections.add(self.visit.organization_id, new, actor=self.visit.actor, now=now)

    def describe(self, connection_id: str) -> dict[str, Any]:
        """Return what is being worked on: the draft of an active connection where there is one, else the connection."""
        self.connection(connection_id, reading=True)
        return self._connections.describe_draft(connection_id)

    def change_connection(self, connection_id: str, changes: ConnectionChanges, *, now: datetime) -> None:
        """Store changes: settings and rules of an active connection go to its draft, all others to the connection.

        Raises:
            NotFound, CodeNeeded; Invalid: also for what is not the customer's to change; Conflict.
        """
        row = self._own(connection_id)
        drafted: Mapping[str, Any] = {name: value for name, value in changes.items() if name in _DRAFTED}
        rest: Any = {name: value for name, value in changes.items() if name not in _DRAFTED}
        if row.status != "active":
            self._connections.change(connection_id, changes, actor=self.visit.actor, now=now)
            return
        with transaction():
            if drafted:
                self._connections.change_draft(connection_id, drafted, actor=self.visit.actor, now=now)
            if rest:
                self._connections.change(connection_id, rest, actor=self.visit.actor, now=now)

    def preview_settings(self, connection_id: str, typed: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
        """Return the settings as they would be with what was typed. Stores nothing; raises as storing it does."""
        self._own(connection_id)
        return self._connections.preview_settings(connection_id, typed, now=now)

    def set_secret_expiry(self, connection_id: str, name: str, last_day: date | None, *, now: datetime) -> None:
        """Note until when the provider honours a secret. Raises NotFound, CodeNeeded, Invalid."""
        self._own(connection_id)
        self._connections.set_secret_expiry(connection_id, name, last_day, actor=self.visit.actor, now=now)

    def done(self, connection_id: str) -> frozenset[str]:
        """Return the pages of this connection's setup that were said to be done. Raises NotFound."""
        self.connection(connection_id, reading=True)
        return list_done(connection_id)

    def mark_done(self, connection_id: str, step: str, *, now: datetime) -> None:
        """Keep that a page is done. Raises NotFound."""
        self.connection(connection_id, reading=True)
        mark_done(connection_id, step, now=now)

    def discard_draft(self, connection_id: str, *, now: datetime) -> None:
        """Throw the draft away. Raises NotFound, CodeNeeded."""
        self.connection(connection_id)
        self._connections.discard_draft(connection_id, actor=self.visit.actor, now=now)

    def activate(self, connection_id: str, *, now: datetime) -> Connection:
        """Open the connection for sign-ins, or put the draft of an active one in its place, once a test has passed.

        Raises:
            NotFound.
            CodeNeeded: it is active, or another one is, whose people it could take over.
            Conflict: `connection-untested`, `draft-untested`, `draft-outdated`, `nothing-to-activate`;
                `connection-disabled`: operators closed it, and only they open it again.
            Invalid: nobody could sign in through it.
        """
        row = self.connection(connection_id)
        certificates_only = self._connections.describe_draft(connection_id)["certificates_only"]
        if not self.may("sso") and not certificates_only:
            self.refuse(connection_id)
        if row.status == "active":
            return self._connections.activate_draft(connection_id, actor=self.visit.actor, now=now)
        if row.status == "disabled":
            raise Conflict(f"{row.id} is disabled", code="connection-disabled", hint="Ask who sent you the link.")
        self._check_proven()
        return self._connections.activate(connection_id, skip_test=False, actor=self.visit.actor, now=now)

    def restore(self, connection_id: str, *, now: datetime) -> Connection:
        """Go back to the configuration before. Raises NotFound, CodeNeeded, Conflict, Invalid."""
        self._own(connection_id)
        return self._connections.restore(connection_id, actor=self.visit.actor, now=now)

    def certificates(self, connection_id: str, *, now: datetime) -> Sequence[ConnectionCertificate]:
        """Return the provider's certificates. Raises NotFound, Conflict."""
        self.connection(connection_id, reading=True)
        return self._connections.list_certificates(connection_id, now)

    def add_certificates(self, connection_id: str, written: str, *, now: datetime) -> None:
        """Add certificates beside the present ones; of an active connection to its draft.

        Raises:
            NotFound, CodeNeeded; Invalid: no certificate, or a private key.
        """
        self.connection(connection_id)
        self._connections.add_certificates(connection_id, written, actor=self.visit.actor, now=now)

    def retire_certificate(self, connection_id: str, sha256: str, *, now: datetime) -> None:
        """Trust a certificate no more. Raises NotFound, CodeNeeded, Conflict."""
        self.connection(connection_id)
        self._connections.retire_certificate(connection_id, sha256, actor=self.visit.actor, now=now)

    def watch(self, connection_id: str) -> MetadataWatch | None:
        """Return how reading the provider's metadata goes. Raises NotFound."""
        self.connection(connection_id, reading=True)
        return self._connections.find_watch(connection_id)

    def read_metadata(self, connection_id: str, *, now: datetime) -> bool:
        """Read the provider's metadata at once. Raises NotFound, CodeNeeded."""
        self.connection(connection_id)
        return self._connections.read_metadata(connection_id, now=now)

    # Domains

    def domains(self) -> Sequence[Domain]:
        """Return the organization's domains; none when the link does not open them."""
        return list_domains(self.visit.organization_id) if self.may("domains") else []

    def domain(self, domain: str) -> Domain:
        """Return a domain of the organization. Raises NotFound."""
        if not self.may("domains"):
            self.refuse(domain)
        return get_domain(self.visit.organization_id, domain)

    def add_domain(self, domain: str, *, now: datetime) -> Domain:
        """Claim a domain. Raises NotFound, Invalid, Conflict `domain-exists`, `domain-unavailable`."""
        if not self.may("domains"):
            self.refuse(domain)
        return add_domain(self.visit.organization_id, domain, vouched=False, actor=self.visit.actor, now=now)

    def check_domain(self, domain: str, *, now: datetime) -> Domain:
        """Ask DNS at once. Raises NotFound, TooManyRequests, Conflict `domain-unavailable`."""
        self.domain(domain)
        return check_domain(self.visit.organization_id, domain, self._ask_dns, actor=self.visit.actor, now=now)

    def remove_domain(self, domain: str, *, now: datetime) -> None:
        """Give a domain up. Raises NotFound; CodeNeeded for one that counts while people sign in."""
        if self.domain(domain).status != "pending":
            self._check_proven()
        remove_domain(self.visit.organization_id, domain, actor=self.visit.actor, now=now)

    # Contacts: they are told of every change, so nobody takes one away without a code once people sign in

    def contacts(self) -> Sequence[Contact]:
        """Return the organization's contacts."""
        return list_contacts(self.visit.organization_id)

    def add_contact(self, new: NewContact, *, now: datetime) -> Contact:
        """Add a contact. Raises CodeNeeded, Invalid, Conflict."""
        self._check_proven()
        return add_contact(self.visit.organization_id, new, actor=self.visit.actor, now=now)

    def change_contact(self, contact_id: str, changes: ContactChanges, *, now: datetime) -> Contact:
        """Change a contact. Raises NotFound, CodeNeeded, Invalid, Conflict."""
        self._check_proven()
        return change_contact(self.visit.organization_id, contact_id, changes, actor=self.visit.actor, now=now)

    def remove_contact(self, contact_id: str, *, now: datetime) -> None:
        """Remove a contact. Raises NotFound, CodeNeeded."""
        self._check_proven()
        remove_contact(self.visit.organization_id, contact_id, actor=self.visit.actor, now=now)

    def _own(self, connection_id: str) -> Connection:
        if not self.may("sso"):
            self.refuse(connection_id)
        return self.connection(connection_id)

    def _check_proven(self) -> None:
        if not self.visit.proven and self._has_active():
            raise CodeNeeded(can_ask=self.visit.contact is not None)

    def _has_active(self) -> bool:
        rows = self._connections.list(self.visit.organization_id, limit=1000)
        return any(row.status == "active" for row in rows)

    def _find(self, connection_id: str) -> Connection | None:
        try:
            return self._connections.get(connection_id)
        except NotFound:
            return None

    def refuse(self, asked: str) -> NoReturn:
        """Say that there is nothing, and note the try (T9)."""
        visit = self.visit
        with transaction():
            record(
                EventName.SETUP_LINK_REFUSED,
                actor=visit.actor,
                now=visit.at,
                organization_id=visit.organization_id,
                target=visit.link_id,
                details={"asked": asked[:80], "visit": visit.id},
            )
        raise NotFound(f"{visit.link_id} does not open {asked[:60]!r}")
