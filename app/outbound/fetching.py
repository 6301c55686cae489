"""One document, fetched once: for whoever looks at it now and keeps nothing."""

from __future__ import annotations

from app.database import end_read
from app.outbound.guard import OutboundGuard
from portico_sdk import ProviderUnreachable


def fetch_document(guard: OutboundGuard, url: str) -> bytes:
    """Return the body of an answer that says it is what was asked for (200). Nobody waits with a transaction open.

    Raises:
        ProviderUnreachable: the guard's reasons, and `outbound-status` with the status in its detail: an error page or a
            redirect is never read as the document.
    """
    end_read()
    answer = guard.request("GET", url)
    if answer.status != 200:
        raise ProviderUnreachable("outbound-status", f"the server answered {answer.status}")
    return answer.body
