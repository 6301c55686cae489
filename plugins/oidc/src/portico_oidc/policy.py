"""What a vendor profile changes about the generic adapter: data, never code, and nothing that turns a check off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class OidcPolicy:
    """How one vendor's providers differ.

    Args:
        subject_claims: ID token claims that together name a person, for instance `tid` and `oid`; all must be there.
        matching_claims: ID token claim -> setting whose value it must equal; a claim or setting that is absent refuses.
        parameters: authorization parameter -> setting that it is taken from; lists are joined by blanks.
    """

    subject_claims: tuple[str, ...] = ("sub",)
    matching_claims: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(
        default_factory=lambda: {"acr_values": "acr_values", "domain_hint": "domain_hint"}
    )
