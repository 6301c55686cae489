"""AD FS over SAML 2.0 and OpenID Connect."""

from __future__ import annotations

from collections.abc import Iterable

from portico_adfs.oidc import OIDC
from portico_adfs.saml import SAML
from portico_sdk import AdapterSpec, hookimpl

__all__ = ["OIDC", "SAML", "portico_register_adapters"]


@hookimpl
def portico_register_adapters() -> Iterable[AdapterSpec]:
    """Register `adfs-saml` and `adfs-oidc`."""
    return [SAML, OIDC]
