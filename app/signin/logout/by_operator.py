"""An operator's act: people are signed out here, and wherever a client can be told to end what it has of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.audit import Actor, EventName, record
from app.database import transaction
from app.signin.journey import EndedSession, Journey
from app.signin.sessions import end_sessions, find_of_organization
from app.signin.trace import find_signed_in


@dataclass(frozen=True, slots=True)
class Whom:
    """Whose sessions end: by e-mail address, or by `sub`; neither: everybody of the organization."""

    email: str | None = None
    sub: str | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """How many people it was, how many live sessions of theirs ended, and how many clients are concerned."""

    people: int
    sessions: int
    clients: int


def end_by_operator(journey: Journey, organization_id: str, whom: Whom, *, actor: Actor, now: datetime) -> Ended:
    """End every Portico session of these people, and have the clients told that they signed in for.

    A client's own session may live longer than ours: also people whose sessions here are over are told of.

    Does not: keep them from signing in again; disable the organization, or remove them at their provider.
    """
    with transaction():
        remembered: set[EndedSession] = set()
        subs = None if whom.sub is None else {whom.sub}
        if whom.email is not None:
            remembered = set(find_signed_in(organization_id, whom.email))
            subs = {one.sub for one in remembered}
        sessions = find_of_organization(organization_id, subs)
        ended = end_sessions(sessions, now)
        people = _each_once([*sessions, *remembered])
        for tell in journey.sessions_ended:
            tell(people, True, now)
        record(
            EventName.SESSION_ENDED,
            actor=actor,
            now=now,
            organization_id=organization_id,
            target=organization_id,
            details={
                "by": "operator",
                "sessions": len(ended),
                "subs": sorted({one.sub for one in people})[:20],
                "everyone": whom.email is None and whom.sub is None,
            },
            personal={"email": whom.email} if whom.email is not None else None,
        )
    return Ended(len({one.sub for one in people}), len(ended), len({one.client_id for one in people}))


def _each_once(sessions: Iterable[EndedSession]) -> list[EndedSession]:
    """One for each client and person: clients are told of people, not of browsers."""
    return list({(one.client_id, one.sub): one for one in sessions}.values())
