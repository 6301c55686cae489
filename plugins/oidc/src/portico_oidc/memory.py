"""Keeping what was parsed from a document for as long as the document stays the same."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Generic, TypeVar

from portico_sdk import Cache

T = TypeVar("T")


class Latest(Generic[T]):
    """Holds what the newest version of one document says, and nothing older.

    Keyed by content, so that a rotated key is seen at once and a server that changes its document all the time costs
    parsing, never memory. Assignment of one tuple is atomic: threads at worst parse twice.
    """

    def __init__(self) -> None:
        self._held: tuple[bytes, T] | None = None

    def get(self, body: bytes, parse: Callable[[bytes], T]) -> T:
        """Return `parse(body)`, at once when `body` is what was parsed last. Does not keep failures."""
        digest = sha256(body).digest()
        held = self._held
        if held is not None and held[0] == digest:
            return held[1]
        parsed = parse(body)
        self._held = (digest, parsed)
        return parsed


def parsed_once(cache: Cache, name: str, body: bytes, parse: Callable[[bytes], T]) -> T:
    """Return `parse(body)`, kept in the connection's cache under `name` while the content is the same."""
    latest: Latest[T] = cache.get_or_make(name, Latest)
    return latest.get(body, parse)
