"""The plan of an import: every connection judged, nothing stored. What a dry run shows and a run does."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, cast

import structlog

from app.adapters import Registry
from app.adapters.recognize import recognize
from app.auth0.importing.existing import MAX_CONNECTIONS, ExistingConnection
from app.auth0.importing.proposal import Asked, Fetched, Proposal
from app.auth0.importing.strategies import judge
from app.auth0.importing.strategies.credentials import find_own_registrations
from app.claims import load_attributes
from app.database import end_read
from app.errors import Invalid, PorticoError, Problem
from portico_sdk import AdapterSpec, Clue, MetadataError, MetadataImport, ProviderUnreachable, SettingsError

log = structlog.get_logger(__name__)

Fetch = Callable[[str], bytes]
TOLD_EVERY = 25


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What an operator says about the import.

    Args:
        tenant: host of the tenant, such as `acme.eu.auth0.com`.
        custom_domains: hosts of the tenant that will lead to Portico, such as `login.acme.example`.
        organizations: connection's name -> organization here; others get a new one.
        vouch_domains: take the operator's word that the domains are the customers'.
        idp_initiated_client_id: see `Asked`.
        legacy_prefixes: connection's name -> prefix of its old ids, where it is not the usual one.
    """

    tenant: str
    custom_domains: tuple[str, ...] = ()
    organizations: Mapping[str, str] = field(default_factory=dict)
    vouch_domains: bool = False
    idp_initiated_client_id: str = ""
    legacy_prefixes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Planned:
    """One connection of the tenant and what becomes of it."""

    existing: ExistingConnection
    proposal: Proposal


def make_plan(
    connections: Sequence[ExistingConnection],
    options: ImportOptions,
    registry: Registry,
    fetch: Fetch,
    *,
    now: datetime,
    tell: Callable[[str], None] = lambda _line: None,
) -> tuple[Planned, ...]:
    """Return the judgement of every customer's connection, in the order of names; others are left out.

    Args:
        fetch: the outbound guard's; metadata and discovery documents are read through it.

    Raises Invalid: two connections have one name, or there are too many.
    """
    wanted = sorted((one for one in connections if one.is_customers), key=lambda one: one.name)
    if len(wanted) > MAX_CONNECTIONS or len({one.name for one in wanted}) < len(wanted):
        raise Invalid(Problem("connections", "import-connection", "Names repeat, or there are too many connections."))
    asked = _asked(wanted, options, registry, fetch, now)
    planned = []
    for number, existing in enumerate(wanted, 1):
        planned.append(Planned(existing, _draft(registry, judge(existing, asked), options, existing, now)))
        if number % TOLD_EVERY == 0 or number == len(wanted):
            tell(f"{number} of {len(wanted)} judged")
    return tuple(planned)


def _asked(
    wanted: Sequence[ExistingConnection], options: ImportOptions, registry: Registry, fetch: Fetch, now: datetime
) -> Asked:
    def recognizes(clue: Clue, protocol: Literal["saml", "oidc"]) -> str:
        return recognize(registry.specs(), clue, protocol)

    return Asked(
        tenant=options.tenant.partition(".")[0],
        tenant_host=options.tenant,
        custom_domains=options.custom_domains,
        idp_initiated_client_id=options.idp_initiated_client_id,
        own_registrations=find_own_registrations(wanted),
        attributes=frozenset(attribute.name for attribute in load_attributes()),
        now=now,
        recognize=recognizes,
        read_metadata=lambda where: _read_metadata(registry, fetch, where, now),
        read_issuer=lambda url: _read_issuer(fetch, url),
    )


def _read_metadata(registry: Registry, fetch: Fetch, where: str, now: datetime) -> Fetched:
    """Metadata is read by the generic adapter; more than one provider in it leaves the choice to a person."""
    adapter = registry.find("saml")
    if adapter is None or "metadata_import" not in adapter.spec.capabilities:
        return Fetched(failure="There is nothing here to read it with.")
    try:
        end_read()  # nobody waits for a customer's server with a transaction open
        document = where.encode() if where.lstrip("\ufeff \t\r\n").startswith("<") else fetch(where)
        entities = cast(MetadataImport, adapter.spec.adapter).parse_metadata(document, now).entities
    except (MetadataError, ProviderUnreachable, PorticoError) as error:
        return Fetched(failure=str(getattr(error, "hint", "") or error.detail)[:200])
    except Exception:
        log.exception("metadata_unreadable", step="import")
        return Fetched(failure="The adapter cannot read it.")
    return Fetched(entities[0]) if len(entities) == 1 else Fetched(failure=f"It describes {len(entities)} providers.")


def _read_issuer(fetch: Fetch, url: str) -> str:
    end_read()
    try:
        issuer: Any = json.loads(fetch(url)).get("issuer")
    except (ProviderUnreachable, PorticoError, ValueError, AttributeError, RecursionError):
        return ""
    return issuer if isinstance(issuer, str) else ""


def _draft(
    registry: Registry, proposal: Proposal, options: ImportOptions, existing: ExistingConnection, now: datetime
) -> Proposal:
    """The proposal with settings that its adapter accepts; what it does not accept is left out, and said."""
    if proposal.adapter is None:
        return proposal
    adapter = registry.find(proposal.adapter)
    if adapter is None:
        missing = f"The adapter {proposal.adapter} is not installed: no draft can be made."
        return replace(proposal, adapter=None, confirm=(*proposal.confirm, missing))
    settings, refused = _accepted(adapter.spec, proposal.settings, now)
    legacy = proposal.legacy
    if legacy and (prefix := options.legacy_prefixes.get(existing.name)):
        legacy = replace(legacy, prefix=prefix)
    return replace(proposal, settings=settings, confirm=(*proposal.confirm, *refused), legacy=legacy)


def _accepted(spec: AdapterSpec, settings: Mapping[str, Any], now: datetime) -> tuple[dict[str, Any], list[str]]:
    names = {field.name for field in spec.settings}
    said: list[str] = []
    kept = {name: value for name, value in settings.items() if name in names}
    for _try in range(len(kept) + 1):
        try:
            spec.adapter.validate(kept, now)
            return kept, said
        except SettingsError as error:
            for problem in error.problems:
                kept.pop(problem.field, None)
                said.append(f"{problem.field} could not be taken over: {problem.message}")
    return {}, said
