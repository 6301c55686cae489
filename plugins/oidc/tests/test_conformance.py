"""The generic adapter keeps the contract, and refuses every forgery that the kit knows."""

from __future__ import annotations

from portico_oidc import portico_register_adapters
from portico_oidc.testing import OidcConformance


class TestGenericOidc(OidcConformance):
    """Key `oidc`."""

    [spec] = portico_register_adapters()
    claims = {"email": "ada@example.com", "name": "Ada Lovelace", "groups": ["a", "b"]}
    expects = {"email": "ada@example.com", "name": "Ada Lovelace", "groups": ("a", "b")}
