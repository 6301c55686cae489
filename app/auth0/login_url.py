"""The address that tries the whole way, from an application of the tenant to a customer's provider and back."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from app.auth0.models import Auth0Trust
from app.auth0.tenant import Tenant


def make_login_url(tenant: Tenant, row: Auth0Trust) -> str | None:
    """Return it for the first application that was named; None where there is none with a callback.

    The application did not begin this login and will say so: what counts is that its callback is reached with a code.
    """
    for client_id in row.applications:
        application: Any = tenant.find(f"/clients/{quote(client_id, safe='')}", {"fields": "client_id,callbacks"})
        callbacks = (application or {}).get("callbacks") or []
        if callbacks:
            query = {
                "client_id": client_id,
                "response_type": "code",
                "connection": row.connection_name,
                "redirect_uri": str(callbacks[0]),
                "scope": "openid profile email",
                "state": "portico-test",
                "prompt": "login",
            }
            return f"{row.origin}/authorize?{urlencode(query)}"
    return None
