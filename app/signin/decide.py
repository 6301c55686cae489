"""What is decided about a proven identity before anything is stored: subject, profile, e-mail, how long it holds.

Asked when the provider answers, and again whenever a session answers in its place: rules, domains and policies may have
changed in between.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from app.claims import make_sub
from app.connections import LiveConnection
from app.errors import SignInFailed
from app.signin.email import verify_email
from app.signin.journey import FinishedSignIn
from app.signin.profiles import read_profile
from app.signin.trace import Trace
from portico_sdk import ExternalIdentity

MAX_SUBJECT = 1024


def decide(
    live: LiveConnection,
    identity: ExternalIdentity,
    *,
    client_id: str | None,
    started_at: datetime,
    trace: Trace,
    now: datetime,
) -> FinishedSignIn:
    """Return the sign-in as it may be accepted.

    Args:
        started_at: when the provider proved the identity; the organization's bound on sessions counts from there.

    Raises:
        SignInFailed: the identity may not sign in; the code says why.
    """
    if not 0 < len(identity.subject) <= MAX_SUBJECT:
        raise SignInFailed(f"the subject has {len(identity.subject)} characters", code="subject-length")
    if live.subject_source is not None:
        check_subject_source(live.subject_source, identity)
    profile = read_profile(live, identity, trace)
    email_verified = verify_email(
        profile.email,
        organization_id=live.organization_id,
        policy=live.organization_policy,
        said_verified=identity.email_verified,
    )
    trace.add(
        "profile",
        email=profile.email,
        email_verified=email_verified,
        groups=_count(profile.groups),
        incomplete=", ".join(sorted(identity.incomplete)),
    )
    return FinishedSignIn(
        trace_id=trace.id,
        client_id=client_id,
        organization_id=live.organization_id,
        organization_external_id=live.organization_external_id,
        organization_auth0_id=live.organization_auth0_id,
        connection_id=live.id,
        sub=make_sub(live.id, identity.subject),
        identity=identity,
        profile=profile,
        email_verified=email_verified,
        session_expires_at=_session_end(live, identity, started_at),
        now=now,
    )


def check_subject_source(fixed: str, identity: ExternalIdentity) -> None:
    """A person is (connection, subject): subjects from another source could be other persons' under the same names."""
    if fixed != identity.subject_source:
        detail = f"subjects of this connection come from {fixed}, this one from {identity.subject_source}"
        raise SignInFailed(detail, code="subject-source-changed")


def _session_end(live: LiveConnection, identity: ExternalIdentity, started_at: datetime) -> datetime | None:
    """The earliest of what the provider says and what the organization's policy says; None when neither does."""
    ends = [] if identity.session_expires_at is None else [identity.session_expires_at]
    bound = live.organization_policy.get("max_session_s")
    if isinstance(bound, int):
        ends.append(started_at + timedelta(seconds=bound))
    return min(ends, default=None)


def _count(groups: tuple[str, ...] | None) -> str:
    return "unknown" if groups is None else str(len(groups))
