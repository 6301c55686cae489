"""The adapter keeps the contract, and refuses every forgery that the kit knows."""

from __future__ import annotations

from portico_adfs import SAML
from portico_saml.testing import SamlConformance


class TestAdfsSaml(SamlConformance):
    """Key `adfs-saml`."""

    spec = SAML
    idp_entity_id = "http://adfs.example.com/adfs/services/trust"
    sso_url = "https://adfs.example.com/adfs/ls/"
    name_id = "S-1-5-21-1-2-3-4"
    attributes = {
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress": ("Ada@example.com",),
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn": ("ada@corp.example",),
        "http://schemas.xmlsoap.org/claims/Group": ("Staff",),
    }
    signed = "assertion"
    expects = {"email": "ada@example.com", "preferred_username": "ada@corp.example", "groups": ("Staff",)}
    recognizes = (
        "http://adfs.example.com/adfs/services/trust",
        "https://adfs.example.com/FederationMetadata/2007-06/FederationMetadata.xml",
    )
