"""What a test sign-in brought: what mappings and roles are tried on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.errors import NotFound
from app.signin.received import Received, get_received
from app.signin.testing import latest_test


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was received, and in the test of when; None: it was pasted."""

    received: Received
    at: datetime | None = None


def find_evidence(connection_id: str) -> Evidence | None:
    """Return what the last test that passed brought, else the last one that brought anything."""
    for passed in (True, None):
        test = latest_test(connection_id, passed=passed)
        if test is not None:
            try:
                return Evidence(get_received(test.id, connection_id), test.started_at)
            except NotFound:
                continue
    return None
