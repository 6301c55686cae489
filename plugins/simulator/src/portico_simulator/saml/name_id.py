"""Which NameID a person gets: the administrator's choice, the request's where the vendor obeys it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portico_simulator.idp import Idp
from portico_simulator.people import Person
from portico_simulator.profiles import SamlProfile
from portico_simulator.released import values

if TYPE_CHECKING:
    from portico_simulator.saml.request import AuthnRequest


@dataclass(frozen=True, slots=True)
class NameId:
    """A NameID. `format` None writes no Format; an empty value is a person without one."""

    format: str | None
    value: str


def choose_name_id(idp: Idp[SamlProfile], asked: AuthnRequest | None, person: Person) -> NameId | None:
    """Return the person's NameID, or None where no rule issues one."""
    profile, behaviour = idp.profile, idp.behaviour(person)
    name_format = profile.name_id_format if behaviour.name_id_format is None else behaviour.name_id_format or None
    source = profile.name_id_source if behaviour.name_id_source is None else behaviour.name_id_source
    wanted = asked.name_id_format if asked else None
    if wanted and profile.requests.name_id_policy == "obey":
        name_format, source = wanted, profile.requests.name_id_choices[wanted]
    if not source:
        return None
    return NameId(name_format, next(iter(values(idp, person, source)), ""))
