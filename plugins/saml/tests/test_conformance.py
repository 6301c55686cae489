"""The generic adapter keeps the contract, and refuses every forgery that the kit knows."""

from __future__ import annotations

from portico_saml import portico_register_adapters
from portico_saml.testing import SamlConformance


class TestGenericSaml(SamlConformance):
    """Key `saml`; the gateway's own rules read the attributes."""

    [spec] = portico_register_adapters()


class TestGenericSamlSignedResponse(SamlConformance):
    """The same at a provider that signs the response and not the assertion."""

    [spec] = portico_register_adapters()
    signed = "response"


class TestGenericSamlByPost(SamlConformance):
    """The same with signed requests by HTTP-POST."""

    [spec] = portico_register_adapters()
    signed = "both"
    extra_settings = {"sso_binding": "post", "sign_requests": True, "signed": "both"}
