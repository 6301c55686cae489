"""Shibboleth over SAML 2.0."""

from __future__ import annotations

from collections.abc import Iterable

from portico_sdk import AdapterSpec, hookimpl
from portico_shibboleth.saml import SAML

__all__ = ["SAML", "portico_register_adapters"]


@hookimpl
def portico_register_adapters() -> Iterable[AdapterSpec]:
    """Register `shibboleth-saml`."""
    return [SAML]
