"""Which claim becomes what: the provider's presets, what the last test brought, and what comes of both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.claims import load_additions
from app.errors import Invalid, NotFound, Problem
from app.portal.setup import Setup, load_setup
from app.portal.turn import Answer, Onward, Shown, Turn
from app.signin.preview import preview_claims
from app.signin.received import Received, get_received
from app.signin.testing import latest_test
from portico_sdk import PROFILE_FIELDS

MAX_PASTED = 20_000


def show(turn: Turn, connection_id: str, problems: tuple[Problem, ...] = ()) -> Answer:
    """Show every field with its sources and with what they bring. Also the answer to Preview: nothing is stored."""
    setup = load_setup(turn, connection_id)
    present, _ = turn.portal.rooms.connections.rules_before_and_after(connection_id, None, actor=turn.visit.actor)
    sources = {rule.field: list(rule.sources) for rule in present}
    typed = {name: turn.form.get(name, ", ".join(sources.get(name, []))) for name in PROFILE_FIELDS}
    received, pasted = _received(turn, connection_id), turn.form.get("pasted", "")[:MAX_PASTED]
    preview = None
    if received is not None:
        try:
            written = _rules(setup, typed)
            before, after = turn.portal.rooms.connections.rules_before_and_after(
                connection_id, written, actor=turn.visit.actor
            )
            additions = load_additions(turn.visit.organization_id, connection_id)
            preview = preview_claims(before, after, received, additions)
        except Invalid as error:
            problems = problems or _named(error)
    values = {
        "setup": setup,
        "tasks": setup.tasks,
        "fields": PROFILE_FIELDS,
        "typed": typed,
        "locked": {name for name, rule in setup.described["claim_rules"].items() if "expression" in rule},
        "explained": {one.field: one for one in preview.after} if preview else {},
        "missing": preview.missing if preview else (),
        "received": received.attributes if received else {},
        "groups_left_out": bool(received and any("group" in name.lower() for name in received.left_out)),
        "pasted": pasted,
        "code_needed": turn.desk.code_needed(connection_id),
    }
    return Shown("portal/mapping.html", values, problems)


def save(turn: Turn, connection_id: str) -> Answer:
    """Store the sources that differ from the provider's presets."""
    if turn.form.get("do") == "preview":
        return show(turn, connection_id)
    setup = load_setup(turn, connection_id)
    typed = {name: turn.form[name] for name in PROFILE_FIELDS if name in turn.form}
    try:
        rules = _rules(setup, typed)
        if rules != setup.described["claim_rules"]:
            turn.desk.change_connection(connection_id, {"claim_rules": rules}, now=turn.now)
    except Invalid as error:
        return show(turn, connection_id, _named(error))
    turn.desk.mark_done(connection_id, "mapping", now=turn.now)
    return Onward(setup.after("mapping"))


def _rules(setup: Setup, typed: Mapping[str, str]) -> dict[str, Any]:
    """The rules that are the connection's own: a field as the provider's preset has it needs none."""
    presets = {rule.field: list(rule.sources) for rule in setup.spec.claim_rules}
    stored: dict[str, Any] = setup.described["claim_rules"]
    rules = dict(stored)
    for name, text in typed.items():
        sources = [one.strip() for one in text.split(",") if one.strip()]
        if "expression" in stored.get(name, {}):
            continue
        if not sources or sources == presets.get(name):
            rules.pop(name, None)
        elif sources != stored.get(name, {}).get("sources"):
            transforms = [{"kind": "trim"}, {"kind": "lower"}] if name == "email" else [{"kind": "trim"}]
            rules[name] = {"sources": sources, "transforms": transforms}
    return rules


def _received(turn: Turn, connection_id: str) -> Received | None:
    """What was pasted, one `name = value` on a line; else what the last test brought."""
    attributes: dict[str, tuple[str, ...]] = {}
    for line in turn.form.get("pasted", "")[:MAX_PASTED].splitlines():
        name, equals, value = line.partition("=")
        if equals and name.strip():
            attributes[name.strip()] = (*attributes.get(name.strip(), ()), value.strip())
    if attributes:
        return Received(attributes, frozenset())
    for passed in (True, None):
        test = latest_test(connection_id, passed=passed)
        if test is not None:
            try:
                return get_received(test.id, connection_id)
            except NotFound:
                continue
    return None


def _named(error: Invalid) -> tuple[Problem, ...]:
    return tuple(
        Problem(p.field.removeprefix("claim_rules.").partition(".")[0].partition("[")[0], p.code, p.message)
        for p in error.problems
    )
