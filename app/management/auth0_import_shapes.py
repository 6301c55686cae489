"""Shapes of the import of a tenant's connections."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from app.management.shapes import Shape, Time, Word

Ids = dict[Word, Word]


class ImportIn(Shape):
    tenant: Word
    """Domain of the tenant, such as acme.eu.auth0.com."""
    connections: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=500)]
    """As the tenant's Management API shows them, with `options`. Their metadata is fetched: a command has no time limit."""
    custom_domains: Annotated[list[Word], Field(max_length=20)] = Field(default=[])
    """Custom domains of the tenant whose /login/callback will lead to Portico."""
    organizations: Ids = Field(default={})
    """By name of the connection there: the organization here. Others get a new one."""
    vouch_domains: bool = False
    """Take your word that the domains that route people today are the customers'; else each waits for its TXT record."""
    idp_initiated_client_id: Word | None = None
    """The client to which people are sent who start at their provider."""
    legacy_prefixes: Ids = Field(default={})
    """By name of the connection there: how old ids begin, where it is not `strategy|name|`."""


class ImportCertificateOut(Shape):
    subject: str
    sha256: str
    not_before: str
    not_after: str


Verdict = Literal["nothing", "one-thing", "new-setup", "not-migratable"]


class ReportedConnection(Shape):
    name: str
    strategy: str
    source_id: str | None
    customer: str
    verdict: Verdict
    must_change: str
    """What the customer does, as a sentence for them."""
    outcome: Literal["planned", "created", "already", "skipped", "failed"]
    adapter: str | None
    carries: list[str]
    lost: list[str]
    confirm: list[str]
    """What you look at before you activate it."""
    notes: list[str]
    certificates: list[ImportCertificateOut]
    legacy_prefix: str | None
    legacy_source: str | None
    import_id: str | None
    organization_id: str | None
    connection_id: str | None
    service_provider: dict[str, str]


class ImportReportOut(Shape):
    tenant: str
    dry_run: bool
    customers: dict[str, int]
    """How many need to do nothing, one thing, a new set-up, or cannot be moved."""
    outcomes: dict[str, int]
    to_confirm: int
    connections: list[ReportedConnection]


class ImportOut(Shape):
    id: str
    name: str
    """Of the connection there."""
    strategy: str
    verdict: Verdict
    legacy_ids: Literal["told", "suspended", "none"]
    """`told`: during the dual run. `suspended`: whose word the connection takes was changed since you vouched for it."""
    connection_id: str
    organization_id: str
    tenant: str
    source_id: str | None
    must_change: str
    confirm: list[str]
    legacy_prefix: str | None
    legacy_source: str | None
    """The attribute or claim that old ids are made of."""
    suspended_at: Time | None
    suspended_for: str | None
    """The settings that were changed."""
    recorded_user_ids: int
    created_at: Time


class UsersIn(Shape):
    users: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=5000)]
    """As the tenant shows them: `user_id`, and `identities` with provider, user_id and connection."""


class RecordedOut(Shape):
    added: int
    known: int
    elsewhere: int
    """Users without an identity in this connection."""
    refused: int
    """Ids that are recorded for a connection of another organization."""


class LinkActionOut(Shape):
    code: str
    """JavaScript for the trigger post-login, behind the login Action; it knows who is in the dual run now."""
    connections: int
    """How many connections it links for."""
