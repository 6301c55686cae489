"""Domains: the record to make, what DNS said when it was asked, and giving one up."""

from __future__ import annotations

from app.errors import Conflict, Invalid, PorticoError, Problem, TooManyRequests
from app.portal.setup import list_first_tasks, newest_setup
from app.portal.turn import Answer, Onward, Shown, Turn, problems_of

_UNAVAILABLE = "We cannot verify this domain here. Write to us from an address at this domain."


def show(turn: Turn, problems: tuple[Problem, ...] = ()) -> Answer:
    """Show every domain with its state, and ask for one more."""
    return _shown(turn, "portal/domains.html", problems, domains=turn.desk.domains())


def add(turn: Turn) -> Answer:
    """Claim a domain and go to its record."""
    try:
        row = turn.desk.add_domain(turn.form.get("domain", ""), now=turn.now)
    except Invalid as error:
        return show(turn, problems_of(error))
    except Conflict as error:
        message = "It is in your list already." if error.code == "domain-exists" else _UNAVAILABLE
        return show(turn, (Problem("domain", error.code, message),))
    return Onward(f"/setup/domains/{row.domain}")


def show_one(turn: Turn, domain: str, said: PorticoError | None = None) -> Answer:
    """Show the record in both forms, and what was found."""
    row = turn.desk.domain(domain)
    answer = _shown(turn, "portal/domain.html", (), domain=row, answer=row.last_answer, said_now=_told(said))
    return Shown(answer.template, answer.values, (), 200 if said is None else said.status)


def check(turn: Turn, domain: str) -> Answer:
    """Ask DNS now."""
    try:
        turn.desk.check_domain(domain, now=turn.now)
    except (TooManyRequests, Conflict) as error:
        return show_one(turn, domain, error)
    return Onward(f"/setup/domains/{domain}")


def remove(turn: Turn, domain: str) -> Answer:
    """Give the domain up; it can be added again."""
    turn.desk.remove_domain(domain, now=turn.now)
    return Onward("/setup/domains")


def _told(error: PorticoError | None) -> str:
    if error is None:
        return ""
    return "Wait a few seconds between two checks." if isinstance(error, TooManyRequests) else _UNAVAILABLE


def _shown(turn: Turn, template: str, problems: tuple[Problem, ...], **values: object) -> Shown:
    turn.portal.links.note_step(turn.visit, "domains", now=turn.now)
    setup = newest_setup(turn)
    tasks = setup.tasks if setup else list_first_tasks(turn)
    return Shown(template, {"setup": setup, "tasks": tasks, "now": turn.now, **values}, problems)
