"""What may change about a connection at any time, and is needed at every request: its own status and its organization's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from app.connections.live import ConfigurationMemory
from app.connections.models import Connection
from app.database import get_connection
from app.memory import remember
from app.organizations import Organization

# Built once: building a statement costs more than running it.
# Tables and not classes: what need not become objects skips the ORM, which costs as much as the query.
_CONNECTION, _ORGANIZATION = Connection.__table__.c, Organization.__table__.c
_OF_LIGHT = (
    _CONNECTION.id,
    _CONNECTION.organization_id,
    _CONNECTION.status,
    _CONNECTION.version,
    _CONNECTION.trust_version,
    _CONNECTION.subject_source,
    _CONNECTION.is_default,
    _CONNECTION.domains,
    _ORGANIZATION.external_id,
    _ORGANIZATION.auth0_organization_id,
    _ORGANIZATION.status.label("organization_status"),
    _ORGANIZATION.policy,
    _ORGANIZATION.policy_version,
)
_OF_CONFIGURATION = (
    _CONNECTION.adapter,
    _CONNECTION.distribution,
    _CONNECTION.settings,
    _CONNECTION.secrets,
    _CONNECTION.claim_rules,
    _CONNECTION.sp_entity_id,
    _CONNECTION.sp_keys,
)
_WANTED = _CONNECTION.id == bindparam("wanted")
_BELONGS = _ORGANIZATION.id == _CONNECTION.organization_id
_LIGHT = select(*_OF_LIGHT).join(Organization.__table__, _BELONGS).where(_WANTED)
_WHOLE = select(*_OF_LIGHT, *_OF_CONFIGURATION).join(Organization.__table__, _BELONGS).where(_WANTED)


class Light(NamedTuple):
    """A connection without its configuration, and what it needs of its organization."""

    id: str
    organization_id: str
    status: str
    version: int
    trust_version: int
    subject_source: str | None
    is_default: bool
    domains: Sequence[str]
    external_id: str | None
    auth0_organization_id: str | None
    organization_status: str
    policy: Mapping[str, Any]
    policy_version: int


def find_light(memory: ConfigurationMemory, connection_id: str) -> Light | None:
    """Return the connection as it is at this moment, remembered, or None.

    The configuration is not in it: it is large, and `memory` has a bound of its own. Where that has none, it is read along
    and laid by there, because whoever asks for a route opens the connection next.
    """
    if "\0" in connection_id:  # PostgreSQL cannot even compare it
        return None
    return remember("connection", connection_id, lambda: _read(memory, connection_id))


def read_configuration(connection_id: str) -> Any:
    """Return one row with `version` and the columns of the configuration, sealed as they are stored, or None."""
    return get_connection().execute(_WHOLE, {"wanted": connection_id}).one_or_none()


def _read(memory: ConfigurationMemory, connection_id: str) -> Light | None:
    known = memory.holds(connection_id)
    row = get_connection().execute(_LIGHT if known else _WHOLE, {"wanted": connection_id}).one_or_none()
    if row is None:
        return None
    if not known:
        memory.lay_by(row)
    return Light(*row[: len(Light._fields)])
