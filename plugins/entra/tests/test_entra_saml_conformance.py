"""The adapter keeps the contract, and refuses every forgery that the kit knows."""

from __future__ import annotations

from portico_entra import SAML
from portico_saml.testing import SamlConformance


class TestEntraSaml(SamlConformance):
    """Key `entra-saml`."""

    spec = SAML
    idp_entity_id = "https://sts.windows.net/a9054a0f-2011-4e31-b3ac-fd8c354146ec/"
    sso_url = "https://login.microsoftonline.com/a9054a0f-2011-4e31-b3ac-fd8c354146ec/saml2"
    name_id = "ada@corp.example"
    attributes = {
        "http://schemas.microsoft.com/identity/claims/tenantid": ("a9054a0f-2011-4e31-b3ac-fd8c354146ec",),
        "http://schemas.microsoft.com/identity/claims/objectidentifier": ("74a35d48-1914-4115-82f1-1b8a01449f3d",),
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress": ("Ada@example.com",),
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name": ("ada@corp.example",),
    }
    signed = "assertion"
    expects = {"email": "ada@example.com", "preferred_username": "ada@corp.example"}
    recognizes = ("https://sts.windows.net/a9054a0f-2011-4e31-b3ac-fd8c354146ec/",)
