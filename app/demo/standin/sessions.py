"""The tenant's own sessions: what they remember, when one answers a request without upstream, how they end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.demo.standin.authorize import ApplicationRequest
from app.demo.standin.profile import User

SESSION_COOKIE = "auth0"
#: Defaults of a tenant: a session is over after seven days, and after three in which nobody used it.
_AT_MOST, _IDLE = timedelta(days=7), timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Session:
    """A session of one browser.

    Args:
        identity_id: of the identity that signed in; the user's own id may be another's.
        id_token: from upstream, for a logout there.
    """

    user: User
    connection_id: str
    identity_id: str
    id_token: str = field(repr=False, default="")


@dataclass(slots=True)
class _Kept:
    session: Session
    ends_at: datetime
    idle_at: datetime


class Sessions:
    """All of them, by the value of a cookie."""

    def __init__(self, now: Callable[[], datetime], random: Callable[[int], bytes]) -> None:
        self._now, self._random = now, random
        self._by_handle: dict[str, _Kept] = {}
        self._lock = threading.Lock()

    def put(self, session: Session) -> str:
        """Store a session and return its handle."""
        handle = self._random(24).hex()
        now = self._now()
        with self._lock:
            self._by_handle[handle] = _Kept(session, now + _AT_MOST, now + _IDLE)
        return handle

    def find(self, handle: str) -> Session | None:
        """Return the session, where it is not over; it is used by that."""
        now = self._now()
        with self._lock:
            kept = self._by_handle.get(handle)
            if kept is None or now >= min(kept.ends_at, kept.idle_at):
                return None
            kept.idle_at = now + _IDLE
            return kept.session

    def end(self, handle: str) -> Session | None:
        """End one session, which is returned."""
        with self._lock:
            kept = self._by_handle.pop(handle, None)
        return kept.session if kept else None

    def end_of(self, user_id: str) -> int:
        """End every session of a user, whichever identity signed in; returns how many there were."""
        with self._lock:
            ended = [handle for handle, kept in self._by_handle.items() if kept.session.user.id == user_id]
            for handle in ended:
                del self._by_handle[handle]
        return len(ended)

    def clear(self) -> None:
        """End all of them."""
        with self._lock:
            self._by_handle.clear()


def session_suffices(asked: ApplicationRequest, session: Session, now: datetime) -> bool:
    """Tell whether the session answers: fresh enough for `prompt` and `max_age`, by the connection that was named.

    An organization is no part of a session: one that began for another organization answers, too, where the
    session's connection leads into both.
    """
    if "login" in asked.prompt:
        return False
    if asked.connection is not None and asked.connection.id != session.connection_id:
        return False
    if asked.organization is not None and session.connection_id not in asked.organization.connections:
        return False
    user = session.user
    if user.session_expires_at is not None and now.timestamp() >= user.session_expires_at:
        return False
    max_age = asked.values.get("max_age", "")
    if not (max_age.isascii() and max_age.isdigit()):
        return True
    return (now - user.authenticated_at).total_seconds() < int(max_age)
