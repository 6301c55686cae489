"""Whoever looks at a refused sign-in reads why, in plain words, whatever refused it (requirement 28, issue 5 item 4)."""

from __future__ import annotations

import pytest

from app.cli.error_codes import find_error_codes
from app.settings import ROOT
from app.signin.explanations import OWN, explain_failure
from portico_sdk import UNREACHABLE, Failure

#: Rooms whose refusals end in a trace.
ROOMS = [ROOT / "app" / name for name in ("adapters", "claims", "connections", "outbound", "provider", "signin")]
#: Classes that stand for others: their own code never ends a trace.
ABSTRACT = {"sign-in-failed"}
#: Of documents that are read in the background or in a form, never during a sign-in.
ELSEWHERE = {"metadata-html"}
#: How the provider names refusals on the wire; `authorize.py`, `server.py` and `userinfo.py` put hyphens into traces.
WIRE = {
    "access-denied",
    "account-selection-required",
    "invalid-client",
    "invalid-grant",
    "invalid-request",
    "invalid-scope",
    "invalid-token",
    "login-required",
    "registration-not-supported",
    "request-not-supported",
    "request-uri-not-supported",
    "unauthorized-client",
    "unsupported-grant-type",
    "unsupported-response-type",
}
#: Objections of the checks of "still allowed?".
STANDING = {"client-not-allowed", "client-failed", "connection-not-allowed", "connection-failed"}


def codes() -> list[str]:
    written = {one.code for one in find_error_codes(ROOMS) if one.kind == "sign-in"}
    return sorted((written | WIRE | STANDING) - ABSTRACT - ELSEWHERE)


@pytest.mark.parametrize("code", codes())
def test_every_code_that_a_trace_can_end_with_is_explained(code: str) -> None:
    """A title that is a sentence, causes, and what to do; from a table, not from the words for unknown codes."""
    found = explain_failure(None, Failure(code))
    assert found.code != "refused", f"{code} needs a row in app/signin/explanations.py"
    assert found.title.endswith(".")
    assert found.causes
    assert all(cause.endswith(".") for cause in found.causes)
    assert found.fix.endswith(".")


def test_a_code_of_a_strangers_adapter_is_explained_too() -> None:
    assert explain_failure(None, Failure("acme-odd")).fix


def test_no_row_explains_a_code_that_there_is_not() -> None:
    known = {*codes(), *UNREACHABLE, "no-response", "groups-incomplete", "groups-missing", "unsolicited"}
    assert {code for row in OWN for code in row.codes} <= known


def test_the_names_of_explanations_are_unique() -> None:
    names = [row.explanation.code for row in OWN]
    assert len(set(names)) == len(names)
