"""What an administrator pastes to try claim rules on: a response or token whose makers nobody asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a pasted text says. Unverified: it may be shown and tried on rules, and is never an identity.

    Args:
        unverified_attributes: by name, as `ExternalIdentity.attributes` would have them after a sign-in.
        incomplete: names of attributes whose values the provider left out: unknown, not empty.
    """

    unverified_attributes: Mapping[str, tuple[str, ...]] = field(repr=False)
    incomplete: frozenset[str] = frozenset()


@runtime_checkable
class PasteReading(Protocol):
    """Capability `read_pasted`: reads what its provider sends, without a sign-in."""

    def read_pasted(self, text: str) -> Pasted:
        """Return what the text says. Pure; verifies nothing. Raises PasteError, nothing else.

        Args:
            text: at most 1 MiB, hostile: whatever somebody had on the clipboard.
        """
