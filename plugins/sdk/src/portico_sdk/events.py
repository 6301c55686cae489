"""What observers are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SignInEvent:
    """A finished sign-in: no personal data, no secrets.

    Args:
        at: when, aware UTC.
        trace_id: the reference id a person may have been shown.
        organization_id, connection_id: whose sign-in it was.
        adapter: key of the connection's adapter.
        outcome: `allowed` or `denied`.
        code: why, when denied.
    """

    at: datetime
    trace_id: str
    organization_id: str
    connection_id: str
    adapter: str
    outcome: str
    code: str = ""
