"""Turning single sign-on on, and what the portal shows from then on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.errors import Conflict, Invalid, NotFound
from app.management import Call
from app.management.shapes import Nothing
from app.management.sign_ins import SignInDetail
from app.management.sign_ins import get as get_sign_in
from app.portal.history import can_go_back, list_notified
from app.portal.setup import Setup, load_setup
from app.portal.turn import Answer, Onward, Shown, Turn, problems_of
from app.signin.testing import latest_test
from app.signin.trace import TraceFilter, list_traces


def show(turn: Turn, connection_id: str) -> Answer:
    """Ask for the last step, or say why it cannot be taken yet."""
    return _shown(turn, load_setup(turn, connection_id))


def activate(turn: Turn, connection_id: str) -> Answer:
    """Open the connection for sign-ins, or put its tested draft in place."""
    setup = load_setup(turn, connection_id)
    try:
        turn.desk.activate(connection_id, now=turn.now)
    except Invalid as error:
        return _shown(turn, setup, problems=problems_of(error))
    except Conflict as error:
        return _shown(turn, setup, refused=error)
    return Onward(f"{setup.root}/done")


def done(turn: Turn, connection_id: str) -> Answer:
    """Show what changed for people, who was told, and how to undo it."""
    setup = load_setup(turn, connection_id)
    if not setup.active:
        return Onward(f"{setup.root}/tasks")
    facts = _facts(turn, setup)
    notified = list_notified(turn.visit.organization_id, connection_id, turn.desk.contacts())
    last = {"test": latest_test(connection_id, passed=True), "notified": notified}
    return Shown("portal/done.html", {**facts, **last})


def overview(turn: Turn, connection_id: str) -> Answer:
    """Show health: certificates, domains, the last sign-ins and what was wrong with them."""
    setup = load_setup(turn, connection_id)
    rows = list_traces(TraceFilter(turn.visit.organization_id, connection_id, None, None), limit=20, after=None)
    sign_ins = [row for row in rows if row.purpose != "test"]
    back = can_go_back(turn.visit.organization_id, connection_id, setup.described["version"])
    shown = {"can_go_back": back, "sign_ins": sign_ins, "secrets": _ending_secrets(setup), "now": turn.now}
    return Shown("portal/overview.html", {**_facts(turn, setup), **shown})


def sign_in(turn: Turn, connection_id: str, trace_id: str) -> Answer:
    """Explain one sign-in of this connection."""
    setup = load_setup(turn, connection_id)
    found = _explained(turn, trace_id)
    if found.connection_id != connection_id or found.organization_id != turn.visit.organization_id:
        raise NotFound(f"no sign-in {trace_id[:60]!r} of {connection_id}")
    return Shown("portal/sign_in.html", {"setup": setup, "tasks": (), "sign_in": found})


def discard(turn: Turn, connection_id: str) -> Answer:
    """Throw the draft away."""
    turn.desk.discard_draft(connection_id, now=turn.now)
    return Onward(f"/setup/{connection_id}/overview")


def restore(turn: Turn, connection_id: str) -> Answer:
    """Go back to the version before, through which people signed in."""
    setup = load_setup(turn, connection_id)
    try:
        if not can_go_back(turn.visit.organization_id, connection_id, setup.described["version"]):
            hint = "There is no version before that people signed in through."
            raise Conflict(f"nobody used a version of {connection_id} before", code="nothing-to-restore", hint=hint)
        turn.desk.restore(connection_id, now=turn.now)
    except Invalid as error:
        return _shown(turn, setup, problems=problems_of(error))
    except Conflict as error:
        return _shown(turn, setup, refused=error)
    return Onward(f"{setup.root}/overview")


def _ending_secrets(setup: Setup) -> list[tuple[str, datetime, str]]:
    """The name of each secret with an end, when that is, and the page that asks for another one."""
    ends: dict[str, str] = setup.described.get("secret_expiries", {})
    asked = [(one.field, page.name) for page in setup.pages for one in page.asked if one.field.name in ends]
    day = timedelta(days=1)  # the last day counts to its end
    return [
        (field.label, datetime.fromisoformat(ends[field.name]).replace(tzinfo=UTC) + day, f"{setup.root}/{page}")
        for field, page in asked
    ]


def _changed(setup: Setup) -> list[str]:
    """What a draft changes, by the names that the provider's pages have for it; empty for what pages do not name."""
    labels = {field.name: field.label for field in setup.spec.settings}
    return [labels.get(name, "") for name in setup.described.get("changed", ())]


def _explained(turn: Turn, trace_id: str) -> SignInDetail:
    call: Call[Nothing] = Call(turn.portal.rooms, turn.visit.actor, turn.now, Nothing())
    return get_sign_in(call, trace_id)


def _shown(turn: Turn, setup: Setup, refused: Conflict | None = None, problems: tuple = ()) -> Shown:  # type: ignore[type-arg]
    values = {
        **_facts(turn, setup),
        # not asked of the tasks: a link that opens only the renewal has none
        "ready": bool(setup.described["tested"]) and (bool(setup.described.get("draft")) or not setup.active),
        "refused": refused,
        "code_needed": turn.desk.code_needed(setup.id) or turn.desk.code_needed(),
    }
    return Shown("portal/activate.html", values, problems, 200 if refused is None else 409)


def _facts(turn: Turn, setup: Setup) -> dict[str, object]:
    saml = setup.spec.protocol == "saml"
    return {
        "setup": setup,
        "tasks": setup.tasks,
        "domains": turn.desk.domains(),
        "contacts": turn.desk.contacts(),
        "certificates": turn.desk.certificates(setup.id, now=turn.now) if saml else [],
        "changed": _changed(setup),
        "drafted": bool(setup.described.get("draft")),
    }
