"""A customer: the organization, its contacts and the e-mail domains it owns. Knows nothing of connections and sign-ins."""

from app.organizations.branding import (
    NewBranding,
    delete_branding,
    find_branding,
    get_logo,
    put_branding,
)
from app.organizations.contacts import (
    TOPICS,
    ContactChanges,
    NewContact,
    add_contact,
    change_contact,
    find_contact,
    find_language,
    get_contact,
    list_contacts,
    remove_contact,
)
from app.organizations.dns_answers import AskDns, DnsAnswer
from app.organizations.domain_checks import check_domain, check_due_domains
from app.organizations.domain_names import normalize_domain, parse_domain
from app.organizations.domain_owners import (
    DomainOwner,
    DomainStanding,
    OwnedDomain,
    find_domain_owner,
    find_domain_standing,
    list_owned_domains,
)
from app.organizations.domains import (
    add_domain,
    get_domain,
    list_all_domains,
    list_domains,
    move_domain,
    remove_domain,
)
from app.organizations.lapsed_domains import tell_lapsed
from app.organizations.looks import make_brands
from app.organizations.models import Branding, Contact, Domain, Organization
from app.organizations.organizations import (
    NewOrganization,
    OrganizationChanges,
    Selector,
    add_organization,
    change_organization,
    delete_organization,
    find_organization_by_selector,
    get_organization,
    list_auth0_organizations,
    list_organization_names,
    list_organizations,
)

__all__ = [
    "TOPICS",
    "AskDns",
    "Branding",
    "Contact",
    "ContactChanges",
    "DnsAnswer",
    "Domain",
    "DomainOwner",
    "DomainStanding",
    "NewBranding",
    "NewContact",
    "NewOrganization",
    "Organization",
    "OrganizationChanges",
    "OwnedDomain",
    "Selector",
    "add_contact",
    "add_domain",
    "add_organization",
    "change_contact",
    "change_organization",
    "check_domain",
    "check_due_domains",
    "delete_branding",
    "delete_organization",
    "find_branding",
    "find_contact",
    "find_domain_owner",
    "find_domain_standing",
    "find_language",
    "find_organization_by_selector",
    "get_contact",
    "get_domain",
    "get_logo",
    "get_organization",
    "list_all_domains",
    "list_auth0_organizations",
    "list_contacts",
    "list_domains",
    "list_organization_names",
    "list_organizations",
    "list_owned_domains",
    "make_brands",
    "move_domain",
    "normalize_domain",
    "parse_domain",
    "put_branding",
    "remove_contact",
    "remove_domain",
    "tell_lapsed",
]
