"""A customer: the organization and the e-mail domains it owns. Knows nothing of connections and sign-ins."""

from app.organizations.domain_names import normalize_domain, parse_domain
from app.organizations.domain_owners import DomainOwner, find_domain_owner, has_verified_domain
from app.organizations.domains import (
    add_domain,
    get_domain,
    list_domains,
    move_domain,
    remove_domain,
)
from app.organizations.models import Domain, Organization
from app.organizations.organizations import (
    NewOrganization,
    OrganizationChanges,
    add_organization,
    change_organization,
    delete_organization,
    find_organization_by_selector,
    get_organization,
    list_organizations,
)

__all__ = [
    "Domain",
    "DomainOwner",
    "NewOrganization",
    "Organization",
    "OrganizationChanges",
    "add_domain",
    "add_organization",
    "change_organization",
    "delete_organization",
    "find_domain_owner",
    "find_organization_by_selector",
    "get_domain",
    "get_organization",
    "has_verified_domain",
    "list_domains",
    "list_organizations",
    "move_domain",
    "normalize_domain",
    "parse_domain",
    "remove_domain",
]
