"""What the room needs around it, wired once by the composition root."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.adapters import Registry
from app.cipher import Cipher
from portico_sdk import Http


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Collaborators. `base_url` is an origin without trailing slash; `http_for` gives a connection its guarded way out."""

    registry: Registry
    cipher: Cipher
    base_url: str
    http_for: Callable[[str], Http]
    random: Callable[[int], bytes]
