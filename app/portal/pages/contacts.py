"""Who is written to: contacts of the organization; the one-time code; and passing one step on to a colleague."""

from __future__ import annotations

from typing import Any

from app.errors import Conflict, Invalid, NotFound, Problem, TooManyRequests
from app.organizations import Contact, ContactChanges, NewContact
from app.portal.setup import list_first_tasks, newest_setup
from app.portal.tasks import Task
from app.portal.turn import Answer, Onward, Shown, Turn, problems_of
from app.setup_links import CodeNeeded, CodeWrong
from app.translations import marked

_TOPICS = ("certificates", "domains")


def show(turn: Turn, problems: tuple[Problem, ...] = ()) -> Answer:
    """Show the contacts, and ask for one more."""
    return _shown(turn, None, problems, {"name": "", "email": "", "language": turn.language, "notify": _TOPICS})


def add(turn: Turn) -> Answer:
    """Add a contact."""
    try:
        turn.desk.add_contact(NewContact(**_typed(turn)), now=turn.now)
    except (Invalid, Conflict) as error:
        return show(turn, _problems(turn, error, ""))
    return Onward("/setup/contacts")


def show_one(turn: Turn, contact_id: str, problems: tuple[Problem, ...] = ()) -> Answer:
    """Show what is known of one contact, to be changed. Raises NotFound."""
    row = _find(turn, contact_id)
    stored = {"name": row.name, "email": row.email, "language": row.language or "", "notify": row.notify}
    return _shown(turn, row, problems, stored)


def change(turn: Turn, contact_id: str) -> Answer:
    """Change name, address, language and topics of a contact, all of it or nothing. Raises NotFound."""
    _find(turn, contact_id)
    try:
        turn.desk.change_contact(contact_id, _typed(turn), now=turn.now)
    except (Invalid, Conflict) as error:
        return show_one(turn, contact_id, _problems(turn, error, contact_id))
    return Onward("/setup/contacts")


def remove(turn: Turn, contact_id: str) -> Answer:
    """Write to this person no more."""
    turn.desk.remove_contact(contact_id, now=turn.now)
    return Onward("/setup/contacts")


def show_code(turn: Turn, problems: tuple[Problem, ...] = (), said: str = "") -> Answer:
    """Ask for the code that was mailed to the link's contact."""
    values = {"setup": newest_setup(turn), "tasks": (), "contact": _masked(turn.visit.contact), "said_now": said}
    return Shown("portal/code.html", values, problems)


def send_code(turn: Turn) -> Answer:
    """Mail a code."""
    try:
        turn.portal.links.send_code(turn.visit, now=turn.now)
    except TooManyRequests:
        return show_code(turn, (Problem("code", "too-soon", "We mailed a code less than a minute ago."),))
    except CodeNeeded:
        return show_code(turn)
    return show_code(turn, said="sent")


def verify_code(turn: Turn) -> Answer:
    """Compare the code; from then on this visit may change what people sign in through."""
    try:
        turn.portal.links.verify_code(turn.visit, turn.form.get("code", "").replace(" ", ""), now=turn.now)
    except CodeWrong as error:
        return show_code(turn, problems_of(error))
    return Onward("/setup/")


def show_colleague(turn: Turn, problems: tuple[Problem, ...] = (), url: str = "") -> Answer:
    """Ask whom to send one step to."""
    setup, step = newest_setup(turn), _step(turn)
    offered = [task for task in (setup.tasks if setup else list_first_tasks(turn)) if task.name != "provider"]
    if setup is not None and setup.active and setup.spec.protocol == "saml":
        path = f"{setup.root}/certificates"
        offered.append(Task("certificates", "live", marked("Renew a certificate"), path, "incomplete"))
    values = {"setup": setup, "tasks": (), "step": step, "offered": offered, "url": url, "typed": turn.form}
    return Shown("portal/colleague.html", values, problems)


def delegate(turn: Turn) -> Answer:
    """Make a link for that one step: mailed, and shown to be passed on by hand."""
    step, setup = _step(turn), newest_setup(turn)
    renews = step == "certificates" and turn.desk.may("certificates")
    features = ["domains" if step == "domains" else "certificates" if renews else "sso"]
    own = setup.id if setup is not None and features != ["domains"] else None
    to = turn.form.get("email", "").strip() or None
    try:
        _, url = turn.portal.links.delegate(
            turn.visit, step, features, to=to, connection_id=own, language=turn.language, now=turn.now
        )
    except Invalid as error:
        return show_colleague(turn, tuple(Problem("email", p.code, p.message) for p in error.problems))
    return show_colleague(turn, url=url)


def _shown(turn: Turn, edited: Contact | None, problems: tuple[Problem, ...], stored: dict[str, Any]) -> Shown:
    values = {
        "setup": newest_setup(turn),
        "tasks": (),
        "contacts": turn.desk.contacts(),
        "edited": edited,
        "topics": _TOPICS,
        "typed": {**_typed(turn), "language": turn.form.get("language", "")} if problems else stored,
    }
    return Shown("portal/contacts.html", values, problems)


def _typed(turn: Turn) -> ContactChanges:
    return {
        "name": turn.form.get("name", ""),
        "email": turn.form.get("email", "").strip(),
        "notify": [topic for topic in _TOPICS if turn.form.get(topic)],
        "language": turn.form.get("language") or None,
    }


def _problems(turn: Turn, error: Invalid | Conflict, contact_id: str) -> tuple[Problem, ...]:
    """Everything that is wrong at once: an address that is in the list is told beside a name that cannot be used."""
    email = turn.form.get("email", "").strip().lower()
    listed = any(one.email.lower() == email and one.id != contact_id for one in turn.desk.contacts())
    told = problems_of(error) if isinstance(error, Invalid) else ()
    exists = Problem("email", "contact-exists", "This address is in the list already.")
    return (*told, exists) if listed or isinstance(error, Conflict) else told


def _find(turn: Turn, contact_id: str) -> Contact:
    found = next((one for one in turn.desk.contacts() if one.id == contact_id), None)
    if found is None:
        raise NotFound(f"no contact {contact_id[:60]!r}")
    return found


def _step(turn: Turn) -> str:
    return (turn.form.get("step") or turn.query.get("step") or "domains")[:80]


def _masked(address: str | None) -> str:
    if not address:
        return ""
    name, _, domain = address.partition("@")
    return f"{name[:1]}…@{domain}"
