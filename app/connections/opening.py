"""Opens a connection for a sign-in: from memory, by a light query when anything changed, by a heavier one when it did."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from app.cipher import CannotDecrypt
from app.claims import load_additions
from app.connections.claim_rules import rules_in_force
from app.connections.light import find_light, read_configuration
from app.connections.live import ConfigurationMemory, ConnectionCache, LiveConnection, OpenedConfiguration
from app.connections.sealed import SealedKeys, open_secrets
from app.connections.service_provider import make_service_provider
from app.connections.surroundings import Surroundings
from app.errors import NotFound, SignInFailed
from portico_sdk import AdapterSpec


def open_connection(around: Surroundings, memory: ConfigurationMemory, connection_id: str) -> LiveConnection:
    """Return the connection as it is now, whatever its status: the caller asks `usable`.

    Raises:
        NotFound: there is no such connection.
        AdapterUnavailable: its adapter is not loaded.
        SignInFailed: its secret settings do not open. Our keys are opened by whoever asks for one.
    """
    light = find_light(memory, connection_id)
    if light is None:
        raise NotFound(f"no connection {connection_id[:60]!r}")
    configuration = memory.find(light.id, light.version)
    if configuration is None:
        row = memory.take_sealed(light.id, light.version) or read_configuration(light.id)
        if row is None:
            raise NotFound(f"{light.id} was deleted a moment ago")
        configuration = memory.keep(light.id, _open_configuration(around, row))
    return LiveConnection(
        id=light.id,
        organization_id=light.organization_id,
        organization_external_id=light.external_id,
        organization_auth0_id=light.auth0_organization_id,
        organization_status=light.organization_status,
        organization_policy=MappingProxyType(light.policy),
        status=light.status,
        subject_source=light.subject_source,
        trust=f"{light.trust_version}.{light.policy_version}",
        additions=load_additions(light.organization_id, light.id),
        configuration=configuration,
        random=around.random,
    )


def _open_configuration(around: Surroundings, row: Any) -> OpenedConfiguration:
    spec = around.registry.get(row.adapter, row.distribution)
    try:
        return OpenedConfiguration(
            version=row.version,
            spec=spec,
            distribution=row.distribution,
            settings=MappingProxyType(_settings(around, row, spec)),
            claim_rules=rules_in_force(row.claim_rules, spec),
            service_provider=make_service_provider(
                around.base_url, row.id, row.sp_entity_id, SealedKeys(around.cipher, row.id, row.sp_keys)
            ),
            http=around.http_for(row.id),
            cache=ConnectionCache(),
        )
    except CannotDecrypt as error:
        raise SignInFailed(error.detail, code="connection-unreadable", hint="Run portico doctor.") from error


def _settings(around: Surroundings, row: Any, spec: AdapterSpec) -> dict[str, Any]:
    """Every setting that the adapter declares today; what was stored before a setting existed has its default."""
    stored = dict(row.settings)
    if any(field.secret for field in spec.settings):  # else nothing of them is used
        stored |= open_secrets(around.cipher, row.id, row.secrets)
    return {field.name: stored.get(field.name, field.default) for field in spec.settings}
