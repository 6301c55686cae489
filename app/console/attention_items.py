"""The kinds of trouble on the overview, each as lines with the page where it is put right. Pure, but for adapters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from app.console.desk import Desk
from app.console.notice_words import WORDS
from app.console.step_words import name_of_step
from app.jobs import Trouble
from app.translations import Words, say

WARN_DAYS = 60
STUCK_AFTER = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the overview."""

    level: str
    title: str
    text: str
    when: datetime | None
    label: str
    path: str
    notice_id: str = ""


@dataclass(frozen=True, slots=True)
class Around:
    """What every kind of item is written with."""

    desk: Desk
    words: Words
    names: Mapping[str, str]

    def name_of(self, organization_id: str | None) -> str:
        if organization_id is None:
            return self.words("This installation")
        return self.names.get(organization_id, organization_id)


def of_what_was_cut(around: Around, most: int, noun: str) -> Item:
    words = around.words
    title = words("Only the first %(most)s of each kind are listed", most=words.number(most))
    where = {
        "connection": words("Connections"),
        "sign-in": words("Sign-ins"),
        "notice": words("Notices"),
        "domain": words("Domains"),
        "setup-link": words("Set-up links"),
    }[noun]
    return Item("warn", title, words("There is more under %(where)s.", where=where), None, "", "")


def of_adapters(around: Around, adapters: Sequence[Any]) -> Iterator[Item]:
    words = around.words
    for one in adapters:
        if one.state == "failed":
            title, text = words("An adapter does not load"), f"{one.distribution}. {one.reason}"
            yield Item("bad", title, text, None, words("Show adapters"), "/console/installation")


def of_jobs(around: Around, troubles: Sequence[Trouble]) -> Iterator[Item]:
    words = around.words
    late = [trouble for trouble in troubles if trouble.kind == "late"]
    if late:  # in one line: where no process runs, it is all of them
        title = words.many(
            "%(num)s background job is run by nobody", "%(num)s background jobs are run by nobody", len(late)
        )
        text = words("Start portico worker, or restart what hangs: %(jobs)s", jobs=", ".join(one.job for one in late))
        yield Item("bad", title, text, min(one.since for one in late), "", "")
    for one in troubles:
        if one.kind == "failing":
            title = words("A background job fails")
            text = words(
                "%(job)s. Tries since it last succeeded: %(count)s. Last error: %(failure)s",
                job=one.job,
                count=words.number(one.tries),
                failure=one.failure,
            )
            yield Item("bad", title, text, one.since, "", "")
        elif one.kind == "unfinished":
            title = words("A background job does not come to its end")
            text = words(
                "%(job)s. Tries since it last succeeded: %(count)s", job=one.job, count=words.number(one.tries)
            )
            yield Item("bad", title, text, one.since, "", "")


def of_refusals(around: Around, denied: Sequence[Any], connections: Mapping[str, Any]) -> Iterator[Item]:
    words = around.words
    found: dict[str, list[Any]] = {}
    for row in denied:
        found.setdefault(row.connection_id, []).append(row)
    for connection_id, rows in found.items():
        connection = connections[connection_id]
        yield Item(
            "bad",
            words.many(
                "%(num)s sign-in refused in the last 24 hours",
                "%(num)s sign-ins refused in the last 24 hours",
                len(rows),
            ),
            words(
                "%(organization)s, %(connection)s. Last reason: %(code)s",
                organization=around.name_of(connection.organization_id),
                connection=connection.name,
                code=rows[0].code,
            ),
            rows[0].started_at,
            words("Show sign-ins"),
            f"/console/sign-ins?outcome=denied&connection_id={connection_id}",
        )


def of_notices(around: Around, rows: Sequence[Any]) -> Iterator[Item]:
    words = around.words
    for row in rows:
        said = WORDS[row.kind]
        if row.target.startswith("con-"):
            path = f"{_path(row.target)}{said.place}"
        elif row.organization_id:
            path = f"/console/organizations/{row.organization_id}/{said.place}"
            if said.names_it:
                path += f"#{row.target}"
        else:
            path = "/console/installation"
        text = around.name_of(row.organization_id)
        if about := row.facts.get(said.about):
            text = f"{text}, {about}"
        if row.count > 1:
            text = words("%(name)s, %(count)s times", name=text, count=words.number(row.count))
        yield Item(said.level, words(said.title), text, row.last_at, words(said.label), path, row.id)


