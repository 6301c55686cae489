"""What Portico recorded of a sign-in, read through its management API and prepared for a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from app.demo.ledgerline.settings import Ledgerline
from app.demo.loopback import LoopbackHttp, Unreachable

#: The gateway's requests of one sign-in, as a person would name them.
REQUESTS = {
    "authorize": "Auth0 asks Portico",
    "email": "The person types an e-mail address",
    "callback": "The identity provider answers",
    "token": "Auth0 redeems the code",
    "userinfo": "Auth0 asks for userinfo",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the timeline. `start_ms` counts the gateway's own time, waiting left out."""

    name: str
    ok: bool
    start_ms: float
    spent_ms: float
    facts: Mapping[str, str]

    @property
    def title(self) -> str:
        """The name as words."""
        return self.name.replace("-", " ").capitalize()

    @property
    def summary(self) -> str:
        """What a step that went well found, in one line: what was received where something was compared."""
        if "received" in self.facts:
            return self.facts["received"]
        return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in self.facts.items())


@dataclass(frozen=True, slots=True)
class Part:
    """One request of the sign-in, with its steps. `waited_s` is how long nothing reached the gateway before it."""

    title: str
    at: datetime
    waited_s: float
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """A sign-in as the page shows it."""

    id: str
    outcome: str
    code: str
    email: str
    organization_id: str
    connection_id: str
    started_at: datetime
    ours_ms: float
    parts: tuple[Part, ...]

    @property
    def failure(self) -> Step | None:
        """The step that refused the sign-in: the last one that failed."""
        failed = [step for part in self.parts for step in part.steps if not step.ok]
        return failed[-1] if failed and self.outcome == "denied" else None


class Traces:
    """Reads traces with the demo's API key."""

    def __init__(self, app: Ledgerline, http: LoopbackHttp) -> None:
        self._app, self._http = app, http

    def get(self, trace_id: str) -> Trace | None:
        """Return a trace, or None where the gateway has none of this id or does not answer."""
        found = self._call(f"/sign-ins/{quote(trace_id, safe='')}")
        return make_trace(found, self._app.name) if found else None

    def latest(self, **wanted: str) -> str | None:
        """Return the id of the newest trace with these properties."""
        rows = self.recent(limit="1", **wanted)
        return rows[0]["id"] if rows else None

    def recent(self, **wanted: str) -> list[dict[str, Any]]:
        """Return the newest traces, without their steps."""
        found = self._call(f"/sign-ins?{urlencode(wanted)}")
        return list(found["items"]) if found else []

    def _call(self, path: str) -> Any:
        headers = {"Authorization": f"Bearer {self._app.portico_api_key}"}
        try:
            answer = self._http.request("GET", f"{self._app.portico_api}{path}", headers=headers)
            return answer.json() if answer.status == 200 else None
        except (Unreachable, ValueError):
            return None


def make_trace(raw: Mapping[str, Any], name_of: Callable[[str], str] = str) -> Trace:
    """Return the trace of an API answer, its steps grouped by request, with the time each took.

    `name_of` turns ids into names where it knows them.
    """
    parts: list[Part] = []
    ours_ms = 0.0
    previous_end: datetime | None = None
    for request, at, steps in _by_request(raw["steps"]):
        made = []
        last_ms = 0.0
        for step in steps:
            spent_ms = max(step["ms"] - last_ms, 0.0)
            facts = {name: name_of(str(value)) for name, value in step["facts"].items()}
            made.append(Step(step["name"], step["ok"], ours_ms + last_ms, spent_ms, facts))
            last_ms = step["ms"]
        ours_ms += last_ms
        moment = datetime.fromisoformat(at)
        waited_s = (moment - previous_end).total_seconds() if previous_end else 0.0
        parts.append(Part(REQUESTS.get(request, request), moment, max(waited_s, 0.0), tuple(made)))
        previous_end = moment
    return Trace(
        id=raw["id"],
        outcome=raw["outcome"],
        code=raw.get("code") or "",
        email=raw.get("email") or "",
        organization_id=raw.get("organization_id") or "",
        connection_id=raw.get("connection_id") or "",
        started_at=datetime.fromisoformat(raw["started_at"]),
        ours_ms=ours_ms,
        parts=tuple(parts),
    )


def _by_request(steps: list[dict[str, Any]]) -> list[tuple[str, str, list[dict[str, Any]]]]:
    groups: list[tuple[str, str, list[dict[str, Any]]]] = []
    for step in steps:
        if not groups or (groups[-1][0], groups[-1][1]) != (step["request"], step["at"]):
            groups.append((step["request"], step["at"], []))
        groups[-1][2].append(step)
    return groups
