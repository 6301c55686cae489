"""The tenant's applications, and the machines that may call its Management API."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Application:
    """An application as a login sees it."""

    name: str
    client_id: str
    client_secret: str = field(repr=False)
    callbacks: tuple[str, ...] = ()
    logout_urls: tuple[str, ...] = ()
    organization_usage: str = "allow"
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine-to-machine application with a grant for the Management API."""

    client_id: str
    client_secret: str = field(repr=False)
    scopes: tuple[str, ...] = ()


class Applications:
    """All of them. Records have the API's shape."""

    def __init__(self) -> None:
        self.records: dict[str, Record] = {}
        self._machines: dict[str, Machine] = {}

    def add(self, application: Application, **more: Any) -> None:
        """Add an application; `more` are further properties of its record."""
        self.records[application.client_id] = {
            "client_id": application.client_id,
            "name": application.name,
            "client_secret": application.client_secret,
            "app_type": "regular_web",
            "is_first_party": True,
            "global": False,
            "callbacks": list(application.callbacks),
            "allowed_logout_urls": list(application.logout_urls),
            "grant_types": ["authorization_code", "refresh_token"],
            "organization_usage": application.organization_usage,
            "client_metadata": dict(application.metadata),
        } | more

    def add_machine(self, machine: Machine) -> None:
        """Add a machine, or give it other scopes."""
        self._machines[machine.client_id] = machine

    def find(self, client_id: str | None) -> Application | None:
        """Return the application with this client id."""
        record = self.records.get(client_id or "")
        if record is None:
            return None
        return Application(
            name=record["name"],
            client_id=record["client_id"],
            client_secret=record["client_secret"],
            callbacks=tuple(record.get("callbacks", ())),
            logout_urls=tuple(record.get("allowed_logout_urls", ())),
            organization_usage=record.get("organization_usage", "deny"),
            metadata=dict(record.get("client_metadata", {})),
        )

    def find_machine(self, client_id: str) -> Machine | None:
        """Return the machine with this client id."""
        return self._machines.get(client_id)

    def verify_machine(self, client_id: str, client_secret: str) -> Machine | None:
        """Return the machine whose credentials these are."""
        machine = self._machines.get(client_id)
        known = machine.client_secret if machine else ""
        fits = hmac.compare_digest(known.encode(), client_secret.encode())
        return machine if machine is not None and fits else None

    def __iter__(self) -> Iterator[Record]:
        return iter(self.records.values())
