"""Auth0 organizations: marked with the customer that each stands for, and given the connection without membership by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from app.auth0.bindings import Binding, list_bindings, note_failure, note_told
from app.auth0.discovery_domains import DISCOVERY_SCOPES, add_discovery_domains, list_missing_domains
from app.auth0.errors import Auth0Failed, Auth0NotFound, Auth0Refused
from app.auth0.models import Auth0Trust
from app.auth0.plan import Step, Work
from app.auth0.tenant import Tenant
from app.auth0.wanted import Difference
from app.organizations import list_auth0_organizations

SCOPES = (
    "read:organizations",
    "update:organizations",
    "read:organization_connections",
    "create:organization_connections",
    "update:organization_connections",
)

#: The customer's id, in the metadata of its Auth0 organization: what the Action compares.
MARK = "portico_org"

#: With auto-membership, whoever comes through the shared connection would join the organization that he asks for.
ENABLED: Mapping[str, bool] = {"assign_membership_on_login": False, "show_as_button": False, "is_signup_enabled": False}


@dataclass(frozen=True, slots=True)
class OrganizationState:
    """What the tenant has of one organization; `metadata` None: the organization is not there."""

    binding: Binding
    metadata: Mapping[str, Any] | None
    enabled: Mapping[str, Any] | None
    missing_domains: tuple[str, ...] = ()


def _scopes(trust: Auth0Trust) -> tuple[str, ...]:
    if not trust.organizations and not list_bindings():
        return ()
    return (*SCOPES, *(DISCOVERY_SCOPES if trust.discovery_domains else ()))


def _look(work: Work) -> list[OrganizationState]:
    """What changed or has its turn, and what was named; a customer's organization that was named is the customer's."""
    named = {one: work.to_bind.get(one) for one in work.trust.organizations}
    bound = {auth0_id: organization_id for organization_id, auth0_id in list_auth0_organizations().items()}
    bindings = [one for one in list_bindings() if one.auth0_organization_id not in work.to_bind]
    looked = {one.auth0_organization_id for one in bindings}
    further = [Binding(one, to_be or bound.get(one)) for one, to_be in named.items() if one not in looked]
    return [look_at(work, one) for one in (*bindings, *further)]


def look_at(work: Work, binding: Binding) -> OrganizationState:
    """Return what the tenant has of one organization."""
    path = _path(binding)
    try:
        metadata = work.tenant.get(path).get("metadata") or {}
    except Auth0NotFound:
        return OrganizationState(binding, None, None)
    enabled = None
    if work.connection_id is not None:
        enabled = work.tenant.find(f"{path}/enabled_connections/{quote(work.connection_id, safe='')}")
    missing: tuple[str, ...] = ()
    if work.trust.discovery_domains and binding.organization_id is not None:
        missing = list_missing_domains(work.tenant, path, binding.organization_id)
    return OrganizationState(binding, metadata, enabled, missing)


def _want(_work: Work, found: Sequence[OrganizationState]) -> Iterator[Difference]:
    for state in found:
        yield from differences_of(state)


def differences_of(state: OrganizationState) -> Iterator[Difference]:
    """Yield where one organization is not as it should be."""
    binding, path = state.binding, f"organizations.{state.binding.auth0_organization_id}"
    if state.metadata is None:
        if binding.former is None:
            yield Difference(path, "an Auth0 organization", None)
        return
    mark = state.metadata.get(MARK)
    if binding.organization_id is not None and mark != binding.organization_id:
        yield Difference(f"{path}.metadata.{MARK}", binding.organization_id, mark)
    if binding.former is not None:
        if mark == binding.former:
            yield Difference(f"{path}.metadata.{MARK}", None, mark)
        return
    if state.enabled is None:
        yield Difference(f"{path}.connection", True, False)
    else:
        for name, value in ENABLED.items():
            if bool(state.enabled.get(name, name == "show_as_button")) != value:
                yield Difference(f"{path}.connection.{name}", value, state.enabled.get(name))
    for domain in state.missing_domains:
        yield Difference(f"{path}.discovery_domains.{domain}", True, None)


def _act(work: Work, found: Sequence[OrganizationState]) -> None:
    """Each for itself: one that cannot be told holds up no other."""
    failures = []
    for position, state in enumerate(found):
        work.progress("organizations, one by one", position, len(found))
        try:
            put_right(work, state)
        except Auth0Failed as error:
            if not isinstance(error, (Auth0NotFound, Auth0Refused)):
                raise
            note_failure(state.binding, error.detail, now=work.now)
            failures.append(state.binding.auth0_organization_id)
    if failures:
        raise Auth0Refused(f"could not be told: {', '.join(failures)[:200]}", code="auth0-organizations-failed")


def put_right(work: Work, state: OrganizationState) -> None:
    """Mark one organization, then let the connection lead there: never the other way round."""
    binding = state.binding
    if state.metadata is None and binding.former is None:
        raise Auth0NotFound(f"no organization {binding.auth0_organization_id}", answered=404)
    if state.metadata is not None:
        _mark(work.tenant, binding, state.metadata)
        if binding.former is None:
            _enable(work, binding, state.enabled)
            add_discovery_domains(work.tenant, _path(binding), state.missing_domains)
    if binding.organization_id is not None or binding.former is not None:
        note_told(binding, actor=work.actor, now=work.now)


def marked(metadata: Mapping[str, Any], binding: Binding) -> dict[str, Any]:
    """Return the whole metadata that an organization has to have: Auth0 replaces it as a whole."""
    others = {name: value for name, value in metadata.items() if name != MARK}
    if binding.organization_id is not None:
        return {**others, MARK: binding.organization_id}
    return others if metadata.get(MARK) == binding.former else dict(metadata)


def _mark(tenant: Tenant, binding: Binding, metadata: Mapping[str, Any]) -> None:
    wanted = marked(metadata, binding)
    if wanted != dict(metadata) and (binding.organization_id or binding.former):
        tenant.patch(_path(binding), {"metadata": wanted})


def _enable(work: Work, binding: Binding, enabled: Mapping[str, Any] | None) -> None:
    path, connection_id = f"{_path(binding)}/enabled_connections", work.connection_id
    if enabled is None:
        work.tenant.post(path, {"connection_id": connection_id, **ENABLED})
    elif any(bool(enabled.get(name, name == "show_as_button")) != value for name, value in ENABLED.items()):
        work.tenant.patch(f"{path}/{quote(str(connection_id), safe='')}", dict(ENABLED))


def _path(binding: Binding) -> str:
    return f"/organizations/{quote(binding.auth0_organization_id, safe='')}"


ORGANIZATIONS = Step("organizations", "The Auth0 organizations of customers", _scopes, _look, _want, _act)
