"""The adapter keeps the contract, and refuses every forgery that the kit knows."""

from __future__ import annotations

from portico_okta import SAML
from portico_saml.testing import SamlConformance


class TestOktaSaml(SamlConformance):
    """Key `okta-saml`."""

    spec = SAML
    idp_entity_id = "http://www.okta.com/exk1a2b3c4d5e6f7G8h9"
    sso_url = "https://acme.okta.com/app/acme_portico_1/exk1a2b3/sso/saml"
    name_id = "ada@example.com"
    attributes = {"email": ("Ada@example.com",), "firstName": ("Ada",), "groups": ("Everyone",)}
    signed = "both"
    expects = {"email": "ada@example.com", "given_name": "Ada", "groups": ("Everyone",)}
    recognizes = ("http://www.okta.com/exk1a2b3c4d5e6f7G8h9", "https://acme.okta.com/app/exk1a2b3/sso/saml/metadata")
