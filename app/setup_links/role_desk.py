"""The part of the desk that is about roles by group: there only where operators listed what may be given."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from app.claims import ShownRule, give_role, list_deciding, list_role_choices, prefer_role, withdraw_role

if TYPE_CHECKING:
    from app.setup_links.desk import Desk


class RoleDesk:
    """What a visit may do about the roles of one connection's people. Made by the desk, whose scope holds here too."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._organization_id, self._actor = desk.visit.organization_id, desk.visit.actor

    def choices(self) -> tuple[str, ...]:
        """Return the roles that this customer may give; none where that is the operators' alone."""
        return list_role_choices(self._organization_id) if self._desk.may("sso") else ()

    def rules(self, connection_id: str) -> tuple[ShownRule, ...]:
        """Return the rules that decide about roles here, the deciding order first. Raises NotFound."""
        self._open(connection_id, reading=True)
        return list_deciding(self._organization_id, connection_id)

    def give(self, connection_id: str, group: str | None, role: str, *, now: datetime) -> None:
        """Give whoever is in a group a role, from the next sign-in on. Raises NotFound, CodeNeeded, Invalid, Conflict."""
        self._open(connection_id)
        give_role(self._organization_id, connection_id, group, role, actor=self._actor, now=now)

    def withdraw(self, connection_id: str, rule_id: str, *, now: datetime) -> None:
        """Take a rule of theirs away. Raises NotFound, CodeNeeded."""
        self._open(connection_id)
        withdraw_role(self._organization_id, connection_id, rule_id, actor=self._actor, now=now)

    def prefer(self, connection_id: str, rule_id: str, *, now: datetime) -> None:
        """Let a rule of theirs decide before the one above it. Raises NotFound, CodeNeeded."""
        self._open(connection_id)
        prefer_role(self._organization_id, connection_id, rule_id, actor=self._actor, now=now)

    def _open(self, connection_id: str, *, reading: bool = False) -> None:
        if not self.choices():
            self._desk.refuse(connection_id)
        self._desk.connection(connection_id, reading=reading)
