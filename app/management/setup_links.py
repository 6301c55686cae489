"""Links with which a customer's administrator sets things up."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from app.management.operation import Call, Operation
from app.management.paging import cut_page
from app.management.shapes import Page, Paging, Shape, Time, Word
from app.organizations import get_organization
from app.setup_links import NewSetupLink, SetupLink
from app.translations import Language

READ, WRITE = "setup-links:read", "setup-links:write"

Feature = Literal["sso", "domains", "certificates"]


class SetupLinkIn(Shape):
    features: Annotated[list[Feature], Field(min_length=1, max_length=3)]
    """What it opens: connections, domains, or the renewal of certificates only."""
    connection_id: Word | None = None
    """The only connection that it opens; null: all of the organization, and new ones."""
    expires_in_s: Annotated[int, Field(ge=300, le=90 * 86_400)] = 7 * 86_400
    single_use: bool = False
    """Whether it opens once only."""
    contact: Annotated[str, Field(min_length=3, max_length=320)] | None = None
    """E-mail address; needed where it can touch an active connection, for the code that is asked then."""
    send: bool = False
    """Mail it to the contact."""
    language: Language | None = None
    """In which it is mailed, and a new contact written to from then on; null: the contact's own."""


class SetupLinkQuery(Paging):
    open_only: bool = False
    """Leave out those that are used, expired or revoked."""


class SetupLinkOut(Shape):
    id: str
    organization_id: str
    features: list[Feature]
    connection_id: str | None
    step: str | None
    """The only step that it opens, when a visitor passed it on to a colleague."""
    single_use: bool
    contact: str | None
    language: Language | None
    created_by: str
    parent_id: str | None
    """The link that it was passed on from."""
    state: Literal["open", "used", "expired", "revoked"]
    created_at: Time
    expires_at: Time
    sent_at: Time | None
    opened_at: Time | None
    step_reached: str | None
    step_reached_at: Time | None
    used_at: Time | None
    revoked_at: Time | None


class NewSetupLinkOut(SetupLinkOut):
    url: str
    """Shown once."""


def _facts(call: Call[Any], row: SetupLink) -> dict[str, object]:
    names = (name for name in SetupLinkOut.model_fields if name != "state")
    return {**{name: getattr(row, name) for name in names}, "state": row.state(call.now)}


def _show(call: Call[Any], row: SetupLink) -> SetupLinkOut:
    return SetupLinkOut.model_validate(_facts(call, row))


def create(call: Call[SetupLinkIn], organization_id: str) -> NewSetupLinkOut:
    new = NewSetupLink(**call.takes.model_dump())
    row, url = call.rooms.setup_links.add(organization_id, new, actor=call.actor, now=call.now)
    return NewSetupLinkOut.model_validate({**_facts(call, row), "url": url})


def list_all(call: Call[Paging], organization_id: str) -> Page[SetupLinkOut]:
    get_organization(organization_id)
    rows = call.rooms.setup_links.list(organization_id, limit=call.takes.limit + 1, after=call.takes.after)
    return cut_page(rows, call.takes, lambda row: _show(call, row), lambda row: row.id)


def list_everywhere(call: Call[SetupLinkQuery]) -> Page[SetupLinkOut]:
    said = call.takes
    open_at = call.now if said.open_only else None
    rows = call.rooms.setup_links.list(limit=said.limit + 1, after=said.after, open_at=open_at)
    return cut_page(rows, said, lambda row: _show(call, row), lambda row: row.id)


def get(call: Call[Shape], organization_id: str, setup_link_id: str) -> SetupLinkOut:
    return _show(call, call.rooms.setup_links.get(organization_id, setup_link_id))


def revoke(call: Call[Shape], organization_id: str, setup_link_id: str) -> SetupLinkOut:
    row = call.rooms.setup_links.revoke(organization_id, setup_link_id, actor=call.actor, now=call.now)
    return _show(call, row)


def resend(call: Call[Shape], organization_id: str, setup_link_id: str) -> NewSetupLinkOut:
    row, url = call.rooms.setup_links.resend(organization_id, setup_link_id, actor=call.actor, now=call.now)
    return NewSetupLinkOut.model_validate({**_facts(call, row), "url": url})


ALL = "/organizations/{organization_id}/setup-links"
ONE = ALL + "/{setup_link_id}"

OPERATIONS = (
    Operation(("setup-link", "create"), "POST", ALL, WRITE, "Make a link for a customer's administrator", create,
              SetupLinkIn, NewSetupLinkOut, 201,
              "org-… --features sso --features domains --contact mira@haldenfreight.example --send"),
    Operation(("setup-link", "list"), "GET", ALL, READ, "List links, never their addresses", list_all, Paging,
              Page[SetupLinkOut]),
    Operation(("setup-link", "list-all"), "GET", "/setup-links", READ, "List the links of every organization",
              list_everywhere, SetupLinkQuery, Page[SetupLinkOut], example="--open-only"),
    Operation(("setup-link", "get"), "GET", ONE, READ, "Show a link: sent, opened, how far its visitor came", get,
              gives=SetupLinkOut),
    Operation(("setup-link", "revoke"), "POST", ONE + "/revoke", WRITE,
              "Make a link and every visit by it useless at once", revoke, gives=SetupLinkOut),
    Operation(("setup-link", "resend"), "POST", ONE + "/resend", WRITE,
              "Give a link a new address and mail it to its contact; the old address is dead", resend,
              gives=NewSetupLinkOut),
)  # fmt: skip
