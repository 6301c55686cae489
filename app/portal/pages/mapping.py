"""Which claim becomes what: the provider's presets, what the last test brought, and what comes of both."""

from __future__ import annotations

import re
from typing import Any

from app.claims import dump_rules, load_additions
from app.errors import Invalid, Problem
from app.management.pasted import MAX_PASTED, read_pasted
from app.portal.evidence import Evidence, find_evidence
from app.portal.mapping import HOW_NAMES, Row, key_of, list_rows, rules_of, use_source
from app.portal.setup import Setup, load_setup
from app.portal.turn import Answer, Onward, Shown, Turn
from app.signin.preview import Preview, preview_claims
from app.signin.received import Received

_PAIR = re.compile(r"\s*[^=\s][^=]*=\s*[^=\s].*")


def show(turn: Turn, connection_id: str, problems: tuple[Problem, ...] = ()) -> Answer:
    """Show every field with its sources and with what they bring. Also the answer to Preview: nothing is stored."""
    setup = load_setup(turn, connection_id)
    try:
        evidence = _receive(turn, connection_id)
    except Invalid as error:
        evidence, problems = None, problems or error.problems
    received = evidence.received if evidence else None
    rows, preview, found = _try(turn, setup, received)
    values = {
        "setup": setup,
        "tasks": setup.tasks,
        "rows": rows,
        "how_names": HOW_NAMES,
        "missing": [row for row in rows if row.missing],
        "received": received.attributes if received else {},
        "tested_at": evidence.at if evidence else None,
        "groups_left_out": bool(received and _groups_left_out(received, preview)),
        "pasted": turn.form.get("pasted", "")[:MAX_PASTED],
        "code_needed": turn.desk.code_needed(connection_id),
    }
    return Shown("portal/mapping.html", values, problems or found)


def save(turn: Turn, connection_id: str) -> Answer:
    """Store the rules that differ from the provider's presets."""
    if turn.form.get("do") != "save":
        return show(turn, connection_id)
    setup = load_setup(turn, connection_id)
    rows = list_rows(_in_force(turn, setup), turn.form, load_additions(turn.visit.organization_id, connection_id), {})
    rules = rules_of(_presets(turn, setup), setup.described["claim_rules"], rows)
    try:
        if rules != setup.described["claim_rules"]:
            turn.desk.change_connection(connection_id, {"claim_rules": rules}, now=turn.now)
    except Invalid as error:
        return show(turn, connection_id, _named(error))
    turn.desk.mark_done(connection_id, "mapping", now=turn.now)
    return Onward(setup.after("mapping"))


def _try(
    turn: Turn, setup: Setup, received: Received | None
) -> tuple[tuple[Row, ...], Preview | None, tuple[Problem, ...]]:
    """Return the rows with what comes of what arrived, by the rules as they are typed."""
    in_force = _in_force(turn, setup)
    form = use_source(turn.form, in_force) if "use" in turn.form else turn.form
    additions = load_additions(turn.visit.organization_id, setup.id)
    rows = list_rows(in_force, form, additions, {})
    if received is None:
        return rows, None, ()
    written = rules_of(_presets(turn, setup), setup.described["claim_rules"], rows)
    connections = turn.portal.rooms.connections
    try:
        before, after = connections.rules_before_and_after(setup.id, written, actor=turn.visit.actor)
    except Invalid as error:
        return rows, None, _named(error)
    preview = preview_claims(before, after, received, additions)
    return list_rows(in_force, form, additions, {one.field: one for one in preview.after}), preview, ()


def _in_force(turn: Turn, setup: Setup) -> dict[str, Any]:
    """The rules of what is being worked on: of the draft where there is one."""
    return {**_presets(turn, setup), **setup.described["claim_rules"]}


def _presets(turn: Turn, setup: Setup) -> dict[str, Any]:
    """What holds without rules of its own: the provider's, and where it has none, the usual names."""
    _, presets = turn.portal.rooms.connections.rules_before_and_after(setup.id, {}, actor=turn.visit.actor)
    return dump_rules(presets)


def _receive(turn: Turn, connection_id: str) -> Evidence | None:
    """What was pasted, whatever form it has; else what the last test brought. Raises Invalid."""
    text = turn.form.get("pasted", "").strip()
    if not text:
        return find_evidence(connection_id)
    row = turn.desk.connection(connection_id, reading=True)
    try:
        return Evidence(read_pasted(turn.portal.rooms, row, text, "pasted"))
    except Invalid:
        pairs = _pairs(text)
        if pairs is None:
            raise
        return Evidence(Received(pairs, frozenset()))


def _pairs(text: str) -> dict[str, tuple[str, ...]] | None:
    """One `name = value` on a line, and nothing else."""
    lines = [line for line in text.splitlines()[:500] if line.strip()]
    if not all(_PAIR.fullmatch(line) for line in lines):
        return None
    attributes: dict[str, tuple[str, ...]] = {}
    for line in lines:
        name, _, value = line.partition("=")
        attributes[name.strip()] = (*attributes.get(name.strip(), ()), value.strip())
    return attributes


def _groups_left_out(received: Received, preview: Preview | None) -> bool:
    """Whether the provider sent a link, or nothing, in the place of the groups that this person is in."""
    groups = next((one for one in preview.after if one.field == "groups"), None) if preview else None
    return any("group" in name.lower() for name in received.left_out) or bool(
        groups and groups.source in received.left_out
    )


def _named(error: Invalid) -> tuple[Problem, ...]:
    return tuple(
        Problem(key_of(p.field.removeprefix("claim_rules.").partition(".")[0].partition("[")[0]), p.code, p.message)
        for p in error.problems
    )
