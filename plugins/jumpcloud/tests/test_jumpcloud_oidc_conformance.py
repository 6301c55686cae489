"""The adapter keeps the contract, and refuses every forgery that the kit knows."""

from __future__ import annotations

from portico_jumpcloud import OIDC
from portico_oidc.testing import OidcConformance


class TestJumpCloudOidc(OidcConformance):
    """Key `jumpcloud-oidc`."""

    spec = OIDC
    issuer = "https://oauth.id.jumpcloud.com"
    claims = {"email": "Ada@example.com", "groups": ["Staff"]}
    expects = {"email": "ada@example.com", "groups": ("Staff",)}
    recognizes = ("https://oauth.id.jumpcloud.com", "https://oauth.id.jumpcloud.com/")
