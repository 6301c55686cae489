"""The operators' console: sign-in of its own, and pages over the operations that the API has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.cipher import Cipher
from app.jobs import Trouble
from app.management import Rooms


@dataclass(frozen=True, slots=True)
class Console:
    """What the console reaches.

    Args:
        troubles: what is wrong with background work at that time.
        mail_folder: the instance folder in development, where its mail is shown; None anywhere else.
    """

    rooms: Rooms
    cipher: Cipher
    clock: Callable[[], datetime]
    base_url: str
    secure: bool
    troubles: Callable[[datetime], Sequence[Trouble]]
    mail_folder: Path | None
