"""The tenant's own sessions: what they remember, when one answers a request without upstream, how they end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.demo.standin.authorize import ApplicationRequest
from app.demo.standin.profile import User

SESSION_COOKIE = "auth0"
_LIFETIME = timedelta(hours=8)


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


class Sessions:
    """All of them, by the value of a cookie."""

    def __init__(self, now: Callable[[], datetime], random: Callable[[int], bytes]) -> None:
        self._now, self._random = now, random
        self._by_handle: dict[str, tuple[datetime, Session]] = {}
        self._lock = threading.Lock()

    def put(self, session: Session) -> str:
        """Store a session and return its handle."""
        handle = self._random(24).hex()
        with self._lock:
            self._by_handle[handle] = (self._now() + _LIFETIME, session)
        return handle

    def find(self, handle: str) -> Session | None:
        """Return the session, where it is not over."""
        with self._lock:
            kept = self._by_handle.get(handle)
        return kept[1] if kept and self._now() < kept[0] else None

    def end(self, handle: str) -> Session | None:
        """End one session, which is returned."""
        with self._lock:
            kept = self._by_handle.pop(handle, None)
        return kept[1] if kept else None

    def end_of(self, user_id: str) -> int:
        """End every session of a user, whichever identity signed in; returns how many there were."""
        with self._lock:
            ended = [handle for handle, (_, session) in self._by_handle.items() if session.user.id == user_id]
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
