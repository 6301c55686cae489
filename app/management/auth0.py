"""The trust with Auth0: set up, verified, kept in step, printed."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from app.auth0.auth0 import Auth0
from app.auth0.deciding import Typed
from app.auth0.pace import Patience
from app.auth0.plan import describe
from app.auth0.tenant import Credentials
from app.auth0.trust import find_trust, forget_credentials, get_trust
from app.errors import Invalid, Problem
from app.management.operation import Call, Operation
from app.management.shapes import Line, Shape, Time, Url, Word

READ, WRITE = "auth0:read", "auth0:write"

#: A request is answered within it: what a tenant's rate limit puts off further is done by the same call again.
PATIENCE = Patience(budget_s=15.0, at_most_s=20.0)

Domain = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^\x00-\x20\x7f]+$")]
Names = Annotated[list[Line], Field(max_length=500)]


class ConnectIn(Shape):
    domain: Domain | None = None
    """The tenant's own domain, such as acme.eu.auth0.com; not a custom one."""
    client_id: Word | None = None
    """Of a machine-to-machine application of the tenant; stored encrypted. Without it the stored one is used."""
    client_secret: Word | None = None
    applications: Names | None = None
    """Applications of the tenant whose people may come in: client ids or names."""
    organizations: Names | None = None
    """Auth0 organizations that get the connection: `org_…`, or `org_…=CUSTOMER` where it stands for one (id, slug or
    external id)."""
    custom_domains: Annotated[list[Domain], Field(max_length=20)] | None = None
    """Custom domains of the tenant. Left out, they are looked up where the credentials may."""
    connection_name: Annotated[str, Field(max_length=128)] | None = None
    """Part of every user's id in Auth0, and for ever: `portico` unless you need another."""
    auth_method: Literal["client_secret_post", "private_key_jwt"] | None = None
    claims_namespace: Url | None = None
    """Begins the name of each claim that the login Action sets; by default Portico's address."""
    discovery_domains: bool | None = None
    """Whether verified domains also become discovery domains of the customers' Auth0 organizations."""
    dry_run: bool = False
    """Say what would be changed, and change and store nothing."""


class StepOut(Shape):
    step: str
    title: str
    changes: list[dict[str, Any]]
    """What was (or would be) changed: path, wanted, found. Empty: it is as it should be."""
    last: dict[str, Any] | None = None
    """How the step ended last."""


class ConnectOut(Shape):
    done: bool
    """False for a dry run."""
    steps: list[StepOut]
    login_url: str | None
    """Tries the whole way from an application to a customer's provider; null without an application to try it with."""


class TrustOut(Shape):
    domain: str
    custom_domains: list[str]
    management_client_id: str | None
    """Of the credentials that are stored; null when there are none."""
    client_id: str | None
    """The tenant, as a client of Portico."""
    auth_method: str
    connection_id: str | None
    connection_name: str
    claims_namespace: str
    applications: list[str]
    organizations: list[str]
    discovery_domains: bool
    steps: dict[str, Any]
    domains: dict[str, Any] | None
    """How the domain aliases were when they were looked at last."""
    report: dict[str, Any] | None
    """The last answer of verify."""
    verified_at: Time | None
    created_at: Time
    updated_at: Time


class VerifyIn(Shape):
    new_baseline: bool = False
    """Take the tenant's connections of now as those that were there before, from here on."""


class ReportOut(Shape):
    ok: bool
    checked_at: str
    tenant: str
    connection: dict[str, Any]
    checks: list[dict[str, Any]]
    """Each with name, title, state (`ok`, `drift`, `unknown`), message, differences and facts."""
    domains: dict[str, Any] | None


class DomainsIn(Shape):
    dry_run: bool = False
    remove_foreign: bool = False
    """Also remove aliases that somebody else put into the connection; they are kept and reported otherwise."""


class DomainsOut(Shape):
    in_step: bool
    """Whether nothing had to be changed."""
    aliases: int
    """How many the connection has, or would have."""
    counts: dict[str, int]
    """Of each list below, which shows a thousand at most."""
    add: list[str]
    remove: list[str]
    foreign: list[str]
    beyond: list[str]
    """Domains that do not fit into Auth0's thousand: their applications send `connection=`, and Portico routes."""
    waiting: list[str]
    """Domains of customers without an active connection: Auth0 would send their people to a closed door."""


