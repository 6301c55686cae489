"""What the application is configured with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to begin a sign-in on the first page.

    Args:
        id: part of its URL.
        customer: who it is for; an empty text for a way that is nobody's in particular.
        about: one line under it.
        people: whom to be, once there.
        parameters: what the application adds to Auth0's authorization request.
    """

    id: str
    customer: str
    about: str
    people: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ledgerline:
    """The application.

    Args:
        auth0: the tenant's base URL; its issuer has a slash more.
        claims_namespace: what the names of the login Action's claims begin with.
        portico_api: `/api/v1` of the gateway, with a key that may read traces: only so that the demo can show them.
    """

    base_url: str
    auth0: str
    client_id: str
    client_secret: str = field(repr=False)
    portico_api: str
    portico_api_key: str = field(repr=False)
    customers: tuple[Choice, ...]
    others: tuple[Choice, ...]
    names: Mapping[str, str]
    claims_namespace: str = ""

    @property
    def callback(self) -> str:
        """The redirect URI that the tenant knows."""
        return f"{self.base_url}/callback"

    def find_choice(self, id_: str) -> Choice | None:
        """Return the way with this id."""
        return next((choice for choice in (*self.customers, *self.others) if choice.id == id_), None)

    def name(self, id_: str | None) -> str:
        """Return the name behind an organization's or a connection's id, or the id."""
        return self.names.get(id_ or "", id_ or "")


def parse_ledgerline(raw: Mapping[str, Any]) -> Ledgerline:
    """Return the typed configuration. Raises KeyError or TypeError that say what is wrong."""
    fields = dict(raw)
    for name in ("customers", "others"):
        fields[name] = tuple(Choice(**entry) for entry in fields[name])
    return Ledgerline(**fields)
