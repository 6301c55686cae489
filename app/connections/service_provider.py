"""Our own side of a connection, as its identity provider knows it. Every address derives from the configured base URL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.errors import Invalid, Problem
from portico_sdk import KeyPair, ServiceProvider


def saml_url(base_url: str, connection_id: str, what: str) -> str:
    """Return the address of `acs`, `metadata` or `slo` of one connection."""
    return f"{base_url}/sso/saml/{connection_id}/{what}"


def oidc_url(base_url: str, connection_id: str, what: str) -> str:
    """Return the address of `callback`, `logout` or `backchannel-logout` of one connection."""
    return f"{base_url}/sso/oidc/{connection_id}/{what}"


def make_service_provider(
    base_url: str, connection_id: str, entity_id: str | None, keys: Sequence[KeyPair]
) -> ServiceProvider:
    """Return our side of a SAML connection, or of an OIDC one when it has no entity id."""
    if entity_id is None:
        return ServiceProvider(
            redirect_uri=oidc_url(base_url, connection_id, "callback"),
            post_logout_redirect_uri=oidc_url(base_url, connection_id, "logout"),
            backchannel_logout_uri=oidc_url(base_url, connection_id, "backchannel-logout"),
        )
    return ServiceProvider(
        entity_id=entity_id,
        acs_url=saml_url(base_url, connection_id, "acs"),
        metadata_url=saml_url(base_url, connection_id, "metadata"),
        slo_url=saml_url(base_url, connection_id, "slo"),
        keys=keys,
    )


def entity_id_of(base_url: str, connection_id: str, protocol: str, settings: Mapping[str, Any]) -> str | None:
    """Return the entity id under which this connection knows us: its own address unless an operator set another.

    Raises:
        Invalid: the other one is what a different connection has by default.
    """
    if protocol != "saml":
        return None
    own = saml_url(base_url, connection_id, "metadata")
    entity_id = settings.get("sp_entity_id") or own
    if entity_id != own and entity_id.startswith(f"{base_url}/sso/"):
        message = "This address belongs to another connection: audiences could no longer be told apart."
        raise Invalid(Problem("settings.sp_entity_id", "entity-id-taken", message))
    return str(entity_id)


def describe_service_provider(provider: ServiceProvider) -> dict[str, str]:
    """Return what a customer types into the identity provider."""
    if not provider.entity_id:
        return {
            "redirect_uri": provider.redirect_uri,
            "post_logout_redirect_uri": provider.post_logout_redirect_uri,
            "backchannel_logout_uri": provider.backchannel_logout_uri,
        }
    return {
        "entity_id": provider.entity_id,
        "acs_url": provider.acs_url,
        "metadata_url": provider.metadata_url,
        "slo_url": provider.slo_url,
        "certificate": provider.keys[0].certificate_pem if provider.keys else "",
    }
