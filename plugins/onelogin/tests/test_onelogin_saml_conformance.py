"""The adapter keeps the contract, and refuses every forgery that the kit knows."""

from __future__ import annotations

from portico_onelogin import SAML
from portico_saml.testing import SamlConformance


class TestOneLoginSaml(SamlConformance):
    """Key `onelogin-saml`."""

    spec = SAML
    idp_entity_id = "https://app.onelogin.com/saml/metadata/503983"
    sso_url = "https://acme.onelogin.com/trust/saml2/http-redirect/sso/503983"
    name_id = "ada@example.com"
    attributes = {"User.email": ("Ada@example.com",), "memberOf": ("a;b",)}
    signed = "response"
    expects = {"email": "ada@example.com", "groups": ("a", "b")}
    recognizes = ("https://app.onelogin.com/saml/metadata/503983",)
