"""Running the plan: look at everything, then do what is left, one step after the other, each remembered."""

from __future__ import annotations

from collections.abc import Sequence

from app.auth0 import trust as trusts
from app.auth0.errors import understood
from app.auth0.plan import PlannedStep, Step, Work, look_ahead, needed_scopes
from app.errors import PorticoError


def plan(steps: Sequence[Step], work: Work) -> tuple[PlannedStep, ...]:
    """Return what a run would change. Changes nothing.

    Raises:
        Auth0ScopesMissing: before anything else is asked; it names every scope that lacks.
    """
    work.tenant.check_scopes(needed_scopes(steps, work.trust))
    adopt_name(work)
    with understood():
        return look_ahead(steps, work)


def run(steps: Sequence[Step], work: Work) -> tuple[PlannedStep, ...]:
    """Put right whatever is not as it should be, and return what was changed.

    Every step looks anew, so a run after a failure goes on where the last one ended, and a second one does nothing.

    Raises:
        Auth0ScopesMissing: before anything was changed.
        Auth0Failed: a step failed; what was done before stays done and is remembered.
    """
    work.tenant.check_scopes(needed_scopes(steps, work.trust))
    adopt_name(work)
    done = []
    for position, step in enumerate(steps):
        work.progress(step.name, position, len(steps))
        try:
            with understood():
                done.append(_run_step(step, work))
        except PorticoError as error:
            state = {"state": "failed", "code": error.code, "detail": error.detail[:300]}
            trusts.note_step(step.name, state, actor=work.actor, now=work.now)
            raise
    work.progress("", len(steps), len(steps))
    return tuple(done)


def adopt_name(work: Work) -> None:
    """Call our connection what it is called: it keeps its name for ever, and addresses are made of it."""
    with understood():
        found = work.connection()
        name = work.trust.connection_name if found is None else str(found["name"])
    if name == work.trust.connection_name:
        return
    if trusts.find_trust() is work.trust:
        trusts.note(connection_name=name)
    else:
        work.trust.connection_name = name  # of a plan that stores nothing


def _run_step(step: Step, work: Work) -> PlannedStep:
    found = step.look(work)
    differences = tuple(step.want(work, found))
    if differences:
        step.act(work, found)
        work.look_again()
    changed = [difference.path for difference in differences]
    trusts.note_step(step.name, {"state": "done", "changed": changed[:50]}, actor=work.actor, now=work.now)
    return PlannedStep(step, differences)
