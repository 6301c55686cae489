"""The way out: from a route to the identity provider."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from app.connections import LiveConnection
from app.database import transaction
from app.signin.asking import ask_adapter
from app.signin.journey import Action, Journey
from app.signin.pending import Pending, add_pending
from app.signin.route import Route, TargetUnavailable
from app.signin.trace import Trace, add_trace
from portico_sdk import BeginRequest


@dataclass(frozen=True, slots=True)
class Begun:
    """Where the browser goes, and the value of its cookie from now on."""

    action: Action
    browser: str


def new_trace(journey: Journey, request: str) -> Trace:
    """Return an empty trace with a fresh reference id."""
    return Trace(journey.random(16).hex(), request)


def begin(
    journey: Journey,
    route: Route,
    asked: BeginRequest,
    *,
    client_id: str | None,
    purpose: str,
    continuation: Mapping[str, str],
    browser: str | None,
    trace: Trace,
    now: datetime,
) -> Begun:
    """Store the pending sign-in and return where to send the browser. `asked.handle` is filled in here.

    Does not ask whether anybody is still allowed: nobody is known yet. Whoever made the route checked client and target.

    Raises:
        SignInFailed: the target is not usable, or its adapter cannot begin. Nothing is stored then.
    """
    live = journey.connections.open(route.connection_id)
    check_usable(live)
    handle = journey.make_token()
    browser = browser or journey.make_token()
    context, request = live.context(now, trace.record), replace(asked, handle=handle)
    result = ask_adapter(live, "begin", lambda: live.spec.adapter.begin(context, request))
    trace.add("sent-to-provider", connection=live.id, adapter=live.spec.key, action=type(result.action).__name__)
    pending = Pending(live.id, live.organization_id, client_id, purpose, trace.id, result.state, continuation)
    with transaction():
        add_pending(journey.cipher, pending, handle=handle, browser=browser, now=now)
        add_trace(
            trace,
            now=now,
            purpose=purpose,
            client_id=client_id,
            organization_id=live.organization_id,
            connection_id=live.id,
        )
    return Begun(result.action, browser)


def check_usable(live: LiveConnection) -> None:
    """Raise TargetUnavailable unless the connection and its organization are active."""
    if not live.usable:
        raise TargetUnavailable(f"{live.id} is {live.status}, its organization {live.organization_status}")
