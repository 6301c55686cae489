"""The adapter keeps the contract, and refuses every forgery that the kit knows."""

from __future__ import annotations

from portico_saml.testing import SamlConformance
from portico_shibboleth import SAML


class TestShibbolethSaml(SamlConformance):
    """Key `shibboleth-saml`."""

    spec = SAML
    idp_entity_id = "https://idp.example.edu/idp/shibboleth"
    sso_url = "https://idp.example.edu/idp/profile/SAML2/Redirect/SSO"
    name_id = "_t1"
    attributes = {
        "urn:oasis:names:tc:SAML:attribute:subject-id": ("ada@example.edu",),
        "urn:oid:0.9.2342.19200300.100.1.3": ("Ada@example.edu",),
    }
    signed = "response"
    extra_settings = {"encryption": "optional"}  # the kit's provider signs, and does not encrypt
    expects = {"email": "ada@example.edu"}
    recognizes = ("https://idp.example.edu/idp/shibboleth",)
