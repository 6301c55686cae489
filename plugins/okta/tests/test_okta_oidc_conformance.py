"""The adapter keeps the contract, and refuses every forgery that the kit knows."""

from __future__ import annotations

from portico_oidc.testing import OidcConformance
from portico_okta import OIDC


class TestOktaOidc(OidcConformance):
    """Key `okta-oidc`."""

    spec = OIDC
    issuer = "https://acme.okta.com"
    claims = {"email": "Ada@example.com", "groups": ["Everyone"]}
    expects = {"email": "ada@example.com", "groups": ("Everyone",)}
    recognizes = ("https://acme.okta.com", "https://acme.okta.com/oauth2/default")
