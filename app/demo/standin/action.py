"""The tenant's post-login Action: the wall between customers who share one connection.

Whoever chooses `organization=` in a URL must not get in by it: the user's `portico_org`, which Portico vouches for, has to
be the one in the organization's metadata.
"""

from __future__ import annotations

from typing import Any

from app.demo.standin.failures import LoginFailed
from app.demo.standin.profile import User
from app.demo.standin.settings import Organization

#: Claims that the Action adds for applications; mapped attributes are not in the tenant's tokens by themselves.
NAMESPACE = "https://ledgerline.example/"
_ADDED = ("portico_org", "portico_org_external_id", "portico_connection", "portico_groups", "portico_roles")


def post_login(user: User, organization: Organization | None) -> dict[str, Any]:
    """Return the claims to add to the application's tokens. Raises LoginFailed when the organizations differ."""
    portico_org = user.attributes.get("portico_org")
    if not portico_org:
        raise LoginFailed("The user has no portico_org.")
    if organization is not None and organization.portico_org != portico_org:
        raise LoginFailed(f"The user does not belong to the organization {organization.name}.")
    return {NAMESPACE + name: user.attributes[name] for name in _ADDED if name in user.attributes}
