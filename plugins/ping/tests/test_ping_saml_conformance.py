"""The adapter keeps the contract, and refuses every forgery that the kit knows."""

from __future__ import annotations

from portico_ping import SAML
from portico_saml.testing import SamlConformance


class TestPingSaml(SamlConformance):
    """Key `ping-saml`."""

    spec = SAML
    idp_entity_id = "https://auth.pingone.eu/3030059e-440b-4ad0-9217-44326f1757f6"
    sso_url = "https://auth.pingone.eu/3030059e-440b-4ad0-9217-44326f1757f6/saml20/idp/sso"
    name_id = "9e34fa21-4e8f-4dee-b565-648dbcf25eff"
    attributes = {"saml_subject": ("9e34fa21-4e8f-4dee-b565-648dbcf25eff",), "email": ("Ada@example.com",)}
    signed = "assertion"
    expects = {"email": "ada@example.com"}
    recognizes = ("https://auth.pingone.eu/3030059e-440b-4ad0-9217-44326f1757f6",)
