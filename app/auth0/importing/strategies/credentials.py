"""What OpenID Connect connections know each other by: client id, secret, and how they authenticate."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from app.auth0.importing.existing import ExistingConnection
from app.auth0.importing.options import Options
from app.auth0.importing.proposal import REDIRECT_URI


def read_credentials(options: Options) -> dict[str, Any]:
    """Return client id and secret as far as the export shows them. Auth0 sends them in the body, and so does the draft."""
    known = {
        "client_id": options.text("client_id", "app_id"),
        "client_secret": options.text("client_secret", "app_secret"),
    }
    return {name: value for name, value in known.items() if value}


def uses_own_key(options: Options) -> bool:
    """Whether Auth0 authenticates with a key that cannot be exported, instead of a secret."""
    return options.text("token_endpoint_auth_method") == "private_key_jwt"


def find_own_registrations(connections: Iterable[ExistingConnection]) -> frozenset[str]:
    """Return the names of connections whose registration is the operator's own: customers do not share theirs.

    An application at Microsoft or Google that people of several directories use; a client of one and the same provider
    that several connections use. The same client id at two providers means nothing.
    """
    users: dict[tuple[str, str, str], dict[str, str]] = {}
    for one in connections:
        client_id = one.options.text("client_id", "app_id")
        if client_id and one.strategy in ("waad", "google-apps"):
            users.setdefault((one.strategy, "", client_id), {})[one.name] = _directory(one.options) or one.name
        elif client_id and one.strategy == "oidc":
            issuer = one.options.text("issuer", "discovery_url")
            users.setdefault((one.strategy, issuer, client_id), {})[one.name] = one.name
    return frozenset(name for names in users.values() if len(set(names.values())) > 1 for name in names)


def _directory(options: Options) -> str:
    return options.text("tenantId", "tenant_id", "tenant_domain", "domain").lower()


NOTHING: Final = "Nothing."


def own_registration(options: Options) -> list[str]:
    """Return what the operator does where the registration is theirs."""
    client_id = options.text("client_id")[:200] or "of this connection"
    return [f"The application {client_id} is your own registration: add {REDIRECT_URI} to its redirect URIs."]


def carry_credentials(options: Options) -> tuple[str, ...]:
    """Return what of them comes along."""
    if not options.text("client_id", "app_id"):
        return ()
    what = "Client ID and secret stay" if options.text("client_secret", "app_secret") else "The client ID stays"
    return (f"{what}, and with it every person's identity.",)


def ask_for(options: Options, where: str) -> str:
    """Return the sentence that asks for one more redirect URI, and for a secret where there is none to carry over."""
    client_id = options.text("client_id")[:200] or "of this connection"
    asked = f"{where}, add {REDIRECT_URI} to the redirect URIs of the application {client_id}"
    if uses_own_key(options):
        return f"{asked}, and give us a client secret: the key that is used today stays with Auth0."
    return f"{asked}."


def confirm_secret(options: Options) -> list[str]:
    """Return what to do where the export keeps the secret to itself."""
    if uses_own_key(options) or options.text("client_secret"):
        return []
    return ["The client secret is not in the export: set it."]
