"""What a test sign-in brought: what mappings and roles are tried on."""

from __future__ import annotations

from app.errors import NotFound
from app.signin.received import Received, get_received
from app.signin.testing import latest_test


def find_received(connection_id: str) -> Received | None:
    """Return what the last test that passed brought, else the last one that brought anything."""
    for passed in (True, None):
        test = latest_test(connection_id, passed=passed)
        if test is not None:
            try:
                return get_received(test.id, connection_id)
            except NotFound:
                continue
    return None
