"""The adapter keeps the contract, and refuses every forgery that the kit knows."""

from __future__ import annotations

from portico_entra import OIDC
from portico_oidc.testing import OidcConformance


class TestEntraOidc(OidcConformance):
    """Key `entra-oidc`."""

    spec = OIDC
    issuer = "https://login.microsoftonline.com/fa15d692-e9c7-4460-a743-29f2956fd429/v2.0"
    claims = {
        "tid": "fa15d692-e9c7-4460-a743-29f2956fd429",
        "oid": "05833b6b-aa1d-42d4-9ec0-1b2bb9194438",
        "email": "Ada@example.com",
        "email_verified": None,
        "preferred_username": "ada@corp.example",
        "roles": ["Admin"],
    }
    expects = {"email": "ada@example.com", "preferred_username": "ada@corp.example", "roles": ("Admin",)}
    recognizes = ("https://login.microsoftonline.com/fa15d692-e9c7-4460-a743-29f2956fd429/v2.0",)
