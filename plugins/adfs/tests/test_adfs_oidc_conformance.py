"""The adapter keeps the contract, and refuses every forgery that the kit knows."""

from __future__ import annotations

from portico_adfs import OIDC
from portico_oidc.testing import OidcConformance


class TestAdfsOidc(OidcConformance):
    """Key `adfs-oidc`."""

    spec = OIDC
    issuer = "https://adfs.example.com/adfs"
    claims = {"email": "Ada@example.com", "upn": "ada@corp.example", "group": ["Staff"]}
    extra_settings = {"resource": "https://portico.example.com/"}
    expects = {"email": "ada@example.com", "preferred_username": "ada@corp.example", "groups": ("Staff",)}
    recognizes = ("https://adfs.example.com/adfs",)
