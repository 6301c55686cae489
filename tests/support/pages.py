"""Every page that the gateway itself shows, each reachable by one address of a gateway that holds a client."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from tests.support.management import Client, Management


@dataclass(frozen=True, slots=True)
class GatewayPage:
    """One page: a name for files and tests, its address, and the status it comes with."""

    name: str
    path: str
    status: int


def list_pages(management: Management) -> list[GatewayPage]:
    """Return every page; registers what they need."""
    client: Client = management.add_client()
    management.add_organization()
    management.add_organization()  # two: the work e-mail must be asked for
    asked = {
        "client_id": client.client_id,
        "redirect_uri": client.redirect_uri,
        "response_type": "code",
        "scope": "openid",
        "state": "s",
        "nonce": "n",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "code_challenge_method": "S256",
    }
    return [
        GatewayPage("email", f"/oauth2/authorize?{urlencode(asked)}", 200),
        GatewayPage("refused", f"/oauth2/authorize?{urlencode({**asked, 'client_id': 'cli-nothing'})}", 400),
        GatewayPage("not-found", "/nothing/here", 404),
        GatewayPage("signed-out", "/oauth2/logout", 200),
        GatewayPage("api-docs", "/api/docs", 200),
    ]
