"""How a tenant's session ends: where the browser goes, and what upstream is asked."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from app.demo.standin.authorize import NotRedirectable
from app.demo.standin.sessions import Session
from app.demo.standin.tenant.state import Tenant


@dataclass(frozen=True, slots=True)
class Leaving:
    """What an application asked for: where to go afterwards (empty: nowhere), and whether upstream is told."""

    back: str
    federated: bool


def read_v2_logout(tenant: Tenant, values: Mapping[str, str]) -> Leaving:
    """Return what /v2/logout asks. Raises NotRedirectable for an address that no application registered."""
    back = values.get("returnTo", "")
    application = tenant.find_application(values.get("client_id"))
    if application is None or (back and back not in application.logout_urls):
        raise NotRedirectable("The returnTo address is not one of the application's logout URLs.")
    return Leaving(back, "federated" in values)


def read_oidc_logout(tenant: Tenant, values: Mapping[str, str]) -> Leaving:
    """Return what /oidc/logout asks: the application is named by `client_id` or the ID token's audience.

    Raises NotRedirectable. Spec: RP-Initiated Logout 2.
    """
    client_id = values.get("client_id") or _audience(values.get("id_token_hint", ""))
    application = tenant.find_application(client_id)
    back = values.get("post_logout_redirect_uri", "")
    if application is None or (back and back not in application.logout_urls):
        raise NotRedirectable("post_logout_redirect_uri is not one of the application's logout URLs.")
    if back and "state" in values:
        back += f"{'&' if '?' in back else '?'}{urlencode({'state': values['state']})}"
    return Leaving(back, "federated" in values)


def upstream_logout(tenant: Tenant, session: Session, back: str, state: str) -> str | None:
    """Return where upstream signs the person out; None where the connection has no such address.

    What is sent along is known only in part; see Behaviour.
    """
    connection = tenant.connections.find(session.connection_id)
    if connection is None or connection.strategy != "oidc":
        return None
    upstream, behaviour = tenant.upstream(connection), tenant.behaviour
    endpoint = upstream.snapshot.metadata.get("end_session_endpoint")
    if not endpoint:
        return None
    sent: dict[str, str] = {}
    if behaviour.federated_client_id:
        sent["client_id"] = upstream.client_id
    if behaviour.federated_return == "application" and back:
        sent["post_logout_redirect_uri"] = back
    if behaviour.federated_return == "tenant":
        sent |= {"post_logout_redirect_uri": f"{tenant.base_url}/logout/callback", "state": state}
    if behaviour.federated_id_token_hint:
        sent["id_token_hint"] = session.id_token
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(sent)}" if sent else str(endpoint)


def _audience(unverified_token: str) -> str | None:
    """Return whom a token of the tenant was for. It only names an application, so nothing is verified."""
    try:
        payload = unverified_token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return str(claims["aud"])
    except (IndexError, KeyError, TypeError, ValueError):
        return None
