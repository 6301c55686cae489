"""`/organizations/{id}/enabled_connections` and `/organizations/{id}/discovery-domains`."""

from __future__ import annotations

from app.demo.standin.management.call import Call, Record, Reply
from app.demo.standin.management.organizations import find
from app.demo.standin.management.paging import Pages, check_query
from app.demo.standin.management.payload import Shape, check_object
from app.demo.standin.management.refusals import ApiRefused, not_there
from app.demo.standin.tenant.ids import make_id
from app.demo.standin.tenant.organizations import Organization

_FLAGS: Shape = {"assign_membership_on_login": bool, "show_as_button": bool, "is_signup_enabled": bool}
_PAGES = Pages("enabled_connections")
_DOMAIN_PAGES = Pages("domains", lambda record: str(record["id"]))
_DOMAIN: Shape = {"status": ("pending", "verified"), "use_for_organization_discovery": bool}
_MOST_CONNECTIONS, _MOST_DOMAINS = 10, 100


def list_enabled(call: Call) -> Reply:
    """The connections by which people come in."""
    check_query(call.query, ("page", "per_page", "include_totals"))
    organization = find(call)
    shown = [_show(call, organization, connection_id) for connection_id in organization.connections]
    return Reply(_PAGES.give(call, shown))


def get_enabled(call: Call) -> Reply:
    """One of them."""
    organization = find(call)
    return Reply(_show(call, organization, _present(call, organization)))


def enable(call: Call) -> Reply:
    """Let a connection lead into the organization."""
    organization = find(call)
    body = check_object(call.body, {**_FLAGS, "connection_id": str}, ("connection_id",))
    connection = call.tenant.connections.find(body["connection_id"])
    if connection is None:
        raise not_there("connection", "inexistent_connection")
    if connection.id in organization.connections:
        raise ApiRefused(409, "The connection is already enabled for the organization", "connection_conflict")
    if len(organization.connections) >= _MOST_CONNECTIONS:
        raise ApiRefused(400, "The organization has reached the limit of 10 connections", "operation_not_supported")
    flags = {"assign_membership_on_login": False, "show_as_button": True, "is_signup_enabled": False}
    flags |= {name: value for name, value in body.items() if name in _FLAGS}
    _check_flags(flags, connection.strategy)
    organization.connections[connection.id] = flags
    return Reply(_show(call, organization, connection.id), 201)


def change_enabled(call: Call) -> Reply:
    """Change its flags; those that are not named stay."""
    organization = find(call)
    connection_id = _present(call, organization)
    connection = call.tenant.connections.find(connection_id)
    flags = organization.connections[connection_id] | check_object(call.body, _FLAGS)
    _check_flags(flags, connection.strategy if connection else "")
    organization.connections[connection_id] = flags
    return Reply(_show(call, organization, connection_id))


def disable(call: Call) -> Reply:
    """The connection leads into the organization no more. Its members stay."""
    organization = find(call)
    organization.connections.pop(call.path["connection_id"], None)
    return Reply(status=204)


def list_domains(call: Call) -> Reply:
    """Domains that find the organization from an e-mail address."""
    check_query(call.query, ("take", "from"))
    body = _DOMAIN_PAGES.give(call, list(find(call).domains.values()))
    return Reply(body if isinstance(body, dict) else {"domains": body})


def add_domain(call: Call) -> Reply:
    """A new one; a domain belongs to one organization of the tenant."""
    organization = find(call)
    body = check_object(call.body, {**_DOMAIN, "domain": str}, ("domain",))
    domain = body["domain"].lower()
    if any(entry["domain"] == domain for other in call.tenant.organizations for entry in other.domains.values()):
        raise ApiRefused(409, "The domain is already in use", "organization_discovery_domain_conflict")
    if len(organization.domains) >= _MOST_DOMAINS:
        raise ApiRefused(400, "The organization has reached the limit of 100 domains", "operation_not_supported")
    record: Record = {
        "id": make_id("orgdd_", call.tenant.random),
        "domain": domain,
        "status": body.get("status", "pending"),
        "use_for_organization_discovery": body.get("use_for_organization_discovery", True),
        "verification_txt": f"auth0-domain-verification={call.tenant.random(16).hex()}",
        "verification_host": f"_auth0-challenge.{domain}",
    }
    organization.domains[record["id"]] = record
    return Reply(record, 201)


def get_domain(call: Call) -> Reply:
    """One of them."""
    return Reply(_find_domain(call))


def change_domain(call: Call) -> Reply:
    """Whether it is verified, and whether it is used."""
    record = _find_domain(call)
    record |= check_object(call.body, _DOMAIN)
    return Reply(record)


def remove_domain(call: Call) -> Reply:
    """It finds the organization no more."""
    del find(call).domains[_find_domain(call)["id"]]
    return Reply(status=204)


def _present(call: Call, organization: Organization) -> str:
    connection_id = call.path["connection_id"]
    if connection_id not in organization.connections:
        raise not_there("connection", "inexistent_connection")
    return connection_id


def _check_flags(flags: Record, strategy: str) -> None:
    if flags["is_signup_enabled"] and (strategy != "auth0" or not flags["assign_membership_on_login"]):
        needs = "is_signup_enabled is for database connections with assign_membership_on_login"
        raise ApiRefused(400, needs, "operation_not_supported")


def _show(call: Call, organization: Organization, connection_id: str) -> Record:
    connection = call.tenant.connections.find(connection_id)
    about = {"name": connection.name, "strategy": connection.strategy} if connection else {}
    return {"connection_id": connection_id} | organization.connections[connection_id] | {"connection": about}


def _find_domain(call: Call) -> Record:
    domains = find(call).domains
    record = domains.get(call.path["domain_id"])
    if record is None:
        record = next((entry for entry in domains.values() if entry["domain"] == call.path["domain_id"]), None)
    if record is None:
        raise not_there("organization discovery domain", "inexistent_organization_discovery_domain")
    return record