class PrintIn(Shape):
    format: Literal["json", "curl", "terraform"] = "json"


class PrintOut(Shape):
    format: str
    text: str


def read_typed(said: ConnectIn) -> Typed:
    """Return what was said, without credentials."""
    return Typed(
        domain=said.domain,
        custom_domains=said.custom_domains,
        connection_name=said.connection_name,
        auth_method=said.auth_method,
        claims_namespace=said.claims_namespace,
        applications=said.applications,
        organizations=said.organizations,
        discovery_domains=said.discovery_domains,
    )


def read_credentials(said: ConnectIn) -> Credentials | None:
    """Return the credentials that were said. Raises Invalid: one without the other."""
    if (said.client_id is None) != (said.client_secret is None):
        missing = "client_id" if said.client_id is None else "client_secret"
        raise Invalid(Problem(missing, "required", "Client id and secret belong together."))
    return None if said.client_id is None else Credentials(said.client_id, str(said.client_secret))


def connect(call: Call[ConnectIn]) -> ConnectOut:
    said, auth0 = call.takes, call.rooms.auth0
    typed, credentials = read_typed(said), read_credentials(said)
    if said.dry_run:
        before = find_trust()
        planned = auth0.plan(typed, credentials, actor=call.actor, patience=PATIENCE)
        return show_connected(describe(planned, before.steps if before else {}), done=False, login_url=None)
    made = auth0.connect(typed, credentials, actor=call.actor, patience=PATIENCE)
    return show_connected(describe(made.steps, get_trust().steps), done=True, login_url=made.login_url)


def show_connected(steps: list[dict[str, Any]], *, done: bool, login_url: str | None) -> ConnectOut:
    """Return the answer of a plan or a run."""
    return ConnectOut(done=done, steps=[StepOut(**step) for step in steps], login_url=login_url)


def show(call: Call[Shape]) -> TrustOut:
    row = get_trust()
    same = {name: getattr(row, name) for name in TrustOut.model_fields if name not in ("domain", "domains")}
    return TrustOut.model_validate({**same, "domain": row.origin, "domains": row.domains_state})


def verify(call: Call[VerifyIn]) -> ReportOut:
    auth0 = call.rooms.auth0
    tenant = auth0.open_tenant(patience=PATIENCE)
    return ReportOut(**auth0.verify(tenant, actor=call.actor, new_baseline=call.takes.new_baseline))


def push_domains(call: Call[DomainsIn]) -> DomainsOut:
    auth0, said = call.rooms.auth0, call.takes
    tenant = auth0.open_tenant(patience=PATIENCE)
    pushed = auth0.push_domains(tenant, actor=call.actor, dry_run=said.dry_run, remove_foreign=said.remove_foreign)
    return DomainsOut(**pushed)


def print_trust(call: Call[PrintIn]) -> PrintOut:
    return PrintOut(format=call.takes.format, text=_auth0(call).print(Typed(), call.takes.format))


def forget(call: Call[Shape]) -> None:
    forget_credentials(actor=call.actor, now=call.now)


def _auth0(call: Call[Any]) -> Auth0:
    return call.rooms.auth0


ALL = "/auth0"

OPERATIONS = (
    Operation(("auth0", "connect"), "POST", ALL, WRITE,
              "Set up the trust, or put right what is not as it should be; again is safe", connect, ConnectIn,
              ConnectOut, example="--domain acme.eu.auth0.com --applications Ledgerline", writes=False),
    Operation(("auth0", "show"), "GET", ALL, READ, "Show the trust and its last report", show, gives=TrustOut),
    Operation(("auth0", "verify"), "POST", ALL + "/verify", WRITE,
              "Prove that the trust is what it should be, and that onboarding made no connection", verify, VerifyIn,
              ReportOut, writes=False),
    Operation(("auth0", "domains"), "POST", ALL + "/domains", WRITE,
              "Bring the domains that Auth0 sends here in step with those that customers own", push_domains, DomainsIn,
              DomainsOut, example="--dry-run", writes=False),
    Operation(("auth0", "print"), "GET", ALL + "/configuration", READ,
              "The trust as JSON, curl lines or Terraform, for whoever gives nobody credentials", print_trust, PrintIn,
              PrintOut, example="--format terraform"),
    Operation(("auth0", "forget"), "DELETE", ALL + "/credentials", WRITE, "Delete the stored credentials of the tenant",
              forget, status=204),
)  # fmt: skip
