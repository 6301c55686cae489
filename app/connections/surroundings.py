"""What the room needs around it, wired once by the composition root."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.adapters import Registry
from app.audit import Actor
from app.cipher import Cipher
from app.connections.models import Connection
from app.mail import Outbox, Readers
from portico_sdk import Http

#: Hears which settings of a connection differ now, inside the transaction that stores them: (row, names, actor, now).
SettingsChanged = Callable[[Connection, Sequence[str], Actor, datetime], None]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Collaborators.

    Args:
        base_url: an origin without trailing slash.
        http_for: gives a connection its guarded way out; `background_for` the one for work that nobody waits for.
        operators: the people who run this installation, each with the language they chose.
        settings_changed: rooms above that must know; what one raises stops the change.
    """

    registry: Registry
    cipher: Cipher
    base_url: str
    http_for: Callable[[str], Http]
    random: Callable[[int], bytes]
    outbox: Outbox
    background_for: Callable[[str], Http]
    operators: Readers
    settings_changed: list[SettingsChanged] = field(default_factory=list)
