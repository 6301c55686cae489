"""Where the cause of a refusal at token, revocation and userinfo is kept: under the reference that the client is told.

It joins the trace of the login it belongs to. One that belongs to no known login gets a trace of its own, and only so many
a minute do: anybody can send such a request, and must not fill the database with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import structlog

from app.errors import SignInFailed
from app.signin.refusals import Allowance, store_refusal
from app.signin.trace import Trace, add_part

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Refusals:
    """Keeps causes. One for the process."""

    allowance: Allowance = field(default_factory=Allowance)

    def keep(
        self,
        request: str,
        error: str,
        cause: str,
        *,
        login: str | None,
        reference: str,
        claimed: str = "",
        now: datetime,
    ) -> str:
        """Return the reference under which an operator finds the cause.

        Args:
            request: `token`, `revocation` or `userinfo`.
            error: code as it goes on the wire.
            login: trace id of the login, where it is known; its reference is that id then.
            reference: fresh, for when it is not.
            claimed: the client id that came with the request, which proves nothing.
        """
        trace = Trace(login or reference, request)
        if login is None:
            trace.add(f"{request}-refused", ok=False, error=error, claimed_client=claimed)
            failed = SignInFailed(cause, code=error.replace("_", "-"))
            store_refusal(trace, failed, self.allowance, now=now, purpose=request)
        else:
            trace.add(f"{request}-refused", ok=False, error=error, cause=cause)
            log.info(f"{request}_refused", reference=login, error=error, cause=cause)
            add_part(trace, now=now)
        return trace.id
