"""Which customer an authorization request names. Auth0 can only forward `acr_values` and `login_hint`.

`acr_values` may hold `urn:portico:connection:ID`, `urn:portico:organization:ID-OR-SLUG`,
`urn:portico:external:PERCENT-ENCODED-ID` or `urn:portico:auth0-organization:ID` (which Auth0's own `organization` cannot
say: it stays in Auth0); other values are ignored, two of ours are an error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import unquote

from app.provider.errors import Redirectable
from app.provider.requests import UnverifiedRequest
from app.signin.route import OrganizationSelector, Selectors

PREFIX = "urn:portico:"


def parse_selectors(request: UnverifiedRequest) -> Selectors:
    """Return what the request names. Raises Redirectable for selectors of ours that are malformed or doubled."""
    connections, organizations = [], []
    if connection := request.one("connection"):
        connections.append(connection)
    if organization := request.one("organization"):
        organizations.append(_organization(organization))
    ours = [value for value in (request.one("acr_values") or "").split() if value.startswith(PREFIX)]
    if len(ours) > 1:
        raise Redirectable("invalid_request", "acr_values names more than one target.")
    for urn in ours:
        kind, _, value = urn.removeprefix(PREFIX).partition(":")
        if not value or kind not in ("connection", *_ORGANIZATIONS):
            raise Redirectable("invalid_request", "acr_values has a malformed target.")
        if kind == "connection":
            connections.append(value)
        else:
            organizations.append(_ORGANIZATIONS[kind](value))
    return Selectors(tuple(connections), tuple(organizations), request.one("domain_hint"), request.one("login_hint"))


def _organization(value: str) -> OrganizationSelector:
    """An id begins with `org-`, and a slug may not."""
    return OrganizationSelector("id" if value.startswith("org-") else "slug", value)


_ORGANIZATIONS: Mapping[str, Callable[[str], OrganizationSelector]] = {
    "organization": _organization,
    "external": lambda value: OrganizationSelector("external_id", unquote(value)),
    "auth0-organization": lambda value: OrganizationSelector("auth0_organization_id", value),
}
