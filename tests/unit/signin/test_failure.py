"""What a trace says went wrong, for whoever explains it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.signin.failure import read_failure
from portico_sdk import Failure

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PASSED = {"name": "version", "ok": True, "expected": "2.0", "received": "2.0"}
FAILED = {"name": "audience", "ok": False, "expected": "us", "received": "them"}
DENIED = {"name": "denied", "ok": False, "code": "saml-audience", "detail": "made out for somebody else", "hint": "x"}
PROFILE = {"name": "profile", "ok": True, "groups": "unknown", "incomplete": "groups"}


@pytest.mark.parametrize(
    ("outcome", "code", "waited_s", "steps", "failure"),
    [
        (
            "denied",
            "saml-audience",
            5,
            (PASSED, FAILED, DENIED),
            Failure("saml-audience", DENIED["detail"], "us", "them"),
        ),
        ("denied", "unsolicited", 5, (), Failure("unsolicited")),
        ("denied", None, 5, (), None),
        ("pending", None, 119, (PASSED,), None),
        ("pending", None, 120, (PASSED,), Failure("no-response")),
        ("allowed", None, 5, (PASSED, PROFILE), Failure("groups-incomplete", "groups")),
        ("allowed", None, 5, (PASSED,), None),
    ],
    ids=["refused", "refused at once", "no code", "waiting", "nobody came", "groups left out", "well"],
)
def test_a_trace_says_what_to_explain(outcome, code, waited_s, steps, failure):
    """The refusal with what was expected and received; two minutes of waiting; groups that the provider left out."""
    started_at = NOW - timedelta(seconds=waited_s)
    assert read_failure(outcome=outcome, code=code, started_at=started_at, steps=steps, now=NOW) == failure
