"""OneLogin over SAML 2.0 and OpenID Connect."""

from __future__ import annotations

from collections.abc import Iterable

from portico_onelogin.oidc import OIDC
from portico_onelogin.saml import SAML
from portico_sdk import AdapterSpec, hookimpl

__all__ = ["OIDC", "SAML", "portico_register_adapters"]


@hookimpl
def portico_register_adapters() -> Iterable[AdapterSpec]:
    """Register `onelogin-saml` and `onelogin-oidc`."""
    return [SAML, OIDC]
