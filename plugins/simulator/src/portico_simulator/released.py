"""What may be released about a person: the names that profiles use, and what each gives at one identity provider.

Every source gives a tuple of texts, empty where the person has no such value.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from portico_simulator.people import Person, stable_uuid

if TYPE_CHECKING:
    from portico_simulator.idp import Idp

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
Values = tuple[str, ...]


def base62(text: str, length: int = 17) -> str:
    """Return letters and digits that stand for the text, as Okta's identifiers have them."""
    number = int.from_bytes(hashlib.sha256(text.encode()).digest())
    return "".join(_BASE62[(number // 62**n) % 62] for n in range(length))


def values(idp: Idp[Any], person: Person, source: str) -> Values:
    """Return the person's values of one of SOURCES. Raises KeyError for any other name."""
    return tuple(value for value in SOURCES[source](idp, person) if value)


def _local(person: Person) -> str:
    return person.username.partition("@")[0]


def _digits(person: Person, length: int) -> str:
    return str(int.from_bytes(hashlib.sha256(person.id.encode()).digest()))[:length]


def _upn(idp: Idp[Any], person: Person) -> Values:
    """A guest's user principal name at Entra is made of the address at home and the name of the tenant."""
    if not person.guest:
        return (person.username,)
    tenant = idp.config.domain.partition(".")[0]
    return (f"{(person.email or person.username).replace('@', '_')}#EXT#@{tenant}.onmicrosoft.com",)


def _home(idp: Idp[Any], person: Person) -> Values:
    return (person.home if person.guest else idp.fill(idp.entity_name),)


def _sid(idp: Idp[Any], person: Person) -> str:
    number = int(stable_uuid("sid", idp.config.id)[:8], 16)
    return f"S-1-5-21-{number}-1004336348-1177238915-{1000 + int(person.id[:4], 16) % 60000}"


def _windows_account(idp: Idp[Any], person: Person) -> str:
    return f"{idp.config.domain.partition('.')[0].upper()}\\{_local(person)}"


def _flag(value: bool | None) -> str:
    return "" if value is None else str(value).lower()


SOURCES: Mapping[str, Callable[[Any, Person], Values]] = {
    "id": lambda idp, person: (person.id,),
    "username": lambda idp, person: (person.username,),
    "local_name": lambda idp, person: (_local(person),),
    "email": lambda idp, person: (person.email or "",),
    "given_name": lambda idp, person: (person.given_name,),
    "family_name": lambda idp, person: (person.family_name,),
    "name": lambda idp, person: (person.name,),
    "groups": lambda idp, person: person.all_groups,
    "group_ids": lambda idp, person: tuple(stable_uuid("group", group) for group in person.all_groups),
    "group_paths": lambda idp, person: tuple(f"/{group}" for group in person.all_groups),
    "roles": lambda idp, person: person.roles,
    "own_domain": lambda idp, person: () if person.guest else (idp.config.domain,),
    "tenant": lambda idp, person: (idp.names["tenant"],),
    "upn": _upn,
    "home": _home,
    "foreign_home": lambda idp, person: (person.home,) if person.guest else (),
    "foreign_email": lambda idp, person: (person.email or "",) if person.guest else (),
    "okta_id": lambda idp, person: ("00u" + base62(person.id),),
    "google_id": lambda idp, person: ("1" + _digits(person, 20),),
    "onelogin_id": lambda idp, person: (_digits(person, 9),),
    "sid": lambda idp, person: (_sid(idp, person),),
    "windows_account": lambda idp, person: (_windows_account(idp, person),),
    "scoped_name": lambda idp, person: (f"{_local(person)}@{idp.config.domain}",),
    "pairwise": lambda idp, person: (f"{base62(idp.config.id + person.id, 26).upper()}@{idp.config.domain}",),
    "affiliation": lambda idp, person: ("member", "staff"),
    "scoped_affiliation": lambda idp, person: tuple(f"{role}@{idp.config.domain}" for role in ("member", "staff")),
    "random": lambda idp, person: ("_" + idp.random(16).hex(),),
    "password_method": lambda idp, person: (
        "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/password",
        "http://schemas.microsoft.com/claims/multipleauthn",
    ),
    "domain_owner_verified": lambda idp, person: (_flag(person.domain_owner_verified),),
    "nothing": lambda idp, person: (),
}
