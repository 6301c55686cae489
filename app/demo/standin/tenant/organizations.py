"""The tenant's organizations: who is a member, which connections lead in, which domains find them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Record = dict[str, Any]


@dataclass(slots=True)
class Organization:
    """An Auth0 organization.

    Args:
        record: `id`, `name`, `display_name`, `metadata` and so on, as the API gives them.
        connections: by connection id: `assign_membership_on_login`, `show_as_button`, `is_signup_enabled`.
        members: ids of users, in the order in which they came.
        domains: discovery domains by id.
    """

    record: Record
    connections: dict[str, Record] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)
    domains: dict[str, Record] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """`org_` and sixteen characters."""
        return str(self.record["id"])

    @property
    def name(self) -> str:
        """The name in URLs and tokens."""
        return str(self.record["name"])

    @property
    def metadata(self) -> Mapping[str, str]:
        """Up to 25 texts; `portico_org` says which customer of Portico it stands for."""
        return dict(self.record.get("metadata") or {})


class Organizations:
    """All of them."""

    def __init__(self) -> None:
        self._by_id: dict[str, Organization] = {}

    def add(self, record: Record) -> Organization:
        """Add an organization with this record."""
        organization = Organization(record)
        self._by_id[organization.id] = organization
        return organization

    def find(self, id_or_name: str) -> Organization | None:
        """Return the organization with this id or name."""
        return self._by_id.get(id_or_name) or next((o for o in self if o.name == id_or_name), None)

    def remove(self, organization_id: str) -> None:
        """Remove it with everything it has."""
        self._by_id.pop(organization_id, None)

    def forget_connection(self, connection_id: str) -> None:
        """Remove a connection that is gone from every organization."""
        for organization in self:
            organization.connections.pop(connection_id, None)

    def forget_user(self, user_id: str) -> None:
        """Remove a user who is gone from every organization; nobody inherits the memberships."""
        for organization in self:
            organization.members.pop(user_id, None)

    def __iter__(self) -> Iterator[Organization]:
        return iter(self._by_id.values())
