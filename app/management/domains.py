"""Domains of an organization: claimed, looked for in DNS, vouched for, moved."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from app.errors import Invalid, NotFound
from app.management.operation import Call, Operation
from app.management.paging import cut_page
from app.management.shapes import Page, Paging, Shape, Time
from app.organizations import (
    Domain,
    add_domain,
    check_domain,
    find_domain_owner,
    get_domain,
    get_organization,
    list_all_domains,
    list_domains,
    move_domain,
    normalize_domain,
    remove_domain,
)

READ, WRITE = "domains:read", "domains:write"
DomainName = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f]+$")]


class DomainIn(Shape):
    domain: DomainName
    """Any form; stored as A-label in lower case. It says nothing about its subdomains."""
    verified: bool = False
    """True means that you vouch for it; no DNS record is needed then."""


class DomainQuery(Paging):
    status: Literal["pending", "verified", "lapsed"] | None = None


class DnsAnswerOut(Shape):
    outcome: Literal["found", "not-found", "wrong-value", "doubled-zone", "servfail", "timeout", "no-zone"]
    """`doubled-zone`: the record is one level too deep, its panel appends the domain; `no-zone`: nobody serves it."""
    name: str
    server: str
    """Which name server said so; empty when none answered."""
    values: list[str]
    """What stands there."""


class DomainOut(Shape):
    id: str
    organization_id: str
    domain: str
    status: Literal["pending", "verified", "lapsed"]
    vouched: bool
    txt_name: str
    """Name of the TXT record that proves control of the domain."""
    txt_value: str
    verified_at: Time | None
    created_at: Time
    checked_at: Time | None
    """When DNS was asked last."""
    next_check_at: Time | None
    """When it is asked next; null: not by itself."""
    missed: int
    """Daily checks in a row that did not find the record; seven lapse the domain."""
    last_answer: DnsAnswerOut | None


def _show(row: Domain) -> DomainOut:
    answer = None if row.last_answer is None else DnsAnswerOut.model_validate(row.last_answer)
    facts = {name: getattr(row, name) for name in DomainOut.model_fields}
    return DomainOut.model_validate({**facts, "last_answer": answer})


def add(call: Call[DomainIn], organization_id: str) -> DomainOut:
    said = call.takes
    return _show(add_domain(organization_id, said.domain, vouched=said.verified, actor=call.actor, now=call.now))


def list_all(call: Call[Paging], organization_id: str) -> Page[DomainOut]:
    get_organization(organization_id)
    rows = [row for row in list_domains(organization_id) if row.domain > (call.takes.after or "")]
    return cut_page(rows, call.takes, _show, lambda row: row.domain)


def list_everywhere(call: Call[DomainQuery]) -> Page[DomainOut]:
    said = call.takes
    rows = list_all_domains(limit=said.limit + 1, after=said.after, status=said.status)
    return cut_page(rows, said, _show, lambda row: row.id)


def get(call: Call[Shape], organization_id: str, domain: str) -> DomainOut:
    return _show(get_domain(organization_id, domain))


def find(call: Call[Shape], domain: str) -> DomainOut:
    owner = find_domain_owner(domain)
    if owner is None:
        raise NotFound(f"nobody owns {domain[:80]!r}")
    return _show(get_domain(owner.organization_id, domain))


def check(call: Call[Shape], organization_id: str, domain: str) -> DomainOut:
    return _show(check_domain(organization_id, domain, call.rooms.ask_dns, actor=call.actor, now=call.now))


def move(call: Call[Shape], organization_id: str, domain: str) -> DomainOut:
    get_organization(organization_id)
    try:
        normalize_domain(domain)
    except Invalid:
        raise NotFound(f"nobody owns {domain[:80]!r}") from None
    return _show(move_domain(domain, organization_id, actor=call.actor, now=call.now))


def remove(call: Call[Shape], organization_id: str, domain: str) -> None:
    remove_domain(organization_id, domain, actor=call.actor, now=call.now)


ALL = "/organizations/{organization_id}/domains"
ONE = "/organizations/{organization_id}/domains/{domain}"

OPERATIONS = (
    Operation(("domain", "add"), "POST", ALL, WRITE, "Give an organization a domain", add, DomainIn, DomainOut, 201,
              "org-… --domain haldenfreight.example --verified"),
    Operation(("domain", "list"), "GET", ALL, READ, "List an organization's domains", list_all, Paging,
              Page[DomainOut]),
    Operation(("domain", "get"), "GET", ONE, READ, "Show a domain", get, gives=DomainOut),
    Operation(("domain", "list-all"), "GET", "/domains", READ, "List the domains of every organization", list_everywhere,
              DomainQuery, Page[DomainOut], example="--status pending"),
    Operation(("domain", "find"), "GET", "/domains/{domain}", READ, "Show a domain, whichever organization owns it", find,
              gives=DomainOut, example="haldenfreight.example"),
    Operation(("domain", "check"), "POST", ONE + "/check", WRITE,
              "Look for a domain's TXT record at once; found, the domain is verified", check, gives=DomainOut),
    Operation(("domain", "move"), "POST", ONE + "/move", WRITE,
              "Give a domain that another organization owns to this one, vouching for it", move, gives=DomainOut),
    Operation(("domain", "remove"), "DELETE", ONE, WRITE, "Take a domain from an organization", remove, status=204),
)  # fmt: skip
