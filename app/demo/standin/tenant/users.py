"""The tenant's users: one profile, one or more identities; a login through any of them is a login of the profile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.demo.standin.tenant.ids import spell_time

Record = dict[str, Any]

#: What belongs to the tenant, not to what upstream said.
OWN = frozenset({"user_id", "identities", "created_at", "updated_at", "last_login", "logins_count", "blocked"}) | {
    "app_metadata",
    "user_metadata",
}

#: What `set_user_root_attributes` is about.
_ROOT = frozenset({"name", "nickname", "given_name", "family_name", "picture"})


@dataclass(frozen=True, slots=True)
class Found:
    """A profile, and which of its identities was looked for."""

    record: Record
    position: int

    @property
    def primary(self) -> bool:
        """Whether it is the identity that gave the profile its id."""
        return self.position == 0


class Users:
    """All of them. `identities[0]` is the primary one; `user_id` is its provider and id, for ever."""

    def __init__(self) -> None:
        self._by_id: dict[str, Record] = {}

    def find(self, user_id: str) -> Record | None:
        """Return the profile with this id."""
        return self._by_id.get(user_id)

    def find_identity(self, provider: str, identity_id: str) -> Found | None:
        """Return the profile that has this identity, primary or not."""
        for record in self._by_id.values():
            for position, identity in enumerate(record["identities"]):
                if (identity["provider"], identity["user_id"]) == (provider, identity_id):
                    return Found(record, position)
        return None

    def add(self, user_id: str, connection: str, attributes: Mapping[str, Any], now: datetime) -> Record:
        """Return a new profile with one identity. `user_id` is `PROVIDER|ID`."""
        provider, _, identity_id = user_id.partition("|")
        identity = {"provider": provider, "user_id": identity_id, "connection": connection, "isSocial": False}
        own = {"user_id": user_id, "identities": [identity], "created_at": spell_time(now)}
        self._by_id[user_id] = dict(attributes) | own | {"updated_at": spell_time(now), "logins_count": 0}
        return self._by_id[user_id]

    def sign_in(
        self,
        user_id: str,
        connection: str,
        attributes: Mapping[str, Any],
        now: datetime,
        *,
        to_root: bool,
        root_attributes: str = "on_each_login",
    ) -> Record:
        """Return the profile of whoever signed in, made or brought up to date.

        Args:
            user_id: of the identity upstream proved; the profile may have another.
            to_root: what a secondary identity brings is written to the root of the profile, too.
            root_attributes: `on_each_login`, `on_first_login` or `never_on_login`, for name and picture.
        """
        provider, _, identity_id = user_id.partition("|")
        found = self.find_identity(provider, identity_id)
        if root_attributes == "never_on_login" or (root_attributes == "on_first_login" and found is not None):
            attributes = {name: value for name, value in attributes.items() if name not in _ROOT}
        if found is None:
            record = self.add(user_id, connection, attributes, now)
        else:
            record = found.record
            if not found.primary:
                record["identities"][found.position]["profileData"] = dict(attributes)
            if found.primary or to_root:
                record.update(attributes)
        record["updated_at"] = record["last_login"] = spell_time(now)
        record["logins_count"] += 1
        return record

    def link(self, primary: Record, secondary: Record) -> None:
        """Move the identities of `secondary` to `primary`; the secondary profile and its metadata are gone."""
        profile = {name: value for name, value in secondary.items() if name not in OWN}
        first, *others = secondary["identities"]
        primary["identities"] += [first | {"profileData": profile}, *others]
        del self._by_id[secondary["user_id"]]

    def unlink(self, record: Record, position: int, now: datetime) -> Record:
        """Take a secondary identity away; it becomes a profile of its own, which is returned."""
        identity = record["identities"].pop(position)
        user_id = f"{identity['provider']}|{identity['user_id']}"
        return self.add(user_id, identity["connection"], identity.get("profileData", {}), now)

    def merge_metadata(self, record: Record, app: Mapping[str, Any], user: Mapping[str, Any]) -> None:
        """Merge into both metadata on their first level; None removes a property."""
        for name, changes in (("app_metadata", app), ("user_metadata", user)):
            if changes:
                merged = record.get(name, {}) | dict(changes)
                record[name] = {key: value for key, value in merged.items() if value is not None}

    def remove(self, user_id: str) -> None:
        """Remove a profile with all its identities."""
        self._by_id.pop(user_id, None)

    def __iter__(self) -> Iterator[Record]:
        return iter(self._by_id.values())


def root_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what upstream said, of a profile: everything at its root that is not the tenant's own."""
    return {name: value for name, value in record.items() if name not in OWN}
