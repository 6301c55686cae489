"""Which identity provider? One question, with a search that works without JavaScript."""

from __future__ import annotations

from app.connections import NewConnection
from app.errors import Problem
from app.portal.providers import list_providers
from app.portal.setup import list_first_tasks, newest_setup
from app.portal.turn import Answer, Onward, Shown, Turn


def show(turn: Turn, problems: tuple[Problem, ...] = ()) -> Answer:
    """Show the providers, all or those that were looked for."""
    wanted = turn.query.get("q", "")[:80]
    setup = newest_setup(turn)
    specs = [one.spec for one in turn.portal.registry.specs()]
    values = {
        "setup": setup,
        "tasks": setup.tasks if setup else list_first_tasks(turn),
        "providers": list_providers(specs, wanted),
        "wanted": wanted,
        "chosen": turn.form.get("provider") or (setup.spec.key if setup else ""),
    }
    return Shown("portal/provider.html", values, problems)


def choose(turn: Turn) -> Answer:
    """Begin a setup for the provider, or go on with the one there is. Another provider gets a connection of its own:
    domains belong to the organization, and rules that were chosen are taken along."""
    key = turn.form.get("provider", "")
    if turn.portal.registry.find(key) is None:
        return show(turn, (Problem("provider", "required", "Choose your identity provider."),))
    rows = [row for row in turn.desk.connections() if row.adapter == key and row.status != "disabled"]
    if rows:
        return Onward(f"/setup/{max(rows, key=lambda row: row.created_at).id}/tasks")
    before = newest_setup(turn)
    written = before.described["claim_rules"] if before is not None else {}
    # what operators wrote for one provider is theirs, and for that one
    rules = {name: rule for name, rule in written.items() if "expression" not in rule}
    row = turn.desk.add_connection(NewConnection(key, claim_rules=rules), now=turn.now)
    return Onward(f"/setup/{row.id}/tasks")
