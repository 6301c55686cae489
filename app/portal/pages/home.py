"""Where a visit begins and comes back to: the task list."""

from __future__ import annotations

from app.errors import NotFound
from app.portal.setup import list_first_tasks, load_setup, newest_setup
from app.portal.tasks import next_task
from app.portal.turn import Answer, Onward, Shown, Turn


def show(turn: Turn) -> Answer:
    """Lead to what the link opens: one page, the renewal, the domains, or the tasks."""
    found = newest_setup(turn)
    if turn.visit.step is not None:
        turn.portal.links.note_step(turn.visit, turn.visit.step, now=turn.now)
        return Onward(_path_of(turn.visit.step, found.id if found else ""))
    if not turn.desk.may("sso"):
        if turn.desk.may("certificates") and found is not None:
            return Onward(f"{found.root}/certificates")
        return Onward("/setup/domains")
    if found is not None:
        return Onward(f"{found.root}/{'overview' if found.active else 'tasks'}")
    tasks = list_first_tasks(turn)
    return Shown("portal/tasks.html", {"setup": None, "tasks": tasks, "next": next_task(tasks)})


def show_tasks(turn: Turn, connection_id: str) -> Answer:
    """Show every task with its state, and the next one."""
    setup = load_setup(turn, connection_id)
    others = [row for row in turn.desk.connections() if row.id != connection_id]
    values = {"setup": setup, "tasks": setup.tasks, "next": next_task(setup.tasks), "others": others}
    return Shown("portal/tasks.html", values)


def thank(turn: Turn) -> Answer:
    """Say that the one step of this link is done: the rest is a colleague's."""
    return Shown("portal/thanks.html", {"setup": None, "tasks": ()})


def _path_of(step: str, connection_id: str) -> str:
    if step in ("domains", "provider", "contacts", "thanks"):
        return f"/setup/{step}"
    if not connection_id:
        raise NotFound(f"the step {step[:60]!r} needs a connection")
    return f"/setup/{connection_id}/{step}"
