"""The provider's clients: add, change, delete, find. Every change is audited in its own transaction."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal, TypedDict

from sqlalchemy import select

from app.access.client_secrets import make_client_secret
from app.access.client_values import SECRET_METHODS, check_client
from app.access.models import Client
from app.access.registered_client import FIELDS
from app.audit import Actor, EventName, record
from app.database import db, new_id, transaction
from app.errors import NotFound


@dataclass(frozen=True, slots=True)
class NewClient:
    """What an operator says about a new client. `allowed_organizations` None means all, an empty list none."""

    name: str
    redirect_uris: list[str]
    post_logout_redirect_uris: list[str]
    token_endpoint_auth_method: str = "client_secret_basic"  # noqa: S105 the default of OIDC Registration 2
    jwks_uri: str | None = None
    allowed_organizations: list[str] | None = None
    initiate_login_uri: str | None = None
    require_pkce: bool = True
    id_token_signed_response_alg: str = "RS256"  # noqa: S105 a name, no secret
    access_token_lifetime_s: int = 300
    id_token_lifetime_s: int = 300
    post_logout_redirect_origins: list[str] = field(default_factory=list)
    global_token_revocation_url: str | None = None


class ClientChanges(TypedDict, total=False):
    """What may change; an absent key leaves the value alone."""

    name: str
    redirect_uris: list[str]
    post_logout_redirect_uris: list[str]
    token_endpoint_auth_method: str
    jwks_uri: str | None
    allowed_organizations: list[str] | None
    initiate_login_uri: str | None
    require_pkce: bool
    id_token_signed_response_alg: str
    access_token_lifetime_s: int
    id_token_lifetime_s: int
    post_logout_redirect_origins: list[str]
    global_token_revocation_url: str | None
    status: Literal["active", "disabled"]


def add_client(
    new: NewClient, *, actor: Actor, now: datetime, random: Callable[[int], bytes] = secrets.token_bytes
) -> tuple[Client, str | None]:
    """Store a client and return it with its first secret, which cannot be shown again (None with `private_key_jwt`).

    Raises:
        Invalid: a value cannot be used; every field at fault is named.
    """
    values = {**asdict(new), "status": "active"}
    check_client(values)
    client = Client(id=new_id("cli"), created_at=now, updated_at=now, **values)
    with transaction() as session:
        session.add(client)
        session.flush()
        _record(EventName.CLIENT_CREATED, client, actor, now, after=values)
        secret = None
        if client.token_endpoint_auth_method in SECRET_METHODS:
            _, secret = make_client_secret(client.id, actor=actor, now=now, random=random)
    return client, secret


def change_client(client_id: str, changes: ClientChanges, *, actor: Actor, now: datetime) -> Client:
    """Store the changes. Disabling refuses the client at its next request, also for codes it holds.

    Raises:
        NotFound; Invalid.
    """
    with transaction():
        client = get_client(client_id, for_update=True)
        before = _facts(client)
        after = {**before, **changes}
        check_client(after)
        differing = [key for key in after if after[key] != before[key]]
        if differing:
            for key in differing:
                setattr(client, key, after[key])
            client.updated_at = now
            _record(
                EventName.CLIENT_CHANGED,
                client,
                actor,
                now,
                before={key: before[key] for key in differing},
                after={key: after[key] for key in differing},
            )
    return client


def delete_client(client_id: str, *, actor: Actor, now: datetime) -> None:
    """Delete a client with its secrets, for good. Its id is never given out again. Raises NotFound."""
    with transaction() as session:
        client = get_client(client_id, for_update=True)
        _record(EventName.CLIENT_DELETED, client, actor, now, before=_facts(client))
        session.delete(client)


def get_client(client_id: str, *, for_update: bool = False) -> Client:
    """Return the client as it is stored now. Raises NotFound."""
    found = db.session.get(Client, client_id, populate_existing=True, with_for_update=True if for_update else None)
    if found is None:
        raise NotFound(f"no client {client_id[:60]!r}")
    return found


def list_clients(*, limit: int, after: str | None = None) -> Sequence[Client]:
    """Return at most `limit` clients in the order of their ids, beginning behind the id `after`."""
    query = select(Client).order_by(Client.id).limit(limit)
    return db.session.scalars(query if after is None else query.where(Client.id > after)).all()


def _facts(client: Client) -> dict[str, Any]:
    return {name: getattr(client, name) for name in FIELDS}


def _record(
    name: EventName,
    client: Client,
    actor: Actor,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    record(name, actor=actor, now=now, organization_id=None, target=client.id, before=before, after=after)
