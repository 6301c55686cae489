"""Step 1, on our own side: the client by which the tenant is known to Portico."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from app.access import (
    Client,
    ClientChanges,
    NewClient,
    add_client,
    add_client_secret,
    change_client,
    find_client,
    get_client,
)
from app.audit import Actor
from app.auth0 import trust as trusts
from app.auth0.models import Auth0Trust
from app.auth0.plan import Step, Work
from app.auth0.wanted import Difference


def origins_of(trust: Auth0Trust) -> tuple[str, ...]:
    """Return the tenant's own domain and its custom domains: where its browsers may come from and go back to."""
    return tuple(dict.fromkeys((trust.origin, *trust.custom_domains)))


def callback_uris(trust: Auth0Trust) -> tuple[str, ...]:
    """Return every redirect URI: Auth0 uses the host on which the application asked it."""
    return tuple(f"{origin}/login/callback" for origin in origins_of(trust))


def revocation_url(trust: Auth0Trust) -> str:
    """Return where Auth0 hears that a person's sessions have to end."""
    return f"{trust.origin}/oauth/global-token-revocation/connection/{trust.connection_name}"


def keys_url(trust: Auth0Trust) -> str | None:
    """Return where Auth0 publishes the keys with which the connection proves itself."""
    if trust.auth_method != "private_key_jwt":
        return None
    return f"{trust.origin}/oauth/connection/{trust.connection_name}/.well-known/jwks.json"


def _look(work: Work) -> Client | None:
    """The client that is remembered, else the one that the connection in Auth0 names already."""
    wanted = work.trust.client_id
    if wanted is None:
        connection = work.connection()
        wanted = str((connection or {}).get("options", {}).get("client_id", ""))
    if not wanted or find_client(wanted) is None:
        return None
    return get_client(wanted)


def _want(work: Work, found: Client | None) -> Iterator[Difference]:
    for name, value in wanted_client(work.trust, found).items():
        there = getattr(found, name) if found is not None else None
        if value != there:
            yield Difference(f"client.{name}", value, there)


def wanted_client(trust: Auth0Trust, found: Client | None) -> dict[str, Any]:
    """Return what the client has to be. Addresses are added to those that are there: they may be an application's."""
    uris = list(found.redirect_uris) if found is not None else []
    origins = list(found.post_logout_redirect_origins) if found is not None else []
    return {
        "redirect_uris": [*uris, *(uri for uri in callback_uris(trust) if uri not in uris)],
        "post_logout_redirect_origins": [*origins, *(one for one in origins_of(trust) if one not in origins)],
        "token_endpoint_auth_method": trust.auth_method,
        "jwks_uri": keys_url(trust),
        "global_token_revocation_url": revocation_url(trust),
        "require_pkce": True,
        "id_token_signed_response_alg": "RS256",
        "status": "active",
    }


def _act(work: Work, found: Client | None) -> None:
    work.client_secret = _store(work.trust, found, actor=work.actor, now=work.now)


def make_client(trust: Auth0Trust, *, actor: Actor, now: datetime) -> str | None:
    """Make or put right the client, and return a fresh secret of it; None where the tenant proves itself by a key."""
    found = get_client(trust.client_id) if trust.client_id and find_client(trust.client_id) else None
    secret = _store(trust, found, actor=actor, now=now)
    if secret is None and trust.auth_method != "private_key_jwt":
        _, secret = add_client_secret(str(trust.client_id), actor=actor, now=now)
    return secret


def _store(trust: Auth0Trust, found: Client | None, *, actor: Actor, now: datetime) -> str | None:
    """Return the first secret of a client that was just made."""
    secret = None
    wanted = wanted_client(trust, found)
    if found is None:
        del wanted["status"]
        new = NewClient(name=f"Auth0 {trust.origin.split('//')[1]}", post_logout_redirect_uris=[], **wanted)
        found, secret = add_client(new, actor=actor, now=now)
    else:
        changes: ClientChanges = wanted  # type: ignore[assignment]  # the same names
        change_client(found.id, changes, actor=actor, now=now)
    if trust.client_id != found.id:
        trusts.note(client_id=found.id)
    return secret


CLIENT = Step("client", "The tenant as a client of Portico", lambda _trust: (), _look, _want, _act)
