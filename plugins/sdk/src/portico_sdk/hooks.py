"""The two hooks. pluggy registers and observes; it never decides a login."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from portico_sdk.events import SignInEvent
    from portico_sdk.spec import AdapterSpec

#: What pluggy calls the project; prefix of every hook.
PROJECT = "portico"
#: Where a distribution names its module.
ENTRY_POINT_GROUP = "portico.adapters"

#: Marks a hook's specification; for the gateway, not for plug-ins.
hookspec = pluggy.HookspecMarker(PROJECT)
#: Marks a plug-in's implementation of a hook.
hookimpl = pluggy.HookimplMarker(PROJECT)


class Hooks:
    """Every hook a distribution may implement, named by its project prefix."""

    @hookspec
    def portico_register_adapters(self) -> Iterable[AdapterSpec]:  # type: ignore[empty-body]
        """Return the adapters of this distribution.

        Called once at start-up. An exception, a key that another distribution owns or a contract of another major
        version disables the whole distribution; its connections then fail closed.
        """

    @hookspec
    def portico_observe(self, event: SignInEvent) -> None:
        """Take note of a finished sign-in.

        Called after the outcome is stored. An exception is counted and never reaches the person who signs in.
        """
