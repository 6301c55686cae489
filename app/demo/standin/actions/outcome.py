"""What an Action decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.demo.standin.tenant.actions import Deployed


class ActionFailed(Exception):
    """An Action threw, ran too long, or could not be run at all: the login fails."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an Action asked for.

    Args:
        denied: the reason of `api.access.deny`; None where it let the person in.
        id_token, access_token: claims to add.
        primary_user_id: of `api.authentication.setPrimaryUser`.
        app_metadata, user_metadata: to be merged into the user's.
    """

    denied: str | None = None
    id_token: Mapping[str, Any] = field(default_factory=dict)
    access_token: Mapping[str, Any] = field(default_factory=dict)
    primary_user_id: str | None = None
    app_metadata: Mapping[str, Any] = field(default_factory=dict)
    user_metadata: Mapping[str, Any] = field(default_factory=dict)


class RunsActions(Protocol):
    """Runs one Action."""

    def run(self, action: Deployed, event: Mapping[str, Any]) -> Outcome:
        """Return what the Action decided about this event. Raises ActionFailed."""
