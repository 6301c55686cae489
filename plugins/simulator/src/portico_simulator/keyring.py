"""The signing keys of one identity provider and their life: next one published, switched to, old one taken away."""

from __future__ import annotations

import threading
from collections.abc import Callable

from portico_simulator.keys import SigningKey


class Keyring:
    """Which keys are published, and which of them signs.

    Args:
        make: makes another key.
        count: keys at first.
        signs: which of them signs; the others are there because the vendor shows several.
        publishes_next: a new key is shown before it signs; otherwise it takes the place of the signing one at once.
    """

    def __init__(self, make: Callable[[str], SigningKey], *, count: int, signs: int, publishes_next: bool) -> None:
        self._make, self._publishes_next = make, publishes_next
        self._published = [make(f"signing {n + 1}") for n in range(count)]
        self._made = count
        self._signing = self._published[signs]
        self._previous: SigningKey | None = None
        self._unpublished: SigningKey | None = None
        self._lock = threading.Lock()

    @property
    def published(self) -> tuple[SigningKey, ...]:
        """The keys in metadata or JWKS, in their order."""
        return tuple(self._published)

    @property
    def signing(self) -> SigningKey:
        """The key that signs now."""
        return self._signing

    @property
    def unpublished(self) -> SigningKey:
        """A key that no document of this identity provider shows."""
        with self._lock:
            if self._unpublished is None:
                self._unpublished = self._make("signing, not published")
            return self._unpublished

    def take(self, step: str) -> None:
        """Go one step: `publish` the next key, `switch` to it, `retire` the old one.

        A vendor that does not publish ahead makes and shows its new key only when it switches. Raises ValueError for any
        other word, and for a step that has nothing to work on.
        """
        with self._lock:
            if step == "publish" and self._publishes_next:
                self._published.append(self._new())
            elif step == "switch":
                self._switch()
            elif step == "retire" and self._previous in self._published:
                self._published.remove(self._previous)
            else:
                raise ValueError(f"cannot {step}")

    def _switch(self) -> None:
        self._previous = self._signing
        if self._publishes_next:
            if self._published[-1] is self._signing:
                raise ValueError("there is no next key")
            self._signing = self._published[-1]
        else:
            self._signing = self._new()
            self._published[self._published.index(self._previous)] = self._signing

    def _new(self) -> SigningKey:
        self._made += 1
        return self._make(f"signing {self._made}")
