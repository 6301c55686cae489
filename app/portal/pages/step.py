"""A page of the provider's wizard: what to do there, our values for it, and what to bring back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from app.errors import Invalid, Problem
from app.portal import reading
from app.portal.issuer import check_issuer
from app.portal.own_values import find_own_values
from app.portal.pages import metadata
from app.portal.pages.certificates import read_certificate_file
from app.portal.preview import is_typed_provider, preview_settings
from app.portal.setup import Setup, load_setup
from app.portal.turn import Answer, Onward, Shown, Turn, problems_of
from app.portal.wizard import WizardPage, missing_of, parse_typed
from portico_sdk import SettingsError


def show(turn: Turn, connection_id: str, step: str) -> Answer:
    """Show the page, with what is stored; secrets never."""
    setup = load_setup(turn, connection_id)
    page = setup.page(f"step-{step}")
    turn.portal.links.note_step(turn.visit, page.name, now=turn.now)
    if page.kind == "metadata":
        return metadata.show(turn, setup, page)
    return _shown(turn, setup, page)


def save(turn: Turn, connection_id: str, step: str) -> Answer:
    """Store what was typed, all of it or nothing, and go on to the next page; a provider's details are shown first."""
    setup = load_setup(turn, connection_id)
    page = setup.page(f"step-{step}")
    if page.kind == "metadata":
        return metadata.save(turn, setup, page)
    if turn.form.get("do") == "change":
        return _shown(turn, setup, page)
    if turn.files.get("file") and takes_file(setup, page):
        return _from_file(turn, setup, page)
    return _save(_with_certificate_file(turn, page), setup, page)


def _with_certificate_file(turn: Turn, page: WizardPage) -> Turn:
    """The form with the certificate that was uploaded, where none was pasted."""
    for one in page.asked:
        uploaded = turn.files.get(f"{one.field.name}_file", b"")
        if one.field.kind == "certificates" and uploaded and not turn.form.get(one.field.name, "").strip():
            return replace(turn, form={**turn.form, one.field.name: read_certificate_file(uploaded)}, files={})
    return turn


def _save(turn: Turn, setup: Setup, page: WizardPage) -> Answer:
    typed = parse_typed(page, turn.form)
    labels = {one.field.name: one.field.label for one in page.asked}
    problems = [Problem(f.name, "required", f"{f.label} is missing.") for f in missing_of(page, typed)]
    problems += find_own_values(typed, turn.portal.base_url, labels, setup.described["service_provider"])
    expiries = {name: _day(turn, name, problems) for name in _secrets(page)}
    if not problems:
        stored, fetch = setup.described["settings"], turn.portal.rooms.fetch
        problems += check_issuer(setup.spec, typed, stored, fetch, turn.now)
    if problems:
        return _shown(turn, setup, page, (*problems, *_malformed(setup, typed, turn.now, {p.field for p in problems})))
    try:
        if unseen := _unseen(turn, setup, page, typed):
            return unseen
        if typed:
            turn.desk.change_connection(setup.id, {"settings": typed}, now=turn.now)
        for name, day in expiries.items():
            if day is not None:
                turn.desk.set_secret_expiry(setup.id, name, day, now=turn.now)
    except Invalid as error:
        return _shown(turn, setup, page, problems_of(error))
    turn.desk.mark_done(setup.id, page.name, now=turn.now)
    return Onward(setup.after(page.name))


def _unseen(turn: Turn, setup: Setup, page: WizardPage, typed: Mapping[str, Any]) -> Shown | None:
    """The preview of a provider's details, until exactly these were seen. Raises Invalid."""
    if not is_typed_provider(page):
        return None
    wanted = turn.desk.preview_settings(setup.id, typed, now=turn.now)
    seen = preview_settings(wanted)
    if wanted == setup.described["settings"] or turn.form.get("seen") == seen.mark:
        return None
    carried = [(one.field.name, turn.form.get(one.field.name, "")) for one in page.asked]
    values = {"setup": setup, "tasks": setup.tasks, "page": page, "seen": seen, "carried": carried}
    return Shown("portal/preview.html", values)


def _malformed(setup: Setup, typed: Mapping[str, Any], now: datetime, known: set[str]) -> tuple[Problem, ...]:
    """What the adapter has against the other values: everything that is wrong is told at once, a private key above all."""
    try:
        setup.spec.adapter.validate({name: value for name, value in typed.items() if value is not None}, now)
    except SettingsError as error:
        fresh = [p for p in error.problems if p.field in typed and p.field not in known]
        return tuple(Problem(p.field, p.code, p.message) for p in fresh)
    return ()


def takes_file(setup: Setup, page: WizardPage) -> bool:
    """Whether this page can be filled in from a metadata file: the provider has no page for its metadata's address."""
    reads = "metadata_import" in setup.spec.capabilities and any(
        one.field.name == "idp_entity_id" for one in page.asked
    )
    return reads and not any(other.kind == "metadata" for other in setup.pages)


def _from_file(turn: Turn, setup: Setup, page: WizardPage) -> Answer:
    """Show what the file says, for the visitor to compare and save; nothing is stored yet."""
    xml = reading.decode(turn.files["file"][: reading.MAX_FILE])
    try:
        found = reading.read_metadata(turn.portal.rooms, setup.spec.key, turn.visit.actor, turn.now, xml=xml)
    except Invalid as error:
        return _shown(turn, setup, page, problems_of(error))
    chosen = reading.choose_entity(found, turn.form.get("idp_entity_id", "").strip())
    if chosen is None:
        message = "The document names several providers. Type in the issuer of yours, then read the file again."
        return _shown(turn, setup, page, (Problem("file", "several", message),))
    read = {
        name: "\n".join(value) if isinstance(value, list | tuple) else value for name, value in chosen.settings.items()
    }
    filled = {one.field.name: str(read.get(one.field.name) or "") for one in page.asked}
    return _save(replace(turn, form=filled, files={}), setup, page)


def _shown(turn: Turn, setup: Setup, page: WizardPage, problems: tuple[Problem, ...] = ()) -> Shown:
    typed = {one.field.name: turn.form.get(one.field.name, one.value) for one in page.asked}
    # A secret, or a key that was pasted by mistake, is not sent back either.
    typed |= {one.field.name: "" for one in page.asked if one.field.secret}
    typed |= {one.field.name: "" for one in page.asked if "PRIVATE KEY" in typed[one.field.name]}
    typed |= {p.field: "" for p in problems if p.code == "private-key"}
    certificates = setup.described["settings"].get("certificates") or []
    values: dict[str, Any] = {
        "setup": setup,
        "tasks": setup.tasks,
        "page": page,
        "typed": typed,
        "certificates": [one for one in certificates if isinstance(one, dict)],
        "expiries": setup.described.get("secret_expiries", {}),
        "takes_file": takes_file(setup, page),
        "previewed": is_typed_provider(page),
        "code_needed": turn.desk.code_needed(setup.id),
    }
    return Shown("portal/step.html", values, problems)


def _secrets(page: WizardPage) -> list[str]:
    return [one.field.name for one in page.asked if one.field.secret]


def _day(turn: Turn, name: str, problems: list[Problem]) -> date | None:
    text = turn.form.get(f"{name}_ends", "").strip()
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 -- a day, not a moment
    except ValueError:
        problems.append(Problem(f"{name}_ends", "date", "Give the day as the provider shows it, as in 2027-01-20."))
        return None
