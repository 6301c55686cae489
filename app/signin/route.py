"""Which customer? Turns what a request names into one connection.

Routing is a hint, never proof: what it names is compared later with what the identity provider proved. Unknown, disabled
and draft targets, and those a client may not use, give one and the same refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from app.errors import Invalid, SignInFailed
from app.organizations import find_domain_owner, find_organization_by_selector, parse_domain


class RoutableConnection(Protocol):
    """What routing needs to know of a connection."""

    @property
    def id(self) -> str: ...
    @property
    def organization_id(self) -> str: ...
    @property
    def is_default(self) -> bool: ...
    @property
    def domains(self) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class OrganizationSelector:
    """An organization as a request names it: by `id`, `slug`, `external_id` or `auth0_organization_id`."""

    kind: Literal["id", "slug", "external_id", "auth0_organization_id"]
    value: str


@dataclass(frozen=True, slots=True)
class Selectors:
    """What a request names, unverified. Several values of one kind are kept so that contradictions are seen."""

    connections: tuple[str, ...] = ()
    organizations: tuple[OrganizationSelector, ...] = ()
    domain_hint: str | None = None
    login_hint: str | None = None
    hinted_connection: str = ""  # of a verified id_token_hint: asked when nothing above names a customer


@dataclass(frozen=True, slots=True)
class Route:
    """Where the sign-in goes."""

    organization_id: str
    connection_id: str


class TargetUnavailable(SignInFailed):
    """Unknown, disabled, draft, or not for this client: never told apart outside."""

    code = "target-unavailable"
    public = "This sign-in is not available."


class SelectorsContradict(SignInFailed):
    """The request names two different customers."""

    code = "selectors-contradict"
    public = "This request names two different organizations."


class NeedsEmail(SignInFailed):
    """Nothing in the request says which customer: ask for the work e-mail."""

    code = "needs-email"


@dataclass(frozen=True, slots=True)
class Router:
    """Finds the route. `find_connection` and `active_of` are those of the connections room."""

    find_connection: Callable[[str], RoutableConnection | None]
    active_of: Callable[[str], Sequence[RoutableConnection]]

    def route(self, wanted: Selectors, allowed_organizations: Sequence[str] | None) -> Route:
        """Return the one connection that the request means, within what the client may use.

        Precedence: connection, organization, domain_hint, login_hint, the hinted connection, the client's only
        organization. Everything else that is named must agree with it. `allowed_organizations` None means all.

        Raises:
            TargetUnavailable, SelectorsContradict, NeedsEmail.
        """
        named = [self._connection(id_) for id_ in wanted.connections]
        hint_domain, organizations = self._organizations(wanted, [c.organization_id for c in named])
        if len({c.id for c in named}) > 1 or len(set(organizations)) > 1:
            raise SelectorsContradict(f"connections {wanted.connections}, organizations {organizations}")
        if not organizations and (hinted := self.find_connection(wanted.hinted_connection)) is not None:
            named, organizations = [hinted], [hinted.organization_id]
        organization = organizations[0] if organizations else _only_allowed(allowed_organizations)
        if allowed_organizations is not None and organization not in allowed_organizations:
            raise TargetUnavailable(f"the client may not use {organization}")
        connection = named[0] if named else self._choose(organization, hint_domain)
        return Route(organization, connection.id)

    def _connection(self, connection_id: str) -> RoutableConnection:
        found = self.find_connection(connection_id)
        if found is None:
            raise TargetUnavailable(f"no active connection {connection_id[:60]!r}")
        return found

    def _organizations(self, wanted: Selectors, named: list[str]) -> tuple[str | None, list[str]]:
        """The domain that was hinted, and every organization that the request names, in order of precedence."""
        organizations = list(named)
        for selector in wanted.organizations:
            found = find_organization_by_selector(selector.kind, selector.value)
            if found is None:
                raise TargetUnavailable(f"no organization with {selector.kind} {selector.value[:60]!r}")
            organizations.append(found.id)
        if wanted.domain_hint:
            owner = find_domain_owner(_domain(wanted.domain_hint))
            if owner is None:
                raise TargetUnavailable(f"nobody verified the domain {wanted.domain_hint[:60]!r}")
            organizations.append(owner.organization_id)
        hinted = email_domain(wanted.login_hint)
        if hinted and (owner := find_domain_owner(hinted)) is not None:
            organizations.append(owner.organization_id)
        return (_domain(wanted.domain_hint) if wanted.domain_hint else hinted), organizations

    def _choose(self, organization_id: str, domain: str | None) -> RoutableConnection:
        active = self.active_of(organization_id)
        if len(active) == 1:
            return active[0]
        listing = [c for c in active if domain is not None and domain in c.domains]
        chosen = listing if len(listing) == 1 else [c for c in active if c.is_default]
        if len(chosen) != 1:
            raise TargetUnavailable(f"{organization_id} has {len(active)} active connections and no single choice")
        return chosen[0]


def _only_allowed(allowed: Sequence[str] | None) -> str:
    if allowed is None or len(allowed) != 1:
        raise NeedsEmail("nothing names a customer")
    return allowed[0]


def email_domain(text: str | None) -> str | None:
    """Return the normalised domain of an e-mail address, or None where `text` is not one. Never raises."""
    if not text or len(text) > 320 or text.count("@") != 1:
        return None
    try:
        return parse_domain(text.partition("@")[2])
    except Invalid:
        return None


def _domain(text: str) -> str:
    try:
        return parse_domain(text)
    except Invalid as error:
        raise TargetUnavailable(f"domain_hint {text[:60]!r}: {error.detail}") from None
