"""Traces: stored for successes and failures, found by reference, listed by cursor, deleted in time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.errors import NotFound, SignInFailed
from app.signin.refusals import Allowance, store_refusal
from app.signin.trace import (
    MAX_STEPS,
    Trace,
    TraceFilter,
    add_part,
    add_trace,
    delete_old_traces,
    finish_trace,
    get_trace,
    list_traces,
)


def test_the_parts_of_a_trace_keep_their_order_and_their_outcome(app_context: Flask, now: datetime) -> None:
    first = Trace("a" * 32, "authorize")
    first.add("routed", connection="con-a")
    add_trace(first, now=now, purpose="authorize", organization_id="org-a", connection_id="con-a")
    second = Trace("a" * 32, "callback")
    second.add("saml-signature", ok=False, expected="one", received="none")
    finish_trace(second, now=now + timedelta(seconds=2), outcome="denied", code="saml-unsigned")
    third = Trace("a" * 32, "token")
    add_part(third, now=now + timedelta(seconds=3))
    found, parts = get_trace("a" * 32)
    assert (found.outcome, found.code) == ("denied", "saml-unsigned")
    assert [part.request for part in parts] == ["authorize", "callback", "token"]
    step = parts[1].steps[0]
    assert (step["name"], step["ok"], step["expected"], step["received"]) == ("saml-signature", False, "one", "none")
    assert step["ms"] >= 0


def test_text_from_outside_is_cut_and_made_printable() -> None:
    trace = Trace("a" * 32, "callback")
    trace.add("x", detail="a\0b\nc\x1b[31m" + "y" * 10_000)
    assert trace.steps[0]["detail"].startswith("a\ufffdb\ufffdc\ufffd[31m")
    assert len(trace.steps[0]["detail"]) == 500
    for _ in range(200):
        trace.add("more")
    assert len(trace.steps) == MAX_STEPS


def test_an_unknown_reference_is_not_found(app_context: Flask) -> None:
    with pytest.raises(NotFound):
        get_trace("b" * 32)


def test_lists_come_newest_first_by_filter_and_cursor(app_context: Flask, now: datetime) -> None:
    for index in range(5):
        add_trace(
            Trace(f"{index:032d}", "authorize"),
            now=now + timedelta(seconds=index // 2),
            purpose="authorize",
            organization_id="org-a" if index % 2 else "org-b",
        )
    seen: list[str] = []
    after = None
    while page := list_traces(TraceFilter(), limit=2, after=after):
        seen += [trace.id for trace in page]
        after = page[-1].id
    assert seen == [f"{index:032d}" for index in (4, 3, 2, 1, 0)]
    assert [t.id for t in list_traces(TraceFilter(organization_id="org-a"), limit=9, after=None)] == [
        f"{index:032d}" for index in (3, 1)
    ]


def test_old_traces_are_deleted_with_their_parts(app_context: Flask, now: datetime) -> None:
    for index in range(5):
        add_trace(Trace(f"{index:032d}", "authorize"), now=now - timedelta(days=31 * (index % 2)), purpose="authorize")
    assert delete_old_traces(now, keep_days=30, batch=1) == 2
    assert len(list_traces(TraceFilter(), limit=9, after=None)) == 3


def test_requests_that_name_nothing_known_fill_no_database(app_context: Flask, now: datetime) -> None:
    allowance = Allowance(per_minute=3)
    for index in range(9):
        error = SignInFailed("no", code="client-unknown")
        store_refusal(Trace(f"{index:032d}", "authorize"), error, allowance, now=now, purpose="authorize")
    assert len(list_traces(TraceFilter(), limit=99, after=None)) == 3
    assert allowance.take(now + timedelta(minutes=1))
