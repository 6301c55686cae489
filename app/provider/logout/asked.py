"""A logout request, read without ever refusing it: what cannot be used is treated as absent.

Auth0's federated logout may send everything or nothing of what the specification knows, and a person who wants to sign out
is helped by no error page. What is absent costs a question, and a redirect is followed only where the client allowed it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from app.access import RegisteredClient, origin_of
from app.provider.errors import Redirectable
from app.provider.hints import verify_own_token
from app.signin.sessions import StoredSession

MAX_VALUE = 4096


@dataclass(frozen=True, slots=True)
class AskedLogout:
    """What may be believed of a logout request.

    Args:
        client_id: of an active client, proven by its ID token or merely named.
        sub, connection_id: of a verified id_token_hint; empty without one.
        onward: an address of that client's, with `state`; None when there is none that it allowed.
    """

    client_id: str | None
    sub: str
    connection_id: str
    onward: str | None

    def means(self, session: StoredSession) -> bool:
        """Whether the id_token_hint names the person of this session."""
        return bool(self.sub) and (session.sub, session.connection_id) == (self.sub, self.connection_id)


def read_logout(
    parameters: Mapping[str, Sequence[str]],
    *,
    issuer: str,
    jwks: Mapping[str, Any],
    find_client: Callable[[str], RegisteredClient | None],
) -> AskedLogout:
    """Return the request. A parameter that was sent twice counts as absent; so does one that is no text.

    An id_token_hint that is not ours, or another client's than the named one, leaves nothing of the request standing:
    nobody is recognized by it and nothing is redirected.

    Spec: RP-Initiated Logout 1.0, 2 and 3.
    """
    hint, client_id = _one(parameters, "id_token_hint"), _one(parameters, "client_id")
    claims: Mapping[str, Any] = {}
    if hint is not None:
        try:
            claims = verify_own_token(hint, issuer=issuer, jwks=jwks)
        except Redirectable:
            return AskedLogout(None, "", "", None)
        if client_id not in (None, claims["aud"]):
            return AskedLogout(None, "", "", None)
        client_id = str(claims["aud"])
    client = find_client(client_id) if client_id is not None else None
    if client is None or not client.active:
        return AskedLogout(None, "", "", None)
    onward = _onward(client, _one(parameters, "post_logout_redirect_uri"), _one(parameters, "state"))
    return AskedLogout(client.id, str(claims.get("sub", "")), str(claims.get("portico_connection", "")), onward)


def _onward(client: RegisteredClient, uri: str | None, state: str | None) -> str | None:
    """The address when it is registered to the letter, or of an origin that the operator allowed this client."""
    if uri is None:
        return None
    if uri not in client.post_logout_redirect_uris and origin_of(uri) not in client.post_logout_redirect_origins:
        return None
    if state is None:
        return uri
    return f"{uri}{'&' if '?' in uri else '?'}{urlencode({'state': state})}"


def _one(parameters: Mapping[str, Sequence[str]], name: str) -> str | None:
    values = parameters.get(name, ())
    usable = len(values) == 1 and 0 < len(values[0]) <= _LONGEST.get(name, MAX_VALUE) and values[0].isprintable()
    return values[0] if usable else None


_LONGEST = {"id_token_hint": 8_192}
