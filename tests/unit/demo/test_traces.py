"""Traces of the management API, prepared for the demo's page."""

from __future__ import annotations

from app.demo.ledgerline.traces import make_trace


def step(request: str, at: str, name: str, ms: float, *, ok: bool = True, **facts: str) -> dict[str, object]:
    return {"request": request, "at": at, "name": name, "ms": ms, "ok": ok, "facts": facts}


def test_steps_are_grouped_by_request_with_their_own_time_and_the_wait_between() -> None:
    """`ms` counts from the start of a request; the page shows what each step took, and how long the person was away."""
    first, second = "2026-11-23T14:02:09+00:00", "2026-11-23T14:02:13.500000+00:00"
    raw = {
        "id": "t",
        "outcome": "denied",
        "code": "saml-audience",
        "email": None,
        "organization_id": "org-1",
        "connection_id": "con-1",
        "started_at": first,
        "steps": [
            step("authorize", first, "request-checked", 2.0),
            step("authorize", first, "routed", 5.0, connection="con-1"),
            step("callback", second, "audience", 7.0, ok=False, expected="a", received="b"),
        ],
    }
    trace = make_trace(raw)
    assert [len(part.steps) for part in trace.parts] == [2, 1]
    assert trace.parts[1].waited_s == 4.5
    assert [part.steps[-1].spent_ms for part in trace.parts] == [3.0, 7.0]
    assert trace.ours_ms == 12.0
    assert trace.parts[1].steps[0].start_ms == 5.0
    assert trace.parts[1].steps[0].facts == {"expected": "a", "received": "b"}
    assert trace.email == ""
