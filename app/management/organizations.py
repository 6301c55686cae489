"""Organizations: a customer each."""

from __future__ import annotations

from typing import Annotated, Literal, cast

from pydantic import Field

from app.database import transaction
from app.errors import Invalid, Problem
from app.management.operation import Call, Operation
from app.management.paging import cut_page
from app.management.shapes import ABSENT, Line, Page, Paging, Patch, Shape, Time, Word
from app.organizations import (
    NewOrganization,
    Organization,
    OrganizationChanges,
    add_organization,
    change_organization,
    delete_organization,
    get_organization,
    list_organizations,
)
from app.signin.logout.by_operator import Whom, end_by_operator

READ, WRITE, SESSIONS = "organizations:read", "organizations:write", "sessions:write"


class Policy(Shape):
    """What an organization may decide about its sign-ins."""

    allow_unverified_email: bool = False
    """Whether an e-mail whose domain nobody verified passes, unverified, although the organization has verified ones."""
    max_session_s: Annotated[int, Field(ge=300, le=2_592_000)] | None = None
    """How long a session may last, in seconds after the identity provider answered; null leaves it to the provider. Goes
    to the application as `session_expiry`."""


Auth0Organization = Annotated[str, Field(max_length=64)]


class OrganizationIn(Shape):
    name: Line
    slug: Annotated[str, Field(max_length=63)] | None = None
    """Short name for URLs and `acr_values`; may not begin `org-`."""
    external_id: Word | None = None
    """The id that your own system uses for this customer."""
    policy: Policy = Policy()
    auth0_organization_id: Auth0Organization | None = None
    """The one Auth0 organization (`org_…`) that is this customer: nobody else's people get into it."""


class OrganizationPatch(Patch):
    name: Line = ABSENT
    slug: Annotated[str, Field(max_length=63)] | None = None
    external_id: Word | None = None
    auth0_organization_id: Auth0Organization | None = None
    status: Literal["active", "disabled"] = ABSENT
    """`disabled` refuses every sign-in of this organization at once, also those under way."""
    policy: Policy = ABSENT


class OrganizationQuery(Paging):
    search: Line | None = None
    """Part of the name, the slug or the external id."""


class EndSessionsIn(Shape):
    """Whose sessions end: say one of the three."""

    email: Annotated[str, Field(min_length=3, max_length=320)] | None = None
    """As the person's last sign-ins had it."""
    sub: Word | None = None
    """The person's `sub` in our tokens: the last part of the user id in Auth0."""
    everyone: bool = False
    """Everybody of the organization whom we remember."""


class EndSessionsOut(Shape):
    people: int
    sessions: int
    """Portico sessions that ended now; clients with a revocation address, such as Auth0, are told within seconds."""
    clients: int
    """How many clients are concerned."""


class OrganizationOut(Shape):
    id: str
    name: str
    slug: str | None
    external_id: str | None
    auth0_organization_id: str | None
    status: Literal["active", "disabled"]
    policy: Policy
    created_at: Time
    updated_at: Time


def _show(row: Organization) -> OrganizationOut:
    return OrganizationOut(
        id=row.id,
        name=row.name,
        slug=row.slug,
        external_id=row.external_id,
        auth0_organization_id=row.auth0_organization_id,
        status=cast(Literal["active", "disabled"], row.status),
        policy=Policy(**row.policy),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def create(call: Call[OrganizationIn]) -> OrganizationOut:
    said = call.takes
    new = NewOrganization(said.name, said.slug, said.external_id, said.policy.model_dump(), said.auth0_organization_id)
    return _show(add_organization(new, actor=call.actor, now=call.now))


def list_all(call: Call[OrganizationQuery]) -> Page[OrganizationOut]:
    said = call.takes
    rows = list_organizations(limit=said.limit + 1, after=said.after, search=said.search)
    return cut_page(rows, call.takes, _show, lambda row: row.id)


def get(call: Call[Shape], organization_id: str) -> OrganizationOut:
    return _show(get_organization(organization_id))


def change(call: Call[OrganizationPatch], organization_id: str) -> OrganizationOut:
    changes = cast(OrganizationChanges, call.takes.given)
    with transaction():
        before = dict(get_organization(organization_id).policy)
        row = change_organization(organization_id, changes, actor=call.actor, now=call.now)
        if row.policy != before:
            call.rooms.connections.announce_policy(organization_id, actor=call.actor, now=call.now)
    return _show(row)


def delete(call: Call[Shape], organization_id: str) -> None:
    delete_organization(organization_id, actor=call.actor, now=call.now)


def end_sessions(call: Call[EndSessionsIn], organization_id: str) -> EndSessionsOut:
    said = call.takes
    get_organization(organization_id)
    if sum((said.email is not None, said.sub is not None, said.everyone)) != 1:
        raise Invalid(Problem("email", "one-of", "Say one of email, sub and everyone."))
    whom = Whom(said.email, said.sub)
    ended = end_by_operator(call.rooms.journey, organization_id, whom, actor=call.actor, now=call.now)
    return EndSessionsOut(people=ended.people, sessions=ended.sessions, clients=ended.clients)


ALL, ONE = "/organizations", "/organizations/{organization_id}"

OPERATIONS = (
    Operation(("organization", "create"), "POST", ALL, WRITE, "Add a customer", create, OrganizationIn,
              OrganizationOut, 201, '--name "Halden Freight" --slug halden --external-id cust_1042'),
    Operation(("organization", "list"), "GET", ALL, READ, "List customers", list_all, OrganizationQuery,
              Page[OrganizationOut], example="--search halden"),
    Operation(("organization", "get"), "GET", ONE, READ, "Show a customer", get, gives=OrganizationOut),
    Operation(("organization", "update"), "PATCH", ONE, WRITE,
              "Change a customer; `disabled` refuses its sign-ins at once", change, OrganizationPatch,
              OrganizationOut, example="org-… --status disabled"),
    Operation(("organization", "end-sessions"), "POST", ONE + "/end-sessions", SESSIONS,
              "Sign people out, here and at the clients that can be told, such as Auth0", end_sessions, EndSessionsIn,
              EndSessionsOut, example="org-… --email ada@acme.com"),
    Operation(("organization", "delete"), "DELETE", ONE, WRITE, "Delete a customer that has no connections", delete,
              status=204),
)  # fmt: skip
