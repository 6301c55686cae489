"""What a simulator process is told: which identity providers it plays, and for whom.

The JSON form is

    {"base_url": "http://idp.localhost:8001", "admin_token": "...",
     "idps": [{"id": "halden", "profile": "okta-saml", "label": "Halden Freight", "domain": "haldenfreight.example",
               "persons": [{"username": "...", "given_name": "...", "family_name": "...", "email": "..."},
                           {"username": "...", ..., "behaviour": {"fail_with": "AADSTS50105"}}],
               "applications": [...], "behaviour": {"clock_offset_s": -600}}]}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from portico_simulator.behaviour import Behaviour, parse_behaviour
from portico_simulator.people import Person, parse_person

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,40}")


@dataclass(frozen=True, slots=True)
class IdpConfig:
    """One identity provider.

    Args:
        id: first segment of all its paths.
        domain: the customer's.
        behaviour: for everybody; what a person's own says counts more.
    """

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
        behaviour=parse_behaviour(raw.get("behaviour", {})),
    )
