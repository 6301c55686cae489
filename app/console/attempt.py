"""An operation that may be refused, and what a page says then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.errors import Conflict, Forbidden, Invalid, PorticoError, TooManyRequests

#: What a form cannot say about one of its fields.
WHOLE = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """A refusal that whoever sent the form can do something about.

    Args:
        problems: sentence by the name of the field; `WHOLE` for all of it.
    """

    problems: Mapping[str, str]
    status: int


def attempt(act: Callable[[], Any]) -> Any | Failed:
    """Return what the act gives, or what to say beside the form. Anything else it raises goes on its way."""
    try:
        return act()
    except Invalid as error:
        found = {name_of(problem.field): problem.message for problem in reversed(error.problems)}
        return Failed(found, error.status)
    except (Conflict, Forbidden, TooManyRequests) as error:
        return Failed({WHOLE: sentence_of(error)}, error.status)


def sentence_of(error: PorticoError) -> str:
    """Return what can be done about it, or what it is."""
    return error.hint or error.public


def name_of(path: str) -> str:
    """Return the form's field of a path such as `settings.sso_url` or `features[0]`."""
    name = path.split("[")[0]
    return name.removeprefix("settings.").removeprefix("policy.")
