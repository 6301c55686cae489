"""Telling a provider by the forms of its addresses: a hint that saves typing, never a proof of anything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Protocol, runtime_checkable

_LONGEST: Final = 2048
_DISCOVERY: Final = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class Clue:
    """What there is to go by. All of it unverified.

    Args:
        text: what somebody pasted: a metadata URL, an entity ID, an issuer or a discovery document's address.
        entity_id: of parsed metadata.
        endpoints: addresses of single sign-on services in it.
    """

    text: str = ""
    entity_id: str = ""
    endpoints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of one vendor's names and addresses: regular expressions that must match the whole.

    Args:
        entity_ids: entity IDs, or issuers of OpenID Connect.
        metadata_urls: where its metadata stands.
        sso_urls: addresses of single sign-on services.
    """

    entity_ids: tuple[str, ...] = ()
    metadata_urls: tuple[str, ...] = ()
    sso_urls: tuple[str, ...] = ()

    def fit(self, clue: Clue) -> bool:
        """Return whether any part of the clue has one of these forms."""
        text = clue.text.strip()
        anything = (*self.entity_ids, *self.metadata_urls, *self.sso_urls)
        return (
            _any(anything, text)
            or _any(self.entity_ids, text.removesuffix(_DISCOVERY))
            or _any(self.entity_ids, clue.entity_id)
            or any(_any(self.sso_urls, endpoint) for endpoint in clue.endpoints[:50])
        )


@runtime_checkable
class Recognizing(Protocol):
    """Capability `recognize`: knows its provider's addresses."""

    def recognize(self, clue: Clue) -> bool:
        """Return whether this is certainly its provider's. Pure; never raises; in doubt False."""


def _any(forms: tuple[str, ...], value: str) -> bool:
    return 0 < len(value) <= _LONGEST and any(re.fullmatch(form, value) for form in forms)
