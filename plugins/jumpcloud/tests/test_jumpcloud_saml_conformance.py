"""The adapter keeps the contract, and refuses every forgery that the kit knows."""

from __future__ import annotations

from portico_jumpcloud import SAML
from portico_saml.testing import SamlConformance


class TestJumpCloudSaml(SamlConformance):
    """Key `jumpcloud-saml`."""

    spec = SAML
    idp_entity_id = "IdP Entity ID"
    sso_url = "https://sso.jumpcloud.com/saml2/example"
    name_id = "ada@example.com"
    attributes = {"firstname": ("Ada",), "memberOf": ("Staff",)}
    signed = "assertion"
    expects = {"email": "ada@example.com", "given_name": "Ada", "groups": ("Staff",)}
    recognizes = ("https://sso.jumpcloud.com/saml2/example",)
