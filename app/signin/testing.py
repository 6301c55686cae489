"""Test sign-ins: a real sign-in on the configuration that is being worked on, which signs nobody in.

It runs at the same addresses as every sign-in, on the draft where there is one, also before a connection is active. Every
check that a sign-in meets is met, and what came of each is stored for whoever began the test. It makes no session, fixes
no subject source and is asked by nobody whether somebody is still allowed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select

from app.audit import Actor
from app.connections import LiveConnection
from app.database import db, transaction
from app.errors import NotFound, TooManyRequests
from app.signin.journey import FinishedSignIn, Journey
from app.signin.models import TestSignIn
from app.signin.pending import find_purpose
from app.signin.route import TargetUnavailable
from app.signin.trace import Trace, add_trace
from portico_sdk import Redirect

TEST = "test"
MAX_AN_HOUR = 60  # of one connection

_RETURN_PATH = re.compile(r"/(setup|console)(/[A-Za-z0-9{}_~-][A-Za-z0-9{}._~-]*)*")


class TestContinuation:
    """What a test knows of the rooms above: the claims that a client would get. Registered for the purpose `test`.

    Args:
        preview: the claims of the ID token, without those of one token.
    """

    __test__ = False

    def __init__(self, base_url: str, preview: Callable[[FinishedSignIn], dict[str, Any]]) -> None:
        self._base_url = base_url
        self.preview = preview

    def finish(self, finished: FinishedSignIn, continuation: Mapping[str, str]) -> Redirect:
        """Return the way back to the page that shows what was found."""
        return Redirect(self.leave_url(continuation, finished.trace_id))

    def leave_url(self, continuation: Mapping[str, str], trace_id: str) -> str:
        """Return the same, for a test that failed."""
        return self._base_url + continuation["return_path"]


def start_test(
    journey: Journey, connection_id: str, *, organization_id: str, return_path: str, actor: Actor, now: datetime
) -> TestSignIn:
    """Store an attempt on what is being worked on now. Nobody has left for the provider yet: `begin_test` does that.

    Args:
        return_path: own path below /setup/ or /console/ for afterwards; `{test}` stands for the attempt's id.

    Raises:
        NotFound: the organization has no such connection.
        ValueError: the path leads anywhere else.
        TooManyRequests: sixty attempts within an hour.
    """
    if not _RETURN_PATH.fullmatch(return_path):
        raise ValueError(f"not a path of ours: {return_path[:80]!r}")
    if journey.connections.get(connection_id).organization_id != organization_id:
        raise NotFound(f"{organization_id} has no connection {connection_id[:60]!r}")
    test_id = journey.random(16).hex()
    row = TestSignIn(
        id=test_id,
        connection_id=connection_id,
        organization_id=organization_id,
        revision=journey.connections.working_revision(connection_id),
        return_path=return_path.replace("{test}", test_id),
        actor=f"{actor.kind}:{actor.id}"[:300],
        outcome="waiting",
        started_at=now,
        checks=[],
        raw="",
        claims_from=[],
    )
    with transaction() as session:
        if _lately(connection_id, now) >= MAX_AN_HOUR:
            raise TooManyRequests("sixty tests within an hour", hint="Wait a while before the next test.")
        session.add(row)
        add_trace(
            Trace(test_id, "test"), now=now, purpose=TEST, organization_id=organization_id, connection_id=connection_id
        )
    return row


def is_for_test(live: LiveConnection, handle: str | None) -> bool:
    """Whether a callback at a connection that is not open for sign-ins may belong to a test. Proves nothing yet."""
    if live.usable or not handle or live.organization_status != "active":
        return False
    return find_purpose(handle) == TEST


def get_test(test_id: str, connection_id: str) -> TestSignIn:
    """Return an attempt on this connection. Raises NotFound."""
    row = db.session.get(TestSignIn, test_id, populate_existing=True) if "\0" not in test_id else None
    if row is None or row.connection_id != connection_id:
        raise NotFound(f"no test {test_id[:60]!r} of {connection_id[:60]}")
    return row


def latest_test(connection_id: str, *, passed: bool | None = None) -> TestSignIn | None:
    """Return the newest attempt; the newest that passed, or that failed."""
    query = select(TestSignIn).where(TestSignIn.connection_id == connection_id)
    if passed is not None:
        query = query.where(TestSignIn.outcome == ("passed" if passed else "failed"))
    newest = query.order_by(TestSignIn.started_at.desc(), TestSignIn.id).limit(1)
    return db.session.scalars(newest.execution_options(populate_existing=True)).one_or_none()


def delete_old_tests(now: datetime, *, keep_days: int) -> None:
    """Delete attempts with what they hold of people, as old traces are."""
    with transaction() as session:
        session.execute(delete(TestSignIn).where(TestSignIn.started_at < now - timedelta(days=keep_days)))


def open_tested(journey: Journey, connection_id: str, revision: str) -> LiveConnection:
    """Return the connection as it is tested. Raises SignInFailed: it was changed since, or its organization is disabled."""
    live = journey.connections.open_revision(connection_id, revision)
    if live.organization_status != "active":
        raise TargetUnavailable(f"{live.organization_id} is {live.organization_status}")
    return live


def _lately(connection_id: str, now: datetime) -> int:
    recent = TestSignIn.started_at > now - timedelta(hours=1)
    query = select(func.count()).select_from(TestSignIn).where(TestSignIn.connection_id == connection_id, recent)
    return int(db.session.scalar(query) or 0)
