"""What ends an operator's way in, as data: the room does it, the page says what ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.access.operators import Invitations, disable_operator
from app.audit import Actor
from app.console.acts.act import Extra
from app.translations import marked

#: Returns the one-time link where the act makes one.
Do = Callable[[Invitations, str, Actor, datetime], str | None]

#: Who does any of this proves again who they are, however fresh their sign-in is.
PROOF = Extra("password", "password", marked("Your own password"), "So that nobody does this at a desk you left.")


@dataclass(frozen=True, slots=True)
class OperatorAct:
    """One act on an operator. Texts are message ids, as those of `app.console.acts`.

    Args:
        path: below the operator's own.
        active_only: whether it is offered for those alone who may sign in.
    """

    path: str
    title: str
    ends: tuple[str, ...]
    button: str
    do: Do
    active_only: bool = True
    mild: bool = False


def _disable(invitations: Invitations, email: str, actor: Actor, now: datetime) -> None:
    disable_operator(email, actor=actor, now=now)


def _reset(invitations: Invitations, email: str, actor: Actor, now: datetime) -> str:
    return invitations.reset_second_factor(email, actor=actor, now=now)


ACTS = (
    OperatorAct(
        "disable",
        marked("Disable %(name)s"),
        (
            "%(email)s cannot sign in to the console any more, and every session of theirs ends at once.",
            "Mail to operators does not reach them any more. What they did stays in the audit log under their name.",
            "A new invitation lets them in again, with a new password and a new second factor.",
        ),
        marked("Disable this operator"),
        _disable,
    ),
    OperatorAct(
        "reset",
        marked("Reset the second factor of %(name)s"),
        (
            "Authenticator app, recovery codes and password of %(email)s count for nothing from this moment, and every "
            "session of theirs ends at once.",
            "You get a link that works once within a day, with which they choose new ones. Hand it over where you are sure "
            "who it is.",
        ),
        marked("Reset the second factor"),
        _reset,
    ),
)
