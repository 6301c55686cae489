"""The adapter keeps the contract, and refuses every forgery that the kit knows."""

from __future__ import annotations

from portico_oidc.testing import OidcConformance
from portico_ping import OIDC


class TestPingOidc(OidcConformance):
    """Key `ping-oidc`."""

    spec = OIDC
    issuer = "https://auth.pingone.eu/3030059e-440b-4ad0-9217-44326f1757f6/as"
    claims = {"email": "Ada@example.com", "groups": ["Staff"]}
    expects = {"email": "ada@example.com", "groups": ("Staff",)}
    recognizes = ("https://auth.pingone.eu/3030059e-440b-4ad0-9217-44326f1757f6/as",)