def of_connections(around: Around, connections: Mapping[str, Any]) -> Iterator[Item]:
    words = around.words
    for connection in connections.values():
        if connection.status != "active":
            continue
        who = f"{around.name_of(connection.organization_id)}, {connection.name}"
        if not connection.adapter_available:
            text = words(
                "%(who)s. Every sign-in is refused: %(adapter)s is not loaded", who=who, adapter=connection.adapter
            )
            title, label = words("A connection's adapter is missing"), words("Show adapters")
            yield Item("bad", title, text, None, label, "/console/installation")
        yield from _endings(around.desk.now, connection, who, words, _labels(around, connection))


def _labels(around: Around, connection: Any) -> Mapping[str, str]:
    """What the adapter calls its secrets, where it is loaded."""
    if not connection.secret_expiries or not connection.adapter_available:
        return {}
    spec = around.desk.rooms.registry.get(connection.adapter, connection.distribution)
    return {one.name: say(one.label, around.words.language, connection.distribution) for one in spec.settings}


def _endings(now: datetime, connection: Any, who: str, words: Words, labels: Mapping[str, str]) -> Iterator[Item]:
    ends = [_time(one["not_after"]) for one in connection.settings.get("certificates") or [] if one["not_after"]]
    if ends and max(ends) <= now + timedelta(days=WARN_DAYS):  # else another certificate is there already
        days = (max(ends) - now).days
        title = words("Every certificate has ended")
        if days >= 0:
            title = words.many(
                "The last certificate ends in %(num)s day", "The last certificate ends in %(num)s days", days
            )
        path = f"{_path(connection.id)}#certificates"
        yield Item("bad" if days < 7 else "warn", title, who, max(ends), words("Show certificates"), path)
    for name, day in connection.secret_expiries.items():
        until = _time(f"{day}T23:59:59+00:00")
        days, label = (until - now).days, labels.get(name, name)
        if days <= WARN_DAYS:
            title = words("%(secret)s has ended", secret=label)
            if days >= 0:
                title = words.many(
                    "%(secret)s ends in %(num)s day", "%(secret)s ends in %(num)s days", days, secret=label
                )
            path = f"{_path(connection.id)}/settings"
            yield Item("bad" if days < 7 else "warn", title, who, until, words("Replace it"), path)


def of_domains(around: Around, rows: Sequence[Any]) -> Iterator[Item]:
    words = around.words
    for row in rows:
        text = words(
            "%(organization)s. The TXT record of %(domain)s was not found yet",
            organization=around.name_of(row.organization_id),
            domain=row.domain,
        )
        path = f"/console/organizations/{row.organization_id}/domains#{row.id}"
        yield Item("wait", words("Domain waits for its proof"), text, row.created_at, words("Show domain"), path)


def of_links(around: Around, rows: Sequence[Any]) -> Iterator[Item]:
    words = around.words
    for row in rows:
        moved = row.step_reached_at or row.opened_at
        if moved is not None and moved < around.desk.now - STUCK_AFTER:
            text = words.many(
                "%(organization)s. Link of %(contact)s, no step for %(num)s day",
                "%(organization)s. Link of %(contact)s, no step for %(num)s days",
                (around.desk.now - moved).days,
                organization=around.name_of(row.organization_id),
                contact=row.contact or words("nobody named"),
            )
            title = words("Set-up waits at its start")
            if row.step_reached:
                title = words("Set-up waits at “%(step)s”", step=name_of_step(row.step_reached, words))
            path = f"/console/organizations/{row.organization_id}/setup-links#{row.id}"
            yield Item("wait", title, text, moved, words("Show link"), path)


def _path(connection_id: str) -> str:
    return f"/console/connections/{connection_id}"


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
