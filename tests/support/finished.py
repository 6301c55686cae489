"""A sign-in as the journey hands it on, for tests of what comes afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.claims import Profile
from app.signin.journey import FinishedSignIn
from tests.support.columns import identity


def finished_sign_in(
    now: datetime, *, sub: str = "usr-jane", client_id: str | None = "cli-a", **said: Any
) -> FinishedSignIn:
    """Return the sign-in of one person; `said` replaces what the provider proved."""
    return FinishedSignIn(
        trace_id="t" * 32,
        client_id=client_id,
        organization_id="org-a",
        organization_external_id=None,
        connection_id="con-a",
        sub=sub,
        identity=identity(**said),
        profile=Profile("jane@acme.example", "Jane", None, None, None, None, None),
        email_verified=True,
        now=now,
    )
