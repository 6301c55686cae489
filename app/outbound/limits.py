"""How long an outbound request may take and how much it may bring back. No setting raises these."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one request.

    Args:
        deadline_s: for everything together: name resolution, connecting, TLS, sending, the whole answer.
        body_bytes: of the answer, on the wire and after decompression.
    """

    deadline_s: float = 5.0
    body_bytes: int = 1024 * 1024


#: While a person waits.
LOGIN = Limits()
#: While nobody waits.
BACKGROUND = Limits(deadline_s=10.0)
