"""The catalogue: every operation there is, in the order of the reference."""

from __future__ import annotations

from app.management import (
    adapters,
    api_keys,
    audit_events,
    auth0_imports,
    auth0_moves,
    branding,
    claims_preview,
    clients,
    connections,
    contacts,
    domains,
    drafts,
    metadata,
    notices,
    organizations,
    profile_attributes,
    role_choices,
    role_rules,
    setup_links,
    sign_ins,
)
from app.management.operation import Operation

#: What each noun is, as a heading.
TITLES = {
    "client": "Clients",
    "organization": "Organizations",
    "branding": "Branding",
    "contact": "Contacts",
    "domain": "Domains",
    "setup-link": "Setup links",
    "connection": "Connections",
    "profile-attribute": "Profile attributes",
    "role-rule": "Role rules",
    "role-choices": "Role choices",
    "metadata": "Metadata",
    "adapter": "Adapters",
    "sign-in": "Sign-ins",
    "auth0-import": "Imported connections",
    "auth0-move": "Moves",
    "notice": "Notices",
    "audit-event": "Audit events",
    "api-key": "API keys",
}

OPERATIONS: tuple[Operation, ...] = (
    *clients.OPERATIONS,
    *organizations.OPERATIONS,
    *branding.OPERATIONS,
    *contacts.OPERATIONS,
    *domains.OPERATIONS,
    *setup_links.OPERATIONS,
    *connections.OPERATIONS,
    *drafts.OPERATIONS,
    *claims_preview.OPERATIONS,
    *profile_attributes.OPERATIONS,
    *role_rules.OPERATIONS,
    *role_choices.OPERATIONS,
    *metadata.OPERATIONS,
    *adapters.OPERATIONS,
    *sign_ins.OPERATIONS,
    *auth0_imports.OPERATIONS,
    *auth0_moves.OPERATIONS,
    *notices.OPERATIONS,
    *audit_events.OPERATIONS,
    *api_keys.OPERATIONS,
)
