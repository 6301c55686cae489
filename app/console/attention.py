"""What needs an operator's attention, the most urgent first, each with the page where it is put right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import takewhile
from typing import Any

from app.console import attention_items as items
from app.console.attention_items import Around, Item
from app.console.desk import Desk
from app.jobs import Trouble
from app.organizations import list_organization_names
from app.translations import Words

MOST = 1_000  # of each kind that is looked at
PAGE = 200
LOOK_BACK = timedelta(hours=24)
_ORDER = {"bad": 0, "warn": 1, "wait": 2}


def list_attention(
    desk: Desk, words: Words, troubles: Sequence[Trouble] = (), *, organization_id: str = ""
) -> Sequence[Item]:
    """Return what needs attention, urgent things first; an item says so where there was more than could be looked at.

    Args:
        troubles: those of background work.
        organization_id: only what is about this one; empty: everything.
    """
    every = _Everything(desk, organization_id)
    around = Around(desk, words, every.list_names())
    adapters = [] if organization_id else desk.ask("adapter", "list", limit=PAGE).items
    found = [
        *items.of_adapters(around, adapters),
        *items.of_jobs(around, troubles),
        *items.of_refusals(around, every.denied, every.connections),
        *items.of_notices(around, every.notices),
        *items.of_connections(around, every.connections),
        *items.of_domains(around, every.domains),
        *items.of_links(around, every.links),
        *(items.of_what_was_cut(around, MOST, noun) for noun in every.cut),
    ]
    return sorted(found, key=lambda item: _ORDER[item.level])


class _Everything:
    """What is looked at, read in as many questions whether there are three organizations or three hundred."""

    def __init__(self, desk: Desk, organization_id: str) -> None:
        self._desk = desk
        self.cut: list[str] = []
        only = {"organization_id": organization_id} if organization_id else {}
        denied = self._read("sign-in", "list", outcome="denied", **only)
        lately = takewhile(lambda row: row.started_at > desk.now - LOOK_BACK, denied)
        if organization_id:
            connections = self._read("connection", "list-of", organization_id)
            domains = self._read("domain", "list", organization_id)
            links = self._read("setup-link", "list", organization_id)
        else:
            connections = self._read("connection", "list")
            domains = self._read("domain", "list-all", status="pending")
            links = self._read("setup-link", "list-all", open_only=True)
        self.connections = {row.id: row for row in connections}
        self.denied = [row for row in lately if row.connection_id in self.connections and row.purpose != "test"]
        self.notices = list(self._read("notice", "list", **only))
        self.domains = [row for row in domains if row.status == "pending"]
        self.links = [row for row in links if row.state == "open"]

    def list_names(self) -> Mapping[str, str]:
        """Return the names of every organization that any of it is about."""
        rows = (*self.connections.values(), *self.notices, *self.domains, *self.links)
        return list_organization_names({row.organization_id for row in rows if row.organization_id})

    def _read(self, noun: str, verb: str, *path: str, **filters: Any) -> Iterator[Any]:
        """Yield every row, page by page; after `MOST` of them `cut` gets the noun."""
        after: dict[str, str] = {}
        for _ in range(MOST // PAGE):
            page = self._desk.ask(noun, verb, *path, limit=PAGE, **filters, **after)
            yield from page.items
            if page.next is None:
                return
            after = {"after": page.next}
        self.cut.append(noun)
