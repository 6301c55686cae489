"""Domains in step: what customers own here is what Auth0 sends here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.audit import Actor, EventName, record
from app.auth0 import trust as trusts
from app.auth0.aliases import MOST, AliasPlan, plan_aliases
from app.auth0.importing.moves import list_waiting_organizations
from app.auth0.plan import Work
from app.auth0.wanted import DISPLAY_NAME
from app.connections import list_routable_organizations
from app.database import transaction
from app.errors import Conflict
from app.organizations import list_owned_domains


@dataclass(frozen=True, slots=True)
class OwnedDomains:
    """The domains that customers own. A lapsed one keeps its routing (only its e-mail counts as unverified).

    Args:
        routable: those whose people can be sent somewhere, in the order in which they get a place in Auth0.
        waiting: those of customers without an active connection, where Auth0 would send their people to a closed door, and
            of those whose people still use the tenant's own connections (imported, not in their dual run yet, or back).
    """

    routable: tuple[str, ...]
    waiting: tuple[str, ...]

    @property
    def mark(self) -> str:
        """A text that changes when they do."""
        return hashlib.sha256(json.dumps(sorted(self.routable)).encode()).hexdigest()


def list_domains() -> OwnedDomains:
    """Return the domains of all active customers."""
    routable = list_routable_organizations() - list_waiting_organizations()
    owned = list_owned_domains()
    return OwnedDomains(
        tuple(one.domain for one in owned if one.organization_id in routable),
        tuple(one.domain for one in owned if one.organization_id not in routable),
    )


def look_at_aliases(work: Work, *, remove_foreign: bool = False) -> AliasPlan:
    """Return what has to happen to the connection's aliases. Changes nothing."""
    options = (work.connection() or {}).get("options") or {}
    stored = [str(alias) for alias in options.get("domain_aliases") or []]
    return plan_aliases(list_domains().routable, stored, work.trust.aliases, remove_foreign=remove_foreign)


def push_aliases(work: Work, *, remove_foreign: bool = False) -> AliasPlan:
    """Bring the connection's aliases in step, and return what was done.

    Raises:
        Conflict: there is no connection yet.
    """
    work.look_again()  # PATCH replaces all options: what is written back has to be as fresh as possible
    connection = work.connection()
    if connection is None:
        raise Conflict("no connection", code="auth0-no-connection", hint="Set it up first: portico auth0 connect.")
    plan = look_at_aliases(work, remove_foreign=remove_foreign)
    if not plan.in_step:
        options = {**connection["options"], "domain_aliases": list(plan.final)}
        name = connection.get("display_name") or DISPLAY_NAME
        work.tenant.patch(f"/connections/{connection['id']}", {"display_name": name, "options": options})
        work.look_again()
    _note(work, plan)
    return plan


def _note(work: Work, plan: AliasPlan) -> None:
    wanted = list_domains()
    ours = [alias for alias in plan.final if alias.lower() in set(wanted.routable)]
    state = {**describe(plan, wanted), "mark": wanted.mark, "at": work.now.isoformat()}
    with transaction():
        trusts.note(aliases=ours, domains_state=state)
        if not plan.in_step:
            _record(plan, work.actor, work.now)


def describe(plan: AliasPlan, wanted: OwnedDomains) -> dict[str, Any]:
    """Return a plan as JSON; of each list as many as Auth0 takes, and how many there are."""
    lists = {
        "add": plan.add,
        "remove": plan.remove,
        "foreign": plan.foreign,
        "beyond": plan.beyond,
        "waiting": wanted.waiting,
    }
    return {
        "in_step": plan.in_step,
        "aliases": len(plan.final),
        "counts": {name: len(names) for name, names in lists.items()},
        **{name: list(names[:MOST]) for name, names in lists.items()},
    }


def _record(plan: AliasPlan, actor: Actor, now: datetime) -> None:
    details = {"added": _some(plan.add), "removed": _some(plan.remove), "counts": [len(plan.add), len(plan.remove)]}
    record(
        EventName.AUTH0_DOMAINS_PUSHED, actor=actor, now=now, organization_id=None, target=trusts.ID, details=details
    )


def _some(names: Sequence[str]) -> list[str]:
    return list(names[:100])
