"""What a simulator process is told: which identity providers it plays, and for whom.

The JSON form is

    {"base_url": "http://idp.localhost:8001", "admin_token": "...",
     "idps": [{"id": "halden", "profile": "okta-saml", "label": "Halden Freight", "domain": "haldenfreight.example",
               "persons": [{"username": "...", "given_name": "...", "family_name": "...", "email": "..."}],
               "applications": [...], "behaviour": {"clock_offset_s": -600}}]}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from portico_simulator.people import Person, parse_person

Signed = Literal["assertion", "response", "both", "none"]

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,40}")


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Where one identity provider leaves the habits of its vendor.

    Args:
        clock_offset_s: added to every time it writes; negative is a slow clock.
        signed: overrides which SAML elements are signed.
        encrypt: encrypts SAML assertions to the application's certificate.
        fail_with: a SAML status (last segment of its URN) or an OAuth error code, answered instead of an identity.
        fail_message: goes with it.
    """

    clock_offset_s: int = 0
    signed: Signed | None = None
    encrypt: bool = False
    fail_with: str | None = None
    fail_message: str = ""


@dataclass(frozen=True, slots=True)
class IdpConfig:
    """One identity provider. `id` is the first segment of all its paths; `domain` is the customer's."""

    id: str
    profile: str
    label: str
    domain: str
    persons: tuple[Person, ...]
    applications: tuple[Mapping[str, Any], ...] = ()
    behaviour: Behaviour = field(default_factory=Behaviour)


@dataclass(frozen=True, slots=True)
class SimulatorConfig:
    """A whole process.

    Args:
        base_url: how browsers and servers reach it, without a trailing slash.
        admin_token: bearer token for registering applications; None closes registration.
    """

    base_url: str
    idps: tuple[IdpConfig, ...]
    admin_token: str | None = field(default=None, repr=False)


def parse_config(raw: Mapping[str, Any]) -> SimulatorConfig:
    """Return the typed configuration. Raises ValueError, KeyError or TypeError that name what is wrong."""
    idps = tuple(_parse_idp(entry) for entry in raw["idps"])
    if len({idp.id for idp in idps}) != len(idps):
        raise ValueError("two identity providers have the same id")
    return SimulatorConfig(raw["base_url"].rstrip("/"), idps, raw.get("admin_token") or None)


def _parse_idp(raw: Mapping[str, Any]) -> IdpConfig:
    if not _ID.fullmatch(raw["id"]):
        raise ValueError(f"not an id: {raw['id']!r}")
    return IdpConfig(
        id=raw["id"],
        profile=raw["profile"],
        label=raw.get("label", raw["id"]),
        domain=raw.get("domain", f"{raw['id']}.example"),
        persons=tuple(parse_person(raw["id"], person) for person in raw["persons"]),
        applications=tuple(raw.get("applications", ())),
        behaviour=Behaviour(**raw.get("behaviour", {})),
    )
