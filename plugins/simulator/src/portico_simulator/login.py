"""Who is signed in at an identity provider, the page where persons sign in, and what waits behind it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import redirect, request
from werkzeug import Response

from portico_simulator.idp import Idp
from portico_simulator.memory import Shelf
from portico_simulator.pages import ShownToPerson, page
from portico_simulator.people import Person


@dataclass(frozen=True, slots=True)
class Session:
    """A person's session at the identity provider. `answered` has the times of its latest answers."""

    id: str
    person: Person
    authenticated_at: datetime
    answered: deque[datetime] = field(default_factory=lambda: deque(maxlen=20), compare=False)

    @property
    def index(self) -> str:
        """What SAML calls the session (SessionIndex)."""
        return f"_{self.id}"

    def count_answer(self, now: datetime) -> int:
        """Note one more answer, and return how many there were within the last second before it."""
        recent = sum(now - moment <= timedelta(seconds=1) for moment in self.answered)
        self.answered.append(now)
        return recent


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that waits until somebody has signed in. `answer` is its protocol's way to go on."""

    request: Any
    answer: Callable[[Idp[Any], Any, Session], Response]
    login_hint: str | None = None


class Login:
    """The sign-in of one identity provider: a session cookie of its own, below its own path."""

    def __init__(self, idp: Idp[Any]) -> None:
        self._idp = idp
        self._sessions: Shelf[Session] = Shelf(timedelta(hours=8), idp.now, idp.random)
        self._waiting: Shelf[Waiting] = Shelf(timedelta(minutes=15), idp.now, idp.random)
        self._cookie = f"idp-{idp.config.id}"

    def session(self) -> Session | None:
        """Return the session of the browser that sent the current request."""
        return self._sessions.find(request.cookies.get(self._cookie))

    def ask(self, waiting: Waiting) -> Response:
        """Send the browser to the sign-in page; the request goes on from there."""
        return redirect(f"/{self._idp.config.id}/sign-in/{self._waiting.put(waiting)}", 303)

    def show(self, handle: str) -> Response:
        """Show the persons of this directory and a field for a user name."""
        waiting = _required(self._waiting.find(handle))
        return page("sign_in", self._idp, hint=waiting.login_hint or "")

    def submit(self, handle: str) -> Response:
        """Sign in the person that was chosen, and answer the request that waited."""
        typed = request.form.get("username", "")
        person = self._idp.find_person(typed)
        if person is None:
            _required(self._waiting.find(handle))
            return page("sign_in", self._idp, 422, hint=typed, problem="No account here has this user name.")
        waiting = _required(self._waiting.consume(handle))
        session = Session(self._idp.random(16).hex(), person, self._idp.now())
        response = waiting.answer(self._idp, waiting.request, session)
        secure = self._idp.base_url.startswith("https:")
        response.set_cookie(
            self._cookie,
            self._sessions.put(session),
            path=f"/{self._idp.config.id}/",
            httponly=True,
            secure=secure,
            samesite="None" if secure else "Lax",  # vendors send None: requests arrive by cross-site POST
        )
        return response

    def close(self) -> None:
        """End the session of the browser that sent the current request."""
        self._sessions.consume(request.cookies.get(self._cookie))


def _required(waiting: Waiting | None) -> Waiting:
    if waiting is None:
        raise ShownToPerson("This sign-in page is out of date. Start again from your application.")
    return waiting
