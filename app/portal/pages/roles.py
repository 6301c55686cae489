"""Which group has which role: rules of this connection, with roles that the operators listed."""

from __future__ import annotations

from itertools import pairwise

from app.claims import GroupRole, ShownRule, load_additions
from app.claims.additions import find_role
from app.errors import Conflict, Invalid, NotFound, Problem
from app.portal.evidence import find_evidence
from app.portal.setup import load_setup
from app.portal.turn import Answer, Onward, Shown, Turn, problems_of
from app.signin.preview import preview_claims
from app.translations import marked

EVERYBODY = "everybody"


def show(turn: Turn, connection_id: str, problems: tuple[Problem, ...] = ()) -> Answer:
    """Show the rules in the order in which they decide, and what the last test's person would be. Raises NotFound."""
    setup = load_setup(turn, connection_id)
    rules = turn.desk.roles.rules(connection_id)
    groups = _last_groups(turn, connection_id)
    values = {
        "setup": setup,
        "tasks": setup.tasks,
        "rules": rules,
        "movable": _movable(rules),
        "choices": turn.desk.roles.choices(),
        "groups": groups,
        "decided": _decide(rules, groups or ()),
        "typed": {"group": turn.query.get("group", "")[:1024], **turn.form},
        "ruled": {rule.group for rule in rules},
        "code_needed": turn.desk.code_needed(connection_id),
    }
    return Shown("portal/roles.html", values, problems)


def add(turn: Turn, connection_id: str) -> Answer:
    """Add a rule behind the others."""
    whom, group = turn.form.get("whom", "group"), turn.form.get("group", "").strip()
    if whom != EVERYBODY and not group:
        return show(
            turn, connection_id, (Problem("group", "required", marked("Name the group, exactly as it arrives.")),)
        )
    try:
        role = turn.form.get("role", "")
        turn.desk.roles.give(connection_id, None if whom == EVERYBODY else group, role, now=turn.now)
    except Invalid as error:
        return show(turn, connection_id, problems_of(error))
    except Conflict as error:
        message = marked("Everybody else has a role already. Remove that rule first.")
        told = message if error.code == "default-role-exists" else marked("There are too many rules.")
        return show(turn, connection_id, (Problem("group", error.code, told),))
    return Onward(f"/setup/{connection_id}/roles")


def remove(turn: Turn, connection_id: str, rule_id: str) -> Answer:
    """Take a rule away."""
    turn.desk.roles.withdraw(connection_id, rule_id, now=turn.now)
    return Onward(f"/setup/{connection_id}/roles")


def prefer(turn: Turn, connection_id: str, rule_id: str) -> Answer:
    """Let a rule decide before the one above it."""
    turn.desk.roles.prefer(connection_id, rule_id, now=turn.now)
    return Onward(f"/setup/{connection_id}/roles")


def done(turn: Turn, connection_id: str) -> Answer:
    """Go on: it may well be that nobody needs a role. Raises NotFound."""
    if not turn.desk.roles.choices():
        raise NotFound("roles are the operators' alone")
    turn.desk.mark_done(connection_id, "roles", now=turn.now)
    return Onward(load_setup(turn, connection_id).after("roles"))


def _movable(rules: tuple[ShownRule, ...]) -> frozenset[str]:
    """Ids of rules that stand below another one that the customer may pass."""
    named = [rule for rule in rules if rule.group is not None]
    return frozenset(below.id for above, below in pairwise(named) if above.own and below.own)


def _last_groups(turn: Turn, connection_id: str) -> tuple[str, ...] | None:
    """The groups of whoever tested last, by the rules as they are; None: nobody tested, or they are unknown."""
    evidence = find_evidence(connection_id)
    if evidence is None:
        return None
    rules, _ = turn.portal.rooms.connections.rules_before_and_after(connection_id, None, actor=turn.visit.actor)
    additions = load_additions(turn.visit.organization_id, connection_id)
    found = {one.field: one for one in preview_claims(rules, rules, evidence.received, additions).after}["groups"]
    if isinstance(found.result, tuple):
        return found.result
    return None if found.remark else ()


def _decide(rules: tuple[ShownRule, ...], groups: tuple[str, ...]) -> ShownRule | None:
    decided = find_role(tuple(GroupRole(rule.group, rule.role) for rule in rules), groups)
    return next((rule for rule in rules if decided and (rule.group, rule.role) == (decided.group, decided.role)), None)
