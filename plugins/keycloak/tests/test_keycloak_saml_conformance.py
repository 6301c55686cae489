"""The adapter keeps the contract, and refuses every forgery that the kit knows."""

from __future__ import annotations

from portico_keycloak import SAML
from portico_saml.testing import SamlConformance


class TestKeycloakSaml(SamlConformance):
    """Key `keycloak-saml`."""

    spec = SAML
    idp_entity_id = "https://keycloak.example.com/realms/example"
    sso_url = "https://keycloak.example.com/realms/example/protocol/saml"
    name_id = "ada@example.com"
    attributes = {"email": ("Ada@example.com",), "groups": ("/staff",), "Role": ("admin",)}
    signed = "assertion"
    expects = {"email": "ada@example.com", "groups": ("staff",), "roles": ("admin",)}
    recognizes = (
        "https://keycloak.example.com/realms/example",
        "https://keycloak.example.com/realms/example/protocol/saml/descriptor",
    )
