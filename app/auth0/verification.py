"""Proof that the trust is what it should be, and stayed one: each check with what was found."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from app.auth0.aliases import MOST
from app.auth0.bindings import list_failures, note_looked
from app.auth0.connection import is_marked, list_connections
from app.auth0.domains import describe, list_domains, look_at_aliases
from app.auth0.errors import Auth0ScopesMissing, understood
from app.auth0.onboarding import LOG_SCOPES, check_onboarding
from app.auth0.plan import Step, Work, describe_difference
from app.auth0.steps import STEPS
from app.auth0.wanted import STRATEGY, Difference, find_copied_differences, list_old_members
from app.errors import Conflict
from app.organizations import list_auth0_organizations
from app.provider.discovery import build_discovery

State = Literal["ok", "drift", "unknown"]

#: Nothing of these changes anything.
READING = (
    "read:connections",
    "read:connections_options",
    "read:actions",
    *LOG_SCOPES,
)


@dataclass(frozen=True, slots=True)
class Check:
    """One question and its answer. `unknown` is no proof: it does not count as being in order."""

    name: str
    title: str
    state: State
    message: str = ""
    differences: tuple[Difference, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)


#: Reads a URL through the outbound guard; None where it cannot be read from here.
Fetch = Callable[[str], bytes | None]


def verify(work: Work, *, published_kids: Sequence[str], fetch: Fetch) -> dict[str, Any]:
    """Return the report. Changes nothing in the tenant.

    Args:
        published_kids: of the keys that Portico publishes now.

    Raises Auth0Failed: the tenant could not be asked; nothing is known then.
    """
    with understood():
        checks = tuple(_checks(work, published_kids, fetch))
    plan = look_at_aliases(work) if not _several(checks) else None
    return {
        "ok": all(check.state == "ok" for check in checks),
        "checked_at": work.now.isoformat(),
        "tenant": work.trust.origin,
        "connection": {"id": work.trust.connection_id, "name": work.trust.connection_name},
        "checks": [_describe(check) for check in checks],
        "domains": None if plan is None else describe(plan, list_domains()),
    }


def _checks(work: Work, published_kids: Sequence[str], fetch: Fetch) -> Iterator[Check]:
    missing = [scope for scope in READING if not work.tenant.may(scope)]
    if missing:
        yield Check("scopes", "The credentials may read what is asked", "unknown", f"missing: {' '.join(missing)}")
    else:
        yield Check("scopes", "The credentials may read what is asked", "ok")
    single = _check_single(work)
    yield single
    if single.state != "ok":
        return
    for step in STEPS:
        yield _check_step(step, work)
    yield _check_copied(work)
    yield _check_keys(work, published_kids, fetch)
    yield from (Check(**answer) for answer in check_onboarding(work))


def _several(checks: Sequence[Check]) -> bool:
    return any(check.name == "one-connection" and check.state != "ok" for check in checks)


def _check_single(work: Work) -> Check:
    """The promise: one connection, and it is there."""
    title = "There is one connection to Portico"
    listed = list(list_connections(work.tenant, strategy=STRATEGY))
    marked = [str(one.get("name")) for one in listed if is_marked(one)]
    facts = {"connections": sorted(marked)}
    if len(marked) > 1:
        return Check("one-connection", title, "drift", f"{len(marked)} say managed_by=portico", facts=facts)
    try:
        found = work.connection()
    except Conflict as error:
        return Check("one-connection", title, "drift", error.hint or error.detail, facts=facts)
    if found is None:
        return Check("one-connection", title, "drift", "It is gone. Make it again: portico auth0 connect.", facts=facts)
    return Check("one-connection", title, "ok", facts=facts)


def _check_step(step: Step, work: Work) -> Check:
    try:
        found = step.look(work)
        differences = tuple(step.want(work, found))
    except Auth0ScopesMissing as error:
        return Check(step.name, step.title, "unknown", error.hint)
    copied = ("options.oidc_metadata", *(f"options.{name}" for name in ("issuer", "jwks_uri")))
    differences = tuple(one for one in differences if step.name != "connection" or not _is_copied(one, copied))
    message = ""
    facts: dict[str, Any] = {}
    if step.name == "organizations":
        note_looked((state.binding for state in found), now=work.now)
        facts = {"failures": [list(one) for one in list_failures()], "bound": len(list_auth0_organizations())}
    if step.name == "domains":
        plan = look_at_aliases(work)
        facts = {"foreign": list(plan.foreign), "beyond": len(plan.beyond), "aliases": len(plan.final)}
        if plan.beyond:
            message = f"{len(plan.beyond)} domains do not fit into the {MOST}: their applications send connection=NAME."
    return Check(step.name, step.title, "drift" if differences else "ok", message, differences, facts)


def _is_copied(difference: Difference, names: Sequence[str]) -> bool:
    return difference.path.startswith(tuple(names)) or difference.path.endswith("_endpoint")


def _check_copied(work: Work) -> Check:
    """Auth0 copied our discovery document once, and goes on with the copy."""
    connection = work.connection() or {}
    differences = find_copied_differences(connection, build_discovery(work.issuer))
    title = "What Auth0 copied of our discovery document is what it says today"
    facts = {"old": list_old_members(connection, build_discovery(work.issuer))}
    return Check("discovery", title, "drift" if differences else "ok", differences=differences, facts=facts)


def _check_keys(work: Work, published_kids: Sequence[str], fetch: Fetch) -> Check:
    """Where Auth0 looks for our keys, ours are; from here that is asked as far as this machine can reach it."""
    title = "Where Auth0 looks for Portico's keys, they are"
    address = str(((work.connection() or {}).get("options") or {}).get("jwks_uri", ""))
    wanted = build_discovery(work.issuer)["jwks_uri"]
    facts: dict[str, Any] = {"jwks_uri": address, "kids": list(published_kids)}
    if address != wanted or not published_kids:
        return Check(
            "jwks", title, "drift", differences=(Difference("options.jwks_uri", wanted, address),), facts=facts
        )
    body = fetch(address)
    found = _kids(body) if body is not None else None
    facts["fetched"] = found
    if found is not None and not set(published_kids) <= set(found):
        difference = Difference("jwks.kids", list(published_kids), found)
        return Check("jwks", title, "drift", "Another server answers there.", (difference,), facts)
    return Check(
        "jwks", title, "ok", "" if found is not None else "The address cannot be read from this machine.", facts=facts
    )


def _kids(body: bytes) -> list[str]:
    try:
        return [str(key["kid"]) for key in json.loads(body)["keys"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []


def _describe(check: Check) -> dict[str, Any]:
    return {
        "name": check.name,
        "title": check.title,
        "state": check.state,
        "message": check.message,
        "differences": [describe_difference(one) for one in check.differences],
        "facts": check.facts,
    }
