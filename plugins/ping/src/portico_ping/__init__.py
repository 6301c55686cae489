"""Ping (PingOne and PingFederate) over SAML 2.0 and OpenID Connect."""

from __future__ import annotations

from collections.abc import Iterable

from portico_ping.oidc import OIDC
from portico_ping.saml import SAML
from portico_sdk import AdapterSpec, hookimpl

__all__ = ["OIDC", "SAML", "portico_register_adapters"]


@hookimpl
def portico_register_adapters() -> Iterable[AdapterSpec]:
    """Register `ping-saml` and `ping-oidc`."""
    return [SAML, OIDC]
