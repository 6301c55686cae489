"""What a page of the portal gets and gives. Pages know no Flask: `views.py` reads requests and writes responses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.adapters import Registry
from app.errors import Invalid, NotFound, Problem
from app.management import Rooms
from app.portal.pace import Pace
from app.setup_links import Desk, SetupLinks, Visit
from app.signin.journey import Journey
from app.web.brand import Brands
from portico_sdk import AdapterSpec, FormPost, Redirect


@dataclass(frozen=True, slots=True)
class Portal:
    """The rooms that pages reach. One per process."""

    links: SetupLinks
    registry: Registry
    journey: Journey
    rooms: Rooms
    clock: Callable[[], datetime]
    base_url: str
    secure: bool
    brands: Brands
    documents: Pace = field(default_factory=Pace)


@dataclass(frozen=True, slots=True)
class Turn:
    """One request of a visit.

    Args:
        form: what was typed; the first value of each name.
        files: uploaded files by name, in memory.
        browser: of the cookie that binds a test sign-in to this browser.
        language: in which the visitor reads.
    """

    portal: Portal
    desk: Desk
    visit: Visit
    now: datetime
    form: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    browser: str | None = None
    language: str = "en"

    def spec(self, connection_id: str) -> AdapterSpec:
        """Return the adapter of a connection that the link opens. Raises NotFound where it is not installed."""
        row = self.desk.connection(connection_id, reading=True)
        found = self.portal.registry.find(row.adapter)
        if found is None or found.distribution != row.distribution:
            raise NotFound(f"{row.adapter} is not installed")
        return found.spec


@dataclass(frozen=True, slots=True)
class Shown:
    """A page. `problems` are shown in its summary and beside their fields, and make it a 422."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    status: int = 200


@dataclass(frozen=True, slots=True)
class Onward:
    """After a form: on to another page of ours."""

    path: str


@dataclass(frozen=True, slots=True)
class File:
    """A file to keep. `write` makes it in the visitor's language."""

    name: str
    mimetype: str
    write: Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Leaving:
    """Away to the identity provider, bound to this browser."""

    action: Redirect | FormPost
    browser: str


Answer = Shown | Onward | Leaving | File
Page = Callable[..., Answer]


def problems_of(error: Invalid) -> tuple[Problem, ...]:
    """Return the problems with the names that the form's fields have."""
    return tuple(Problem(p.field.removeprefix("settings."), p.code, p.message) for p in error.problems)
