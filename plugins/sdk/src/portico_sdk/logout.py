"""Signing out: at the provider because the application asked, and here because the provider says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from portico_sdk.flow import AdapterContext, BeginResult, Callback, FormPost, Redirect


@dataclass(frozen=True, slots=True)
class LogoutDemand:
    """A verified message of the provider: these sessions are over. Only an adapter's `receive_logout` makes one.

    Args:
        name: whose sessions, as `ExternalIdentity.logout_name` has it; None when only `session_indexes` say.
        session_indexes: which of them, as `ExternalIdentity.session_index` has it; empty means all of `name`.
        replay_id: what makes this message unique. Empty means refusal.
        replay_until: until when the message could be shown again, clock skew included.
        answer: what `answer_logout` needs.
    """

    name: str | None
    session_indexes: tuple[str, ...]
    replay_id: str
    replay_until: datetime
    answer: Mapping[str, str] = field(default_factory=dict)


@runtime_checkable
class Logout(Protocol):
    """Capability `logout`. Sessions are the gateway's; the adapter speaks with the provider about them."""

    def begin_logout(self, context: AdapterContext, handle: str, logout_state: Mapping[str, str]) -> BeginResult | None:
        """Return where to send the browser so that the provider signs the person out; None when it cannot.

        Args:
            handle: as in `BeginRequest`; comes back as RelayState or state.
            logout_state: of the identity whose session ends.

        Raises SignInRefused or ProviderUnreachable.
        """

    def complete_logout(self, context: AdapterContext, callback: Callback) -> str:
        """Return "" when the provider confirmed, else in its words what it did not do. `callback.state` is never None.

        Raises SignInRefused: the answer is not the provider's, or not to what `begin_logout` sent.
        """

    def receive_logout(self, context: AdapterContext, callback: Callback) -> LogoutDemand:
        """Return what the provider demands, after every check. Raises SignInRefused.

        Does not remember replays: the gateway consumes `replay_id` in the transaction that ends the sessions.
        """

    def answer_logout(self, context: AdapterContext, demand: LogoutDemand) -> Redirect | FormPost | None:
        """Return how the browser takes our confirmation back; None where the protocol has none by browser."""
