"""A plan is data: an ordered tuple of steps, each of which looks, says what differs, and can put it right.

Nothing is remembered between looking and acting but what the step looks at: a plan that was shown and a plan that is run
are the same functions, so a run after a failure, or a second run, does what is left and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.audit import Actor
from app.auth0.connection import find_connection
from app.auth0.models import Auth0Trust
from app.auth0.tenant import Tenant
from app.auth0.wanted import Difference, WantedConnection

#: Hears how far a step is: its name, how many are done, of how many.
Progress = Callable[[str, int, int], None]


def silent(_name: str, _done: int, _all: int) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class Work:
    """What the steps of one run share.

    Args:
        issuer: Portico's own.
        to_bind: customers by Auth0 organization that a run would store, for a plan that stores nothing.
        client_secret: a fresh one that Auth0 has to be given, once there is one.
    """

    tenant: Tenant
    trust: Auth0Trust
    issuer: str
    actor: Actor
    now: datetime
    progress: Progress = silent
    to_bind: Mapping[str, str] = field(default_factory=dict)
    client_secret: str | None = field(default=None, repr=False)
    _connection: dict[str, Any] | None = field(default=None, repr=False)
    _looked: bool = False

    def connection(self) -> dict[str, Any] | None:
        """Return our connection as Auth0 has it, options included; None where there is none yet."""
        if not self._looked:
            self._connection = find_connection(self.tenant, self.trust, self.issuer)
            self._looked = True
        return self._connection

    def look_again(self) -> None:
        """Forget what was read: something was changed."""
        self._looked = False

    @property
    def connection_id(self) -> str | None:
        """Id of our connection, None where there is none yet."""
        found = self.connection()
        return None if found is None else str(found["id"])

    def wanted(self) -> WantedConnection:
        """Return what the connection has to be."""
        return WantedConnection(
            issuer=self.issuer,
            name=self.trust.connection_name,
            client_id=self.trust.client_id or "(made in the step before)",
            auth_method=self.trust.auth_method,
            claims_namespace=self.trust.claims_namespace,
            client_secret=self.client_secret,
        )


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the plan.

    Args:
        scopes: what it needs of the Management API, for a given trust.
        look: what is there; changes nothing. Runs also before the steps ahead of it made what it builds on.
        want: what differs from what should be, given what is there; nothing when it is as it should be.
        act: puts right what differs.
    """

    name: str
    title: str
    scopes: Callable[[Auth0Trust], tuple[str, ...]]
    look: Callable[[Work], Any]
    want: Callable[[Work, Any], Iterable[Difference]]
    act: Callable[[Work, Any], None]


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step and what it would change."""

    step: Step
    differences: tuple[Difference, ...]


def needed_scopes(steps: Sequence[Step], trust: Auth0Trust) -> tuple[str, ...]:
    """Return the scopes that these steps need, each once, in order."""
    return tuple(dict.fromkeys(scope for step in steps for scope in step.scopes(trust)))


def look_ahead(steps: Sequence[Step], work: Work) -> tuple[PlannedStep, ...]:
    """Return the plan: what each step would change. Changes nothing."""
    return tuple(PlannedStep(step, tuple(step.want(work, step.look(work)))) for step in steps)


def describe(planned: Sequence[PlannedStep], states: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the plan as JSON; `states` say how each step ended last."""
    return [
        {
            "step": one.step.name,
            "title": one.step.title,
            "changes": [describe_difference(difference) for difference in one.differences],
            "last": states.get(one.step.name),
        }
        for one in planned
    ]


def describe_difference(difference: Difference) -> dict[str, Any]:
    """Return one difference as JSON."""
    return {"path": difference.path, "wanted": difference.wanted, "found": difference.found}
