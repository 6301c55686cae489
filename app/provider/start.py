"""Where a person goes whose sign-in began at the identity provider: to the application, which begins one of its own."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from app.access import find_client
from app.connections import LiveConnection
from app.errors import SignInFailed
from app.provider.selectors import PREFIX

TARGETS = "idp_initiated_targets"


class StartUnavailable(SignInFailed):
    """The connection's application has no address at which a sign-in can begin."""

    code = "idp-initiated-client"


class ApplicationStart:
    """Finds the address. `issuer` tells the application which provider means it (OIDC Core 4)."""

    def __init__(self, issuer: str) -> None:
        self._issuer = issuer

    def find(self, live: LiveConnection, client_id: str, relay_state: str | None) -> str:
        """Return the client's registered login address with the connection in it.

        A parameter that the registered address has already is left as it is: `connection` is Auth0's own word there.

        Args:
            relay_state: unverified; only ever a key into the connection's list of targets, and else of no meaning.

        Raises:
            StartUnavailable.
        """
        client = find_client(client_id)
        if client is None or not client.active or client.initiate_login_uri is None:
            hint = "Register the application's login address (initiate_login_uri)."
            raise StartUnavailable(f"{client_id} is not active or has no initiate_login_uri", hint=hint)
        url = client.initiate_login_uri
        own = {name for name, _ in parse_qsl(urlsplit(url).query, keep_blank_values=True)}
        added = {
            "iss": self._issuer,
            "connection": live.id,
            "acr_values": f"{PREFIX}connection:{live.id}",
            "target_link_uri": _find_target(live, relay_state),
        }
        query = urlencode({k: v for k, v in added.items() if v and k not in own}, quote_via=quote)
        return f"{url}{'&' if '?' in url else '?'}{query}"


def _find_target(live: LiveConnection, relay_state: str | None) -> str | None:
    """Return the address that the operator listed under this very key."""
    listed = [entry.partition("=") for entry in live.configuration.settings.get(TARGETS) or ()]
    return next((url for key, _, url in listed if relay_state and key == relay_state), None)
