"""Step 1, on our own side: the client by which the tenant is known to Portico."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.access import Client, ClientChanges, NewClient, add_client, change_client, find_client, get_client
from app.auth0 import trust as trusts
from app.auth0.models import Auth0Trust
from app.auth0.plan import Step, Work
from app.auth0.wanted import Difference
from app.errors import NotFound


def callback_uris(work: Work) -> list[str]:
    """Return every redirect URI: Auth0 uses the host on which the application asked it."""
    return [f"{origin}/login/callback" for origin in work.origins]


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
    for name, value in _wanted(work, found).items():
        there = getattr(found, name) if found is not None else None
        if value != there:
            yield Difference(f"client.{name}", value, there)


def _wanted(work: Work, found: Client | None) -> dict[str, Any]:
    """Addresses are added to those that are there: they may be an application's of its own."""
    uris = list(found.redirect_uris) if found is not None else []
    origins = list(found.post_logout_redirect_origins) if found is not None else []
    return {
        "redirect_uris": [*uris, *(uri for uri in callback_uris(work) if uri not in uris)],
        "post_logout_redirect_origins": [*origins, *(one for one in work.origins if one not in origins)],
        "token_endpoint_auth_method": work.trust.auth_method,
        "jwks_uri": keys_url(work.trust),
        "global_token_revocation_url": revocation_url(work.trust),
        "require_pkce": True,
        "id_token_signed_response_alg": "RS256",
        "status": "active",
    }


def _act(work: Work, found: Client | None) -> None:
    wanted = _wanted(work, found)
    if found is None:
        del wanted["status"]
        new = NewClient(name=f"Auth0 {work.trust.origin.split('//')[1]}", post_logout_redirect_uris=[], **wanted)
        found, work.client_secret = add_client(new, actor=work.actor, now=work.now)
    else:
        changes: ClientChanges = wanted  # type: ignore[assignment]  # the same names
        change_client(found.id, changes, actor=work.actor, now=work.now)
    if work.trust.client_id != found.id:
        trusts.note(client_id=found.id)


def check_client(client_id: str) -> None:
    """Raise NotFound unless there is such a client."""
    if find_client(client_id) is None:
        raise NotFound(f"no client {client_id[:60]!r}")


CLIENT = Step("client", "The tenant as a client of Portico", lambda _trust: (), _look, _want, _act)
