"""The trust as it is stored: which tenant, by which credentials, and how far its set-up came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.audit import Actor, EventName, record
from app.auth0.models import Auth0Trust
from app.auth0.tenant import Credentials
from app.cipher import Cipher
from app.database import db, transaction
from app.errors import NotFound

ID = "auth0"
_SECRET = f"auth0_trusts/{ID}/management_client_secret"

#: What an operator decides; everything else of the row is found out or remembered.
DECIDED = (
    "origin",
    "custom_domains",
    "connection_name",
    "auth_method",
    "claims_namespace",
    "applications",
    "organizations",
    "discovery_domains",
)

#: What is found out or remembered.
REMEMBERED = (
    "management_client_id",
    "management_client_secret",
    "client_id",
    "connection_id",
    "steps",
    "baseline",
    "aliases",
    "domains_state",
    "report",
    "verified_at",
    "created_at",
    "updated_at",
)


@dataclass(frozen=True, slots=True)
class Decisions:
    """What an operator decides of the trust.

    Args:
        origin: of the tenant's own domain, as `parse_origin` gives it; so `custom_domains`.
        auth_method: `client_secret_post` or `private_key_jwt`.
        claims_namespace: begins the name of each claim that the Action sets; by default the issuer and a slash.
        applications: client ids in the tenant whose people may come in through the connection.
        organizations: ids of Auth0 organizations that get the connection beside those that customers are bound to.
        discovery_domains: whether verified domains also become discovery domains of the bound organizations.
    """

    origin: str
    claims_namespace: str
    custom_domains: tuple[str, ...] = ()
    connection_name: str = "portico"
    auth_method: str = "client_secret_post"
    applications: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    discovery_domains: bool = False


def find_trust() -> Auth0Trust | None:
    """Return the trust as it is stored now, None where nobody began to set it up."""
    return db.session.get(Auth0Trust, ID, populate_existing=True)


def get_trust() -> Auth0Trust:
    """Return the trust. Raises NotFound."""
    found = find_trust()
    if found is None:
        raise NotFound("no tenant", code="auth0-not-connected", hint="Set it up first: portico auth0 connect.")
    return found


def make_row(decisions: Decisions, before: Auth0Trust | None) -> Auth0Trust:
    """Return a row as it would be stored, of the same tenant's memory: for a plan that stores nothing."""
    values = {name: _plain(getattr(decisions, name)) for name in DECIDED}
    same = before is not None and before.origin == decisions.origin
    kept = {name: getattr(before, name) for name in REMEMBERED} if same else {"steps": {}, "aliases": []}
    return Auth0Trust(id=ID, **values, **kept)


def decisions_of(row: Auth0Trust) -> Decisions:
    """Return what a row says was decided."""
    values: dict[str, Any] = {name: getattr(row, name) for name in DECIDED}
    frozen: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in values.items()}
    return Decisions(**frozen)


def store_decisions(
    decisions: Decisions, credentials: Credentials | None, cipher: Cipher, *, actor: Actor, now: datetime
) -> Auth0Trust:
    """Store what was decided, and the credentials encrypted; None leaves the stored ones. Another tenant begins anew."""
    values = {name: _plain(getattr(decisions, name)) for name in DECIDED}
    with transaction() as session:
        row = find_trust()
        if row is not None and row.origin != decisions.origin:
            session.delete(row)
            session.flush()
            row = None
        before = {} if row is None else {name: getattr(row, name) for name in DECIDED}
        if row is None:
            row = Auth0Trust(id=ID, steps={}, aliases=[], created_at=now, updated_at=now, **values)
            session.add(row)
        for name, value in values.items():
            setattr(row, name, value)
        if credentials is not None:
            row.management_client_id = credentials.client_id
            row.management_client_secret = cipher.encrypt(credentials.client_secret.encode(), context=_SECRET)
        session.flush()
        differing = [name for name in DECIDED if before.get(name) != values[name]]
        if differing or credentials is not None:
            row.updated_at = now
            _record(
                EventName.AUTH0_TRUST_CHANGED,
                actor,
                now,
                before={name: before[name] for name in differing if name in before},
                after={name: values[name] for name in differing},
                details={"management_client_id": credentials.client_id} if credentials else None,
            )
    return row


@dataclass(frozen=True, slots=True)
class Given:
    """Credentials from the settings, and the one tenant that they are for: to no other address are they ever sent."""

    origin: str
    credentials: Credentials


def find_credentials(row: Auth0Trust, given: Given | None, cipher: Cipher) -> Credentials | None:
    """Return what the tenant of this row may be asked with: the settings' where they are for it, else the stored ones."""
    if given is not None and given.origin == row.origin:
        return given.credentials
    return open_credentials(row, cipher)


def open_credentials(row: Auth0Trust, cipher: Cipher) -> Credentials | None:
    """Return the stored credentials, None where there are none. Raises CannotDecrypt."""
    if row.management_client_id is None or row.management_client_secret is None:
        return None
    secret = cipher.decrypt(row.management_client_secret, context=_SECRET).decode()
    return Credentials(row.management_client_id, secret)


def forget_credentials(*, actor: Actor, now: datetime) -> None:
    """Delete the stored credentials; what they made in the tenant stays. Raises NotFound."""
    with transaction():
        row = get_trust()
        if row.management_client_id is None:
            return
        details = {"management_client_id": row.management_client_id}
        row.management_client_id = row.management_client_secret = None
        row.updated_at = now
        _record(EventName.AUTH0_CREDENTIALS_FORGOTTEN, actor, now, details=details)


def note(**values: Any) -> None:
    """Store what was found out or done: columns of the row by name."""
    with transaction():
        row = get_trust()
        for name, value in values.items():
            setattr(row, name, value)


def note_step(name: str, state: Mapping[str, Any], *, actor: Actor, now: datetime) -> None:
    """Store how a step ended; one that changed something is audited."""
    with transaction():
        row = get_trust()
        row.steps = {**row.steps, name: {**state, "at": now.isoformat()}}
        if state.get("changed"):
            details = {"step": name, "changed": list(state["changed"])}
            _record(EventName.AUTH0_TENANT_CHANGED, actor, now, details=details)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _record(name: EventName, actor: Actor, now: datetime, **more: Any) -> None:
    record(name, actor=actor, now=now, organization_id=None, target=ID, **more)
