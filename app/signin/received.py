"""What a provider said in one sign-in, kept in its trace so that changed rules can be tried on it.

Redacted and bounded. What is left out for either reason is named: tried again it is unknown, never empty and never half.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from app.database import db
from app.errors import NotFound
from app.signin.models import SignInTrace
from app.signin.trace import list_parts
from portico_sdk import ExternalIdentity

MAX_ATTRIBUTES = 200
MAX_VALUES = 300  # of one attribute
MAX_CHARACTERS = 32_000  # of all of them

_SECRET_WORDS = frozenset(
    re.findall(r"\w+", "password passwd pwd passphrase secret token credential credentials private cookie apikey")
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_SECRET_VALUE = re.compile(r"^eyJ[\w-]+\.[\w-]+\.|-----BEGIN ")


@dataclass(frozen=True, slots=True)
class Received:
    """The attributes as they may be shown, and the names of those that are not here, or not whole."""

    attributes: Mapping[str, tuple[str, ...]]
    left_out: frozenset[str]


def redact(identity: ExternalIdentity) -> dict[str, Any]:
    """Return what the trace keeps of the identity: `{"attributes": {name: [values]}, "left_out": [names]}`."""
    kept: dict[str, list[str]] = {}
    left_out = set(identity.incomplete)
    room = MAX_CHARACTERS
    for name, values in identity.attributes.items():
        length = len(name) + sum(map(len, values))
        if len(kept) >= MAX_ATTRIBUTES or len(values) > MAX_VALUES or length > room or _is_secret(name, values):
            left_out.add(name)
        elif _is_storable(name, values):
            kept[name] = list(values)
            room -= length
    names = sorted(name[:200] for name in left_out if _is_storable(name, ()))
    return {"attributes": kept, "left_out": names[:MAX_ATTRIBUTES]}


def get_received(trace_id: str, connection_id: str) -> Received:
    """Return what the provider said in a sign-in of this connection.

    Raises:
        NotFound: there is no such sign-in here, or it ended before the provider had proved anybody.
    """
    trace = db.session.scalar(
        select(SignInTrace).where(SignInTrace.id == trace_id, SignInTrace.connection_id == connection_id)
    )
    parts = list_parts(trace) if trace is not None else []
    found = next((part.received for part in reversed(parts) if part.request == "callback" and part.received), None)
    if found is None:
        raise NotFound(f"nothing received in {trace_id[:60]!r}")
    return read_received(found)


def read_received(stored: Mapping[str, Any]) -> Received:
    """Return what `redact` made."""
    attributes = {name: tuple(values) for name, values in stored["attributes"].items()}
    return Received(attributes, frozenset(stored["left_out"]))


def _is_secret(name: str, values: tuple[str, ...]) -> bool:
    tail = name.rstrip("/").rsplit("/", 1)[-1]
    words = [word.lower() for word in _WORD.findall(tail)]
    pairs = {one + other for one, other in pairwise(words)}  # api_key and apiKey
    return not _SECRET_WORDS.isdisjoint({*words, *pairs}) or any(_SECRET_VALUE.search(value) for value in values)


def _is_storable(name: str, values: tuple[str, ...]) -> bool:
    """PostgreSQL's JSON holds no NUL and no half of a surrogate pair."""
    return not any("\0" in text or any(0xD800 <= ord(char) < 0xE000 for char in text) for text in (name, *values))
