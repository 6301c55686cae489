"""The adapter keeps the contract, and refuses every forgery that the kit knows."""

from __future__ import annotations

from portico_keycloak import OIDC
from portico_oidc.testing import OidcConformance


class TestKeycloakOidc(OidcConformance):
    """Key `keycloak-oidc`."""

    spec = OIDC
    issuer = "https://keycloak.example.com/realms/example"
    claims = {"email": "Ada@example.com", "groups": ["/staff"], "realm_access": {"roles": ["admin"]}}
    expects = {"email": "ada@example.com", "groups": ("staff",), "roles": ("admin",)}
    recognizes = ("https://keycloak.example.com/realms/example",)
