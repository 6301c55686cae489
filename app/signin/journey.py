"""What a sign-in needs around it, wired once by the composition root; and what a finished one looks like."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from app.cipher import Cipher
from app.claims import Profile
from app.connections import Connections, LiveConnection
from app.errors import SignInFailed
from app.signin.allowed import StillAllowed
from app.signin.refusals import Allowance
from portico_sdk import ExternalIdentity, FormPost, Redirect, SignInEvent

Action = Redirect | FormPost


@dataclass(frozen=True, slots=True)
class FinishedSignIn:
    """A sign-in that every check accepted. `sub` is ours, `identity` what the provider proved."""

    trace_id: str
    client_id: str | None
    organization_id: str
    organization_external_id: str | None
    connection_id: str
    sub: str
    identity: ExternalIdentity
    profile: Profile
    email_verified: bool | None  # None: there is no e-mail
    now: datetime
    organization_auth0_id: str | None = None  # the Auth0 organization that is this customer, where one is named
    session_expires_at: datetime | None = None  # the provider's bound or the organization's, whichever is earlier


@dataclass(frozen=True, slots=True)
class Completed:
    """Where the browser goes on.

    Args:
        session: the new value of its session cookie; None leaves the cookie alone.
        asks: the person has to say so first, on a page of ours.
    """

    action: Action
    session: str | None = None
    asks: bool = False


class EndedSession(Protocol):
    """A session that is over: whose it was, and for which client."""

    @property
    def client_id(self) -> str: ...
    @property
    def organization_id(self) -> str: ...
    @property
    def connection_id(self) -> str: ...
    @property
    def sub(self) -> str: ...


#: Told of sessions that ended, inside the transaction that ends them: which, whether their provider demanded it, when.
SessionsEnded = Callable[[Sequence[EndedSession], bool, datetime], None]

#: Where a person goes whose sign-in began at the provider: the connection, the client and the target it is set up for.
FindStart = Callable[[LiveConnection, str, str | None], str]


class Continuation(Protocol):
    """What happens after a sign-in, by purpose. Rooms above register one each."""

    def finish(self, finished: FinishedSignIn, continuation: Mapping[str, str]) -> Action:
        """Return where the browser goes. Runs inside the transaction that accepts the sign-in."""

    def leave_url(self, continuation: Mapping[str, str], trace_id: str) -> str | None:
        """Return where a person whose sign-in failed may go back to."""


@dataclass(frozen=True, slots=True)
class Journey:
    """The collaborators of begin and complete. `continuations` is filled by the composition root."""

    connections: Connections
    cipher: Cipher
    allowed: StillAllowed
    observe: Callable[[SignInEvent], None]
    random: Callable[[int], bytes]
    continuations: dict[str, Continuation] = field(default_factory=dict)
    sessions_ended: list[SessionsEnded] = field(default_factory=list)
    find_start: FindStart | None = None
    allowance: Allowance = field(default_factory=Allowance)  # traces of requests that name nothing known

    def make_token(self) -> str:
        """Return 256 random bits as 43 characters of `[A-Za-z0-9_-]`."""
        return base64.urlsafe_b64encode(self.random(32)).decode().rstrip("=")


class SignInEnded(SignInFailed):
    """A sign-in that failed, stored in its trace: all that may be told is one sentence, the reference and a way back.

    `ui_locales`: in which languages, as the application asked.
    """

    def __init__(
        self,
        cause: SignInFailed,
        *,
        reference: str,
        leave_url: str | None = None,
        public: str = SignInFailed.public,
        ui_locales: str | None = None,
    ) -> None:
        super().__init__(cause.detail, code=cause.code, hint=cause.hint)
        self.reference = reference
        self.leave_url = leave_url
        self.public = public
        self.ui_locales = ui_locales
