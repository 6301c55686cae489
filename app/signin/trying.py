"""The way out of a test sign-in: from an attempt that was stored to the identity provider, once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from app.database import transaction
from app.errors import Conflict, SignInFailed
from app.signin.asking import ask_adapter
from app.signin.begin import Begun
from app.signin.journey import Journey
from app.signin.models import TestSignIn
from app.signin.pending import Pending, add_pending
from app.signin.testing import TEST, get_test, open_tested
from app.signin.trace import Trace, add_part
from app.signin.tried import Found, fail_test
from portico_sdk import BeginRequest


def begin_test(journey: Journey, test_id: str, connection_id: str, *, browser: str | None, now: datetime) -> Begun:
    """Return where the browser goes, once: a second call for the same attempt is refused.

    An attempt that cannot even leave has failed by that, and the browser goes to what was found.

    Raises:
        NotFound; Conflict: `test-begun`.
    """
    row, trace = get_test(test_id, connection_id), Trace(test_id, "begin")
    continuation = {"revision": row.revision, "return_path": row.return_path}
    browser, handle = browser or journey.make_token(), journey.make_token()
    _claim(row, now)
    try:
        live = open_tested(journey, connection_id, row.revision)
        context, asked = live.context(now, trace.record), BeginRequest(handle)
        result = ask_adapter(live, "begin", lambda: live.spec.adapter.begin(context, asked))
    except SignInFailed as error:
        return Begun(fail_test(journey, row.id, connection_id, error, Found(trace), now=now).action, browser)
    trace.add("sent-to-provider", connection=live.id, adapter=live.spec.key, action=type(result.action).__name__)
    pending = Pending(live.id, live.organization_id, None, TEST, row.id, result.state, continuation)
    with transaction():
        add_pending(journey.cipher, pending, handle=handle, browser=browser, now=now)
        add_part(trace, now=now)
    return Begun(result.action, browser)


def _claim(row: TestSignIn, now: datetime) -> None:
    free = update(TestSignIn).where(TestSignIn.id == row.id, TestSignIn.begun_at.is_(None)).values(begun_at=now)
    with transaction() as session:
        done = session.execute(free.execution_options(synchronize_session=False))
    if not done.rowcount:  # type: ignore[attr-defined]
        raise Conflict(f"{row.id} has begun", code="test-begun", hint="Start a new test.")
