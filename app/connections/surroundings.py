"""What the room needs around it, wired once by the composition root."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.adapters import Registry
from app.cipher import Cipher
from app.mail import Outbox
from portico_sdk import Http


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Collaborators.

    Args:
        base_url: an origin without trailing slash.
        http_for: gives a connection its guarded way out; `background_for` the one for work that nobody waits for.
        operators: the addresses of the people who run this installation.
    """

    registry: Registry
    cipher: Cipher
    base_url: str
    http_for: Callable[[str], Http]
    random: Callable[[int], bytes]
    outbox: Outbox
    background_for: Callable[[str], Http]
    operators: Callable[[], Sequence[str]]
