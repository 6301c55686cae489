"""The tenant's Actions: code, secrets that nobody can read again, versions, and the order in which they run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.demo.standin.tenant.ids import Random, make_uuid, spell_time

Record = dict[str, Any]
TRIGGERS = {"post-login": "v3"}


@dataclass(frozen=True, slots=True)
class Deployed:
    """What runs: a version is frozen when it is deployed, code and secrets alike."""

    action_id: str
    name: str
    code: str
    secrets: Mapping[str, str] = field(repr=False)


@dataclass(slots=True)
class Action:
    """An Action. `record` is what the API gives; secret values are beside it, never in it."""

    record: Record
    secrets: dict[str, str] = field(default_factory=dict, repr=False)
    deployed: Deployed | None = None
    reads_until_built: int = 0

    @property
    def id(self) -> str:
        """Its UUID."""
        return str(self.record["id"])


class Actions:
    """All of them, and what is bound to the post-login trigger."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._by_id: dict[str, Action] = {}
        self.bindings: list[Record] = []

    def add(self, record: Record, secrets: Mapping[str, str], now: datetime, reads_until_built: int = 0) -> Action:
        """Return a new Action with this name, code and so on; it is a draft."""
        whole: Record = {
            "id": make_uuid(self._random),
            "dependencies": [],
            "runtime": "node22",
            "created_at": spell_time(now),
            "installed_integration_id": None,
        } | record
        action = Action(whole, {}, None, reads_until_built)
        self._by_id[action.id] = action
        self.change(action, {}, secrets, now, reads_until_built)
        return action

    def change(
        self, action: Action, changes: Mapping[str, Any], secrets: Mapping[str, str] | None, now: datetime, reads: int
    ) -> None:
        """Change the draft; it has to be built and deployed before it runs. `secrets` None leaves them alone."""
        if secrets is not None:
            action.secrets = dict(secrets)
        action.reads_until_built = reads
        action.record.update(changes)
        action.record |= {
            "secrets": [{"name": name, "updated_at": spell_time(now)} for name in action.secrets],
            "status": "built" if reads == 0 else "pending",
            "all_changes_deployed": False,
            "updated_at": spell_time(now),
        }

    def read(self, action: Action) -> Record:
        """Return the record; building goes on meanwhile."""
        if action.reads_until_built:
            action.reads_until_built -= 1
            if action.reads_until_built == 0:
                action.record |= {"status": "built", "built_at": action.record["updated_at"]}
        return action.record

    def deploy(self, action: Action, now: datetime) -> Record:
        """Make the draft what runs; returns the version."""
        record = action.record
        number = record.get("deployed_version", {}).get("number", 0) + 1
        version = {name: record[name] for name in ("code", "dependencies", "runtime", "secrets", "supported_triggers")}
        version |= {"id": make_uuid(self._random), "action_id": action.id, "deployed": True, "number": number}
        version |= {"status": "built", "built_at": spell_time(now), "created_at": spell_time(now), "errors": []}
        record |= {"deployed_version": version, "all_changes_deployed": True}
        action.deployed = Deployed(action.id, record["name"], record["code"], dict(action.secrets))
        return version

    def bind(self, actions: list[tuple[Action, str]], now: datetime) -> None:
        """Run these, in this order and under these names, and no others. A binding that stays keeps its id."""
        known = {binding["action_id"]: binding for binding in self.bindings}
        fresh = {"trigger_id": "post-login", "created_at": spell_time(now)}
        self.bindings = [
            {"id": make_uuid(self._random)}
            | fresh
            | known.get(action.id, {})
            | {"action_id": action.id, "display_name": name, "updated_at": spell_time(now)}
            for action, name in actions
        ]

    def bound(self) -> tuple[Deployed, ...]:
        """Return what runs after a login, in order."""
        found = (self._by_id[binding["action_id"]].deployed for binding in self.bindings)
        return tuple(deployed for deployed in found if deployed is not None)

    def find(self, action_id: str) -> Action | None:
        """Return the Action with this id."""
        return self._by_id.get(action_id)

    def find_named(self, name: str) -> Action | None:
        """Return the Action with this name."""
        return next((action for action in self if action.record["name"] == name), None)

    def remove(self, action_id: str) -> None:
        """Remove it, and what bound it."""
        self._by_id.pop(action_id, None)
        self.bindings = [binding for binding in self.bindings if binding["action_id"] != action_id]

    def __iter__(self) -> Iterator[Action]:
        return iter(self._by_id.values())
