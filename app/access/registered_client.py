"""A client as the provider reads it at every request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from app.access.models import Client
from app.database import db
from app.memory import remember

#: What an operator says about a client.
FIELDS = (
    "name",
    "redirect_uris",
    "post_logout_redirect_uris",
    "post_logout_redirect_origins",
    "token_endpoint_auth_method",
    "jwks_uri",
    "allowed_organizations",
    "initiate_login_uri",
    "global_token_revocation_url",
    "require_pkce",
    "id_token_signed_response_alg",
    "access_token_lifetime_s",
    "id_token_lifetime_s",
    "status",
)

# Built once: building a statement costs more than running it, and every request of a login asks.
# Tables and not classes: what need not become objects skips the ORM, which costs as much as the query.
_CLIENT = Client.__table__.c
_SNAPSHOT = select(_CLIENT.id, *(_CLIENT[name] for name in FIELDS)).where(_CLIENT.id == bindparam("wanted"))


@dataclass(frozen=True, slots=True)
class RegisteredClient:
    """A client as the provider reads it at every request: a snapshot, detached from the database."""

    id: str
    name: str
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...]
    post_logout_redirect_origins: tuple[str, ...]
    token_endpoint_auth_method: str
    jwks_uri: str | None
    allowed_organizations: tuple[str, ...] | None
    initiate_login_uri: str | None
    global_token_revocation_url: str | None
    require_pkce: bool
    id_token_signed_response_alg: str
    access_token_lifetime_s: int
    id_token_lifetime_s: int
    status: str

    @property
    def active(self) -> bool:
        """Whether it may take part in anything."""
        return self.status == "active"


def find_client(client_id: str) -> RegisteredClient | None:
    """Return a snapshot of the client, whatever its status, or None."""
    if "\0" in client_id:  # PostgreSQL cannot even compare it
        return None
    return remember("client", client_id, lambda: _read_client(client_id))


def _read_client(client_id: str) -> RegisteredClient | None:
    row = db.session.execute(_SNAPSHOT, {"wanted": client_id}).one_or_none()
    if row is None:
        return None
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in row._mapping.items()
    }
    return RegisteredClient(**values)
