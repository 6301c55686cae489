"""A test sign-in: begun, waited for, explained."""

from __future__ import annotations

from app.errors import NotFound
from app.portal.setup import load_setup
from app.portal.showing import pretty
from app.portal.turn import Answer, File, Leaving, Onward, Shown, Turn
from app.signin.findings import explain_waiting
from app.signin.testing import get_test, latest_test, start_test
from app.signin.trying import begin_test


def show(turn: Turn, connection_id: str) -> Answer:
    """Say what a test does, and how the last one went."""
    setup = load_setup(turn, connection_id)
    waiting = next((task for task in setup.tasks if task.name == "test" and task.status == "blocked"), None)
    last = latest_test(connection_id)
    return Shown("portal/test.html", {"setup": setup, "tasks": setup.tasks, "blocked": waiting, "last": last})


def start(turn: Turn, connection_id: str) -> Answer:
    """Store an attempt and go to its page, which leads to the provider: a form's answer may not (form-action)."""
    turn.desk.connection(connection_id, reading=True)
    test = start_test(
        turn.portal.journey,
        connection_id,
        organization_id=turn.visit.organization_id,
        return_path=f"/setup/{connection_id}/test/{{test}}",
        actor=turn.visit.actor,
        now=turn.now,
    )
    return Onward(f"/setup/{connection_id}/test/{test.id}")


def leave(turn: Turn, connection_id: str, test_id: str) -> Answer:
    """Go to the provider, once."""
    turn.desk.connection(connection_id, reading=True)
    if get_test(test_id, connection_id).begun_at is not None:
        return Onward(f"/setup/{connection_id}/test/{test_id}")
    begun = begin_test(turn.portal.journey, test_id, connection_id, browser=turn.browser, now=turn.now)
    return Leaving(begun.action, begun.browser)


def result(turn: Turn, connection_id: str, test_id: str) -> Answer:
    """Show what came of it; while nothing did, where it hangs."""
    setup = load_setup(turn, connection_id)
    test = get_test(test_id, connection_id)
    values = {"setup": setup, "tasks": setup.tasks, "test": test}
    if test.outcome == "waiting" and test.begun_at is None:
        return Shown("portal/test_go.html", {**values, "onward": f"{setup.root}/test/{test.id}/leave"})
    if test.outcome == "waiting":
        causes = explain_waiting(setup.spec, test, turn.now)
        return Shown("portal/test_waiting.html", {**values, "explanation": causes})
    first_failed = next((n for n, check in enumerate(test.checks) if not check["ok"]), None)
    current = test.revision == turn.portal.journey.connections.working_revision(connection_id)
    return Shown("portal/test_result.html", {**values, "first_failed": first_failed, "current": current})


def raw(turn: Turn, connection_id: str, test_id: str) -> Answer:
    """Give what the provider sent as a file, without secrets, exactly as it is shown. Raises NotFound."""
    turn.desk.connection(connection_id, reading=True)
    test = get_test(test_id, connection_id)
    name = f"response-{test.id[:8]}.{'xml' if test.raw.startswith('<') else 'json'}.txt"
    return File(name, "text/plain; charset=utf-8", lambda _: test.raw.encode())


def claims(turn: Turn, connection_id: str, test_id: str) -> Answer:
    """Give the claims that the application would get as a file. Raises NotFound."""
    turn.desk.connection(connection_id, reading=True)
    test = get_test(test_id, connection_id)
    if test.claims is None:
        raise NotFound(f"{test.id} ended before there were claims")
    text = pretty(test.claims)
    return File(f"claims-{test.id[:8]}.json", "application/json", lambda _: text.encode())
