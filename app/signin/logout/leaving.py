"""From a session that ended here to the provider's own session, and on to where the person wanted to go.

Nothing here decides whether somebody is signed out: the Portico sessions ended before. What a provider answers is checked
and traced; the browser goes on only to where the logout was bound for from the start.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.connections import LiveConnection
from app.database import transaction
from app.errors import NotFound, PorticoError, SignInFailed
from app.signin.asking import ask_adapter
from app.signin.journey import Action, Journey
from app.signin.pending import Pending, add_pending, consume_pending
from app.signin.trace import Trace, add_part, finish_trace
from portico_sdk import AdapterError, Callback, Logout, Redirect

PURPOSE = "logout"
HANDLE_PARAMETERS = {"saml": "RelayState", "oidc": "state"}


class LogoutRefused(PorticoError):
    """A sign-out that cannot go on: nobody began it in this browser, or what came is not acceptable."""

    status = 400
    code = "logout-refused"
    public = "This sign-out cannot be completed."

    def __init__(self, detail: str, *, reference: str = "", code: str = "") -> None:
        super().__init__(detail, code=code)
        self.reference = reference


@dataclass(frozen=True, slots=True)
class Stop:
    """One provider to go by: its connection, and what it needs to know whom to sign out."""

    connection_id: str
    state: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Leaving:
    """What remains of a logout.

    Args:
        onward: where the person goes at the end; None shows a page of ours.
        unconfirmed: a provider's answer was not acceptable: the person has to be told.
    """

    trace_id: str
    client_id: str | None
    onward: str | None
    stops: tuple[Stop, ...] = ()
    unconfirmed: bool = False


@dataclass(frozen=True, slots=True)
class Departed:
    """Where the browser goes now; no action shows the page that it is over. `browser` is its cookie's value."""

    action: Action | None
    browser: str | None = None
    unconfirmed: bool = False


def depart(journey: Journey, leaving: Leaving, *, browser: str | None, trace: Trace, now: datetime) -> Departed:
    """Return the way to the next provider, or to the end. A provider that cannot be asked is traced and passed by."""
    for position, stop in enumerate(leaving.stops):
        try:
            departed = _ask(journey, leaving, stop, leaving.stops[position + 1 :], browser, trace, now)
        except (SignInFailed, NotFound) as error:
            trace.add("provider-not-asked", ok=False, connection=stop.connection_id, detail=error.detail)
            continue
        if departed is not None:
            return departed
    with transaction():
        finish_trace(trace, now=now, outcome="denied" if leaving.unconfirmed else "allowed")
    onward = None if leaving.onward is None else Redirect(leaving.onward)
    return Departed(onward, unconfirmed=leaving.unconfirmed)


def come_back(
    journey: Journey, connection_id: str, protocol: str, arrived: Callback, *, browser: str | None, now: datetime
) -> Departed:
    """Return where the browser goes after a provider's answer to our logout request.

    Raises:
        LogoutRefused: nobody began this logout in this browser.
    """
    try:
        live = open_for_logout(journey, connection_id, protocol)
        handle = arrived.single(HANDLE_PARAMETERS[protocol]) or ""
        pending = consume_pending(
            journey.cipher, handle=_domain(handle), browser=browser, connection_id=live.id, now=now
        )
    except (SignInFailed, NotFound, AdapterError) as error:
        raise LogoutRefused(error.detail, code=error.code) from error
    trace = Trace(pending.trace_id, PURPOSE)
    leaving = _read(pending)
    adapter = live.spec.adapter
    assert isinstance(adapter, Logout)
    callback = Callback(arrived.method, arrived.url, arrived.raw_query, arrived.unverified_params, pending.state)
    context = live.context(now, trace.record)
    try:
        answered = ask_adapter(live, "complete_logout", lambda: adapter.complete_logout(context, callback))
        trace.add("provider-answered", ok=not answered, connection=live.id, said=answered)
    except SignInFailed as error:
        trace.add("provider-answer-refused", ok=False, connection=live.id, code=error.code, detail=error.detail)
        leaving = Leaving(leaving.trace_id, leaving.client_id, leaving.onward, leaving.stops, unconfirmed=True)
    return depart(journey, leaving, browser=browser, trace=trace, now=now)


def open_for_logout(journey: Journey, connection_id: str, protocol: str) -> LiveConnection:
    """Return the connection, also a disabled one: what ends sessions is never turned away for that.

    Raises:
        NotFound: there is none of this protocol whose adapter can log out. SignInFailed: it cannot be opened.
    """
    live = journey.connections.open(connection_id)
    can = "logout" in live.spec.capabilities and isinstance(live.spec.adapter, Logout)
    if live.spec.protocol != protocol or not can:
        raise NotFound(f"{connection_id} speaks {live.spec.protocol} and knows no logout")
    return live


def _ask(
    journey: Journey,
    leaving: Leaving,
    stop: Stop,
    remaining: Sequence[Stop],
    browser: str | None,
    trace: Trace,
    now: datetime,
) -> Departed | None:
    live = journey.connections.open(stop.connection_id)
    adapter = live.spec.adapter
    if not live.usable or "logout" not in live.spec.capabilities or not isinstance(adapter, Logout):
        return None
    handle, browser = journey.make_token(), browser or journey.make_token()
    context = live.context(now, trace.record)
    begun = ask_adapter(live, "begin_logout", lambda: adapter.begin_logout(context, handle, stop.state))
    if begun is None:
        return None
    trace.add("sent-to-provider", connection=live.id, action=type(begun.action).__name__)
    continuation = {
        "onward": leaving.onward or "",
        "stops": json.dumps([[one.connection_id, dict(one.state)] for one in remaining]),
        "unconfirmed": "yes" if leaving.unconfirmed else "",
    }
    pending = Pending(
        live.id, live.organization_id, leaving.client_id, PURPOSE, leaving.trace_id, begun.state, continuation
    )
    with transaction():
        add_pending(journey.cipher, pending, handle=_domain(handle), browser=browser, now=now)
        add_part(trace, now=now)
    return Departed(begun.action, browser)


def _read(pending: Pending) -> Leaving:
    said = pending.continuation
    stops = tuple(Stop(connection_id, state) for connection_id, state in json.loads(said["stops"]))
    return Leaving(
        pending.trace_id, pending.client_id, said["onward"] or None, stops, unconfirmed=bool(said["unconfirmed"])
    )


def _domain(handle: str) -> str:
    """A logout is stored beside sign-ins and never found as one: its handle is another."""
    return f"logout.{handle}"
