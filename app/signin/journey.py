"""What a sign-in needs around it, wired once by the composition root; and what a finished one looks like."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from app.cipher import Cipher
from app.claims import Profile
from app.connections import Connections
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
    allowance: Allowance = field(default_factory=Allowance)  # traces of requests that name nothing known


class SignInEnded(SignInFailed):
    """A sign-in that failed, stored in its trace: all that may be told is one sentence, the reference and a way back."""

    def __init__(
        self, cause: SignInFailed, *, reference: str, leave_url: str | None = None, public: str = SignInFailed.public
    ) -> None:
        super().__init__(cause.detail, code=cause.code, hint=cause.hint)
        self.reference = reference
        self.leave_url = leave_url
        self.public = public
