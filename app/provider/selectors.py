"""Which customer an authorization request names. Auth0 can only forward `acr_values` and `login_hint`.

`acr_values` may hold `urn:portico:connection:ID`, `urn:portico:organization:ID-OR-SLUG` or
`urn:portico:external:PERCENT-ENCODED-ID`; other values are ignored, two of ours are an error.
"""

from __future__ import annotations

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
        if not value or kind not in ("connection", "organization", "external"):
            raise Redirectable("invalid_request", "acr_values has a malformed target.")
        if kind == "connection":
            connections.append(value)
        else:
            external = OrganizationSelector("external_id", unquote(value))
            organizations.append(_organization(value) if kind == "organization" else external)
    return Selectors(tuple(connections), tuple(organizations), request.one("domain_hint"), request.one("login_hint"))


def _organization(value: str) -> OrganizationSelector:
    """An id begins with `org-`, and a slug may not."""
    return OrganizationSelector("id" if value.startswith("org-") else "slug", value)
