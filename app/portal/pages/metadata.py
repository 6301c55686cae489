"""The provider's details: by address, from a file, or by hand; one preview before anything is stored."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.errors import Invalid, Problem
from app.management.metadata import MetadataOut
from app.portal import reading
from app.portal.own_values import find_own_values
from app.portal.preview import preview_entity
from app.portal.setup import Setup
from app.portal.turn import Answer, Onward, Shown, Turn, problems_of
from app.portal.wizard import WizardPage

WAYS = ("address", "file")


def show(turn: Turn, setup: Setup, page: WizardPage, problems: tuple[Problem, ...] = (), **more: Any) -> Shown:
    """Show the way that was chosen, and what is stored."""
    way = turn.form.get("way") or turn.query.get("way", "address")
    typed = turn.form.get("metadata_url", next(one.value for one in page.asked if one.field.name == "metadata_url"))
    by_hand = next((one for one in setup.pages if any(a.field.name == "idp_entity_id" for a in one.asked)), None)
    values = {
        "setup": setup,
        "tasks": setup.tasks,
        "page": page,
        "way": way if way in WAYS else "address",
        "typed": {"metadata_url": typed},
        "by_hand": by_hand.name if by_hand else None,
        "found": None,
        "chosen": None,
        "seen": None,
        "changed": False,
        "carried": "",
        "now": turn.now,
        "code_needed": turn.desk.code_needed(setup.id),
        **more,
    }
    return Shown("portal/metadata.html", values, problems)


def save(turn: Turn, setup: Setup, page: WizardPage) -> Answer:
    """Read the document and show what it says; when that was seen and confirmed, store it."""
    url, xml = turn.form.get("metadata_url", "").strip(), _document(turn)
    if turn.form.get("way") == "file":
        url = ""
    own = find_own_values({"metadata_url": url}, turn.portal.base_url, {"metadata_url": _label(page)}, _ours(setup))
    if own:
        return show(turn, setup, page, own)
    if not url and not xml:
        field, message = ("file", "Choose a file.") if turn.form.get("way") == "file" else (
            "metadata_url", f"{_label(page)} is missing.")  # fmt: skip
        return show(turn, setup, page, (Problem(field, "required", message),))
    try:
        found = reading.read_metadata(turn.portal.rooms, _reader(setup), turn.visit.actor, turn.now, url=url, xml=xml)
    except Invalid as error:
        return show(turn, setup, page, problems_of(error))
    return _confirm(turn, setup, page, found, url, xml)


def _confirm(turn: Turn, setup: Setup, page: WizardPage, found: MetadataOut, url: str, xml: str) -> Answer:
    chosen, do = reading.choose_entity(found, turn.form.get("entity", "")), turn.form.get("do")
    seen = preview_entity(chosen) if chosen else None
    shown: dict[str, Any] = {
        "found": found,
        "chosen": chosen,
        "seen": seen,
        "carried": reading.carry(xml.encode()) if xml else "",
    }
    if chosen is None or seen is None:
        problems: tuple[Problem, ...] = ()
        if do in ("choose", "save"):
            problems = (Problem("entity", "required", "The document names several providers. Choose yours."),)
        return show(turn, setup, page, problems, **shown)
    before = turn.form.get("seen", "")
    if do != "save" or before != seen.mark:  # what is stored was seen: the document may be another one by now
        return show(turn, setup, page, changed=do == "save" and bool(before), **shown)
    editable = frozenset(field.name for field in setup.spec.settings if field.editable_by == "customer")
    try:
        settings = reading.settings_of(chosen, url, editable)
        turn.desk.change_connection(setup.id, {"settings": settings}, now=turn.now)
    except Invalid as error:
        misfits = tuple(replace(p, field="metadata_url" if url else "file") for p in problems_of(error))
        return show(turn, setup, page, misfits, **shown)
    turn.desk.mark_done(setup.id, page.name, now=turn.now)
    return Onward(setup.after(page.name))


def _document(turn: Turn) -> str:
    uploaded = turn.files.get("file", b"")
    if uploaded:
        return reading.decode(uploaded[: reading.MAX_FILE + 1]) if len(uploaded) <= reading.MAX_FILE else ""
    return reading.carried(turn.form.get("carried", ""))


def _ours(setup: Setup) -> dict[str, Any]:
    return dict(setup.described["service_provider"])


def _label(page: WizardPage) -> str:
    return next(one.field.label for one in page.asked if one.field.name == "metadata_url")


def _reader(setup: Setup) -> str:
    return setup.spec.key
