"""Flask's session, kept on the server: the browser holds a random value, the store its hash and everything else.

Only paths below one prefix have a session. Everywhere else it is empty and cannot be written, and costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from flask import Flask, Request, Response
from flask import request as current_request
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.datastructures import CallbackDict

from app.web.cookies import Cookie


class SessionStore(Protocol):
    """Where sessions are kept; sessions that are over are not found."""

    def find(self, token: str, *, now: datetime) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Return what the session holds, and facts about it that the store knows; or None."""

    def save(
        self, token: str | None, data: dict[str, Any], *, anew: bool, address: str, agent: str, now: datetime
    ) -> str:
        """Keep it, and return the token that the browser must hold from now on: another one when `anew`."""

    def end(self, token: str, *, now: datetime) -> None:
        """Make the token useless."""


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """What one browser's session holds. `renew()` gives the browser another token with this response."""

    def __init__(self, initial: dict[str, Any], token: str | None, facts: dict[str, Any]) -> None:
        def note(changed: CallbackDict[str, Any]) -> None:
            self.modified = True

        super().__init__(initial, note)
        self.token = token
        self.facts = facts
        self.anew = False
        self.modified = False
        self.new = token is None

    def renew(self) -> None:
        """Say that who uses it has changed: a token that somebody planted before is worth nothing after."""
        self.anew = self.modified = True


class ServerSessions(SessionInterface):
    """Sessions for the paths below `prefix`."""

    def __init__(self, store: SessionStore, cookie: Cookie, prefix: str, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._cookie = cookie
        self._prefix = prefix
        self._clock = clock

    def open_session(self, app: Flask, request: Request) -> ServerSession | None:
        """Return the browser's session, empty when it has none; None outside of the prefix."""
        if not request.path.startswith(self._prefix):
            return None
        token = self._cookie.read(request)
        found = None if token is None else self._store.find(token, now=self._clock())
        if found is None:
            return ServerSession({}, None, {})
        return ServerSession(found[0], token, found[1])

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Store what changed. An empty session is ended, and its cookie cleared."""
        if not isinstance(session, ServerSession) or not session.modified:
            return
        if not session:
            if session.token is not None:
                self._store.end(session.token, now=self._clock())
                self._cookie.clear(response)
            return
        agent = current_request.headers.get("User-Agent", "")
        kept = self._store.save(
            session.token,
            dict(session),
            anew=session.anew,
            address=current_request.remote_addr or "",
            agent=agent,
            now=self._clock(),
        )
        self._cookie.write(response, kept)
