"""How a sign-in ended, for the audit log and for observers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from app.audit import Actor, EventName, record
from app.connections import LiveConnection
from app.signin.journey import FinishedSignIn, Journey
from portico_sdk import SignInEvent


def audit_sign_in(
    name: EventName,
    live: LiveConnection,
    *,
    trace_id: str,
    client_id: str | None,
    details: Mapping[str, str],
    personal: Mapping[str, str] | None = None,
    now: datetime,
) -> None:
    """Record the event, inside the transaction of what it tells about."""
    record(
        name,
        actor=Actor("person", details.get("sub", "")),
        now=now,
        organization_id=live.organization_id,
        target=live.id,
        details={**details, "trace_id": trace_id, "client_id": client_id or ""},
        personal=personal,
    )


def personal_of(finished: FinishedSignIn) -> dict[str, str]:
    """Return what is kept about the person where it can be erased."""
    said = {"email": finished.profile.email, "name": finished.profile.name, "idp_sub": finished.identity.subject}
    return {key: value for key, value in said.items() if value}


def observe(journey: Journey, live: LiveConnection, trace_id: str, outcome: str, code: str, now: datetime) -> None:
    """Tell observers; after the outcome is stored."""
    journey.observe(SignInEvent(now, trace_id, live.organization_id, live.id, live.spec.key, outcome, code))
