"""Normalization: from what an identity provider sent to the one Profile that Auth0 sees.

The rules and their explanation are pure functions; what operators add to every profile is stored here too.
"""

from app.claims.additions import CLAIM_PREFIX, NOTHING_ADDED, Additions, Attribute, GroupRole
from app.claims.attributes import (
    AttributeChanges,
    add_attribute,
    change_attribute,
    delete_attribute,
    get_attribute,
    list_attributes,
    load_attributes,
)
from app.claims.customer_roles import ShownRule, give_role, list_deciding, prefer_role, withdraw_role
from app.claims.defaults import DEFAULT_RULES
from app.claims.models import ProfileAttribute, RoleRule
from app.claims.normalize import Explained, explain, make_profile, missing_attributes, normalize
from app.claims.profile import Profile
from app.claims.role_choices import list_role_choices, set_role_choices
from app.claims.role_rules import (
    NewRoleRule,
    RoleRuleChanges,
    add_role_rule,
    change_role_rule,
    delete_role_rule,
    delete_role_rules_of,
    get_role_rule,
    list_role_rules,
    list_ruled_organizations,
    load_group_roles,
)
from app.claims.rules import check_customer_rules, dump_rules, merge_rules, parse_rules, parse_stored_rules
from app.claims.subject import make_sub
from app.memory import remember
from portico_sdk import ClaimRules

__all__ = [
    "CLAIM_PREFIX",
    "DEFAULT_RULES",
    "NOTHING_ADDED",
    "Additions",
    "Attribute",
    "AttributeChanges",
    "ClaimRules",
    "Explained",
    "GroupRole",
    "NewRoleRule",
    "Profile",
    "ProfileAttribute",
    "RoleRule",
    "RoleRuleChanges",
    "ShownRule",
    "add_attribute",
    "add_role_rule",
    "change_attribute",
    "change_role_rule",
    "check_customer_rules",
    "delete_attribute",
    "delete_role_rule",
    "delete_role_rules_of",
    "dump_rules",
    "explain",
    "get_attribute",
    "get_role_rule",
    "give_role",
    "list_attributes",
    "list_deciding",
    "list_role_choices",
    "list_role_rules",
    "list_ruled_organizations",
    "load_additions",
    "load_attributes",
    "load_group_roles",
    "make_profile",
    "make_sub",
    "merge_rules",
    "missing_attributes",
    "normalize",
    "parse_rules",
    "parse_stored_rules",
    "prefer_role",
    "set_role_choices",
    "withdraw_role",
]


def load_additions(organization_id: str, connection_id: str) -> Additions:
    """Return what operators added for this connection, as it is now."""
    attributes = remember("attributes", None, load_attributes)
    if organization_id not in remember("organizations with role rules", None, list_ruled_organizations):
        return Additions(attributes)
    key = (organization_id, connection_id)
    return Additions(attributes, remember("role rules", key, lambda: load_group_roles(organization_id, connection_id)))
