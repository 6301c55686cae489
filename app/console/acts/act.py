"""One act as data: what it does, to what, what ends by it, and how it is confirmed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

#: What the form and the path say to the operation.
Take = Callable[[Mapping[str, str], Mapping[str, str]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Extra:
    """A field beside the confirmation.

    Args:
        shown: whether the subject is one that it is asked for.
    """

    name: str
    kind: Literal["checkbox", "text", "password"]
    label: str
    hint: str = ""
    shown: Callable[[Any], bool] = lambda subject: True


@dataclass(frozen=True, slots=True)
class Act:
    """One act.

    Args:
        path: below /console. `GET` shows, `POST` does.
        subject: the operation that returns what the act is about; `about` names its parameters in the path.
        does: the operation that does it; `on` names its parameters in the path. Not given: all of them.
        title: a message id that may name what `names_of` knows, `Turn off %(name)s`; button is one, too.
        ends: sentences that say exactly what ends and what stays; likewise.
        back: where the page came from, and where one goes afterwards; parameters of the path in braces.
        then: where one goes afterwards, when not back.
        type_out: member of the subject that must be typed; empty: pressing the button is enough.
        fresh: whether it changes who is trusted: it needs a sign-in of the last half hour then.
        mild: whether it gives rather than takes: the button is not red.
        extras, take: further fields of the form, and what they say to the operation.
    """

    path: str
    subject: tuple[str, str]
    does: tuple[str, str]
    title: str
    ends: tuple[str, ...]
    button: str
    back: str
    about: tuple[str, ...] | None = None
    on: tuple[str, ...] | None = None
    then: str = ""
    type_out: str = ""
    fresh: bool = True
    mild: bool = False
    extras: tuple[Extra, ...] = ()
    take: Take = lambda said, path: {}


def is_confirmed(act: Act, subject: Any, typed: str) -> bool:
    """Whether what was typed is the name that must be typed; blanks around it do not count."""
    return not act.type_out or typed.strip() == str(getattr(subject, act.type_out)).strip()


def pick(path: Mapping[str, str], names: tuple[str, ...] | None) -> list[str]:
    """Return the path's parameters of these names; all of them when none are named."""
    return list(path.values()) if names is None else [path[name] for name in names]


def lead(path: str, names: Mapping[str, object]) -> str:
    """Return a path with the values of its parameters in it."""
    return path.format(**names)


def names_of(subject: Any, path: Mapping[str, str]) -> dict[str, object]:
    """Return what sentences may name: the subject's members, and the path's parameters where it has none of that name."""
    return {**path, **{name: getattr(subject, name) for name in type(subject).model_fields}}
