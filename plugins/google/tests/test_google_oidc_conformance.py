"""The adapter keeps the contract, and refuses every forgery that the kit knows."""

from __future__ import annotations

from portico_google import OIDC
from portico_oidc.testing import OidcConformance


class TestGoogleOidc(OidcConformance):
    """Key `google-oidc`."""

    spec = OIDC
    issuer = "https://accounts.google.com"
    claims = {"hd": "example.com", "email": "Ada@example.com"}
    extra_settings = {"hosted_domains": ["example.com"]}
    expects = {"email": "ada@example.com"}
    recognizes = ("https://accounts.google.com",)
