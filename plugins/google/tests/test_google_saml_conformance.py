"""The adapter keeps the contract, and refuses every forgery that the kit knows."""

from __future__ import annotations

from portico_google import SAML
from portico_saml.testing import SamlConformance


class TestGoogleSaml(SamlConformance):
    """Key `google-saml`."""

    spec = SAML
    idp_entity_id = "https://accounts.google.com/o/saml2?idpid=C01abc2de"
    sso_url = "https://accounts.google.com/o/saml2/idp?idpid=C01abc2de"
    name_id = "ada@example.com"
    attributes = {"firstName": ("Ada",), "groups": ("Staff",)}
    signed = "response"
    expects = {"email": "ada@example.com", "given_name": "Ada", "groups": ("Staff",)}
    recognizes = ("https://accounts.google.com/o/saml2?idpid=C01abc2de",)
