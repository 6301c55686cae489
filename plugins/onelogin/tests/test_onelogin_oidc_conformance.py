"""The adapter keeps the contract, and refuses every forgery that the kit knows."""

from __future__ import annotations

from portico_oidc.testing import OidcConformance
from portico_onelogin import OIDC


class TestOneLoginOidc(OidcConformance):
    """Key `onelogin-oidc`."""

    spec = OIDC
    issuer = "https://acme.onelogin.com/oidc/2"
    claims = {"email": "Ada@example.com", "groups": ["Staff"]}
    expects = {"email": "ada@example.com", "groups": ("Staff",)}
    recognizes = ("https://acme.onelogin.com/oidc/2",)
