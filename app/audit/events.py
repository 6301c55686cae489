"""The closed vocabulary of audit events: `<subject>.<what happened>`, each with one sentence for the reference page."""

from __future__ import annotations

from enum import StrEnum


class EventName(StrEnum):
    """Every event that can be recorded. A name is never renamed or reused: exports and alerts rely on it."""

    description: str

    def __new__(cls, value: str, description: str) -> EventName:
        member = str.__new__(cls, value)
        member._value_ = value
        member.description = description
        return member

    ORGANIZATION_CREATED = "organization.created", "An organization was added."
    ORGANIZATION_CHANGED = "organization.changed", "An organization's name, slug, status or policy was changed."
    ORGANIZATION_DELETED = "organization.deleted", "An organization was removed, with everything that belonged to it."

    BRANDING_CHANGED = "branding.changed", "What an organization's people see of a brand was set or changed."
    BRANDING_DELETED = "branding.deleted", "An organization's people see the installation's own brand again."

    DOMAIN_ADDED = (
        "domain.added",
        "A domain was added to an organization, vouched for by an operator or still unproven.",
    )
    DOMAIN_VERIFIED = "domain.verified", "A domain was proven to belong to the organization."
    DOMAIN_LAPSED = "domain.lapsed", "The proof of a domain was missing for too long: its e-mail counts as unverified."
    DOMAIN_REMOVED = "domain.removed", "A domain was removed from an organization."
    DOMAIN_MOVED = "domain.moved", "An operator gave a domain to another organization."

    CONTACT_ADDED = "contact.added", "A contact was added to an organization."
    CONTACT_CHANGED = "contact.changed", "A contact's name, address or wishes were changed."
    CONTACT_REMOVED = "contact.removed", "A contact was removed from an organization."

    CONNECTION_CREATED = "connection.created", "A connection to an identity provider was added as a draft."
    CONNECTION_CHANGED = "connection.changed", "A connection's settings, domains, default or claim rules were changed."
    CONNECTION_ACTIVATED = "connection.activated", "A connection was opened for sign-ins; the details say if untested."
    CONNECTION_DEACTIVATED = "connection.deactivated", "A connection was closed for sign-ins."
    CONNECTION_RESTORED = "connection.restored", "A connection went back to the version before."
    CONNECTION_DELETED = "connection.deleted", "A connection was removed."
    CONNECTION_SUBJECT_FIXED = "connection.subject_fixed", "The source of a connection's subjects was set or changed."

    CONNECTION_DRAFT_CHANGED = (
        "connection.draft_changed",
        "The draft beside an active connection was made or changed; nobody signs in through it.",
    )
    CONNECTION_DRAFT_DISCARDED = "connection.draft_discarded", "The draft beside an active connection was thrown away."
    CONNECTION_DRAFT_ACTIVATED = (
        "connection.draft_activated",
        "The draft beside an active connection took its place; the details say if untested.",
    )
    CONNECTION_TESTED = "connection.tested", "Somebody tried a sign-in on a configuration; nobody was signed in by it."
    CONNECTION_KEYS_CHANGED = (
        "connection.keys_changed",
        "A key of our own side of a connection was published, put to use or removed.",
    )

    CONNECTION_IMPORTED = "connection.imported", "A connection of an Auth0 tenant was made a draft here."
    LEGACY_IDS_RECORDED = (
        "connection.legacy_ids_recorded",
        "Ids that people of an imported connection have in its Auth0 tenant were recorded, as hashes.",
    )
    LEGACY_IDS_SUSPENDED = (
        "connection.legacy_ids_suspended",
        "An imported connection tells old ids no more: whose word it takes was changed.",
    )
    LEGACY_IDS_CONFIRMED = (
        "connection.legacy_ids_confirmed",
        "An operator vouched for whose word an imported connection takes: old ids may be told again.",
    )
    ORGANIZATION_MOVED = (
        "organization.moved",
        "An organization went one step from its connections in an Auth0 tenant to those here, or back.",
    )

    SETUP_LINK_CREATED = "setup_link.created", "A link to the setup portal was made."
    SETUP_LINK_SENT = "setup_link.sent", "A link to the setup portal was mailed; an address from before is dead."
    SETUP_LINK_OPENED = "setup_link.opened", "A visit to the setup portal began with a link."
    SETUP_LINK_CODE_SENT = "setup_link.code_sent", "A visitor of the setup portal asked for the code by e-mail."
    SETUP_LINK_CODE_ENTERED = (
        "setup_link.code_entered",
        "A visitor of the setup portal entered a code; details say how it went.",
    )
    SETUP_LINK_LEFT = "setup_link.left", "A visit to the setup portal was ended by its visitor."
    SETUP_LINK_REQUESTED = "setup_link.requested", "Somebody with a link that is over asked for a new one."
    SETUP_LINK_REFUSED = "setup_link.refused", "A visitor of the setup portal asked for what the link does not open."
    SETUP_LINK_REVOKED = "setup_link.revoked", "A link to the setup portal was made useless at once."

    NOTICE_RESOLVED = "notice.resolved", "An operator closed a notice."

    CLIENT_CREATED = "client.created", "A client of the OpenID Provider was added."
    CLIENT_CHANGED = "client.changed", "A client's addresses, organizations or methods were changed."
    CLIENT_DELETED = "client.deleted", "A client was removed."
    CLIENT_SECRET_ADDED = "client.secret_added", "A client was given a further secret."
    CLIENT_SECRET_REVOKED = "client.secret_revoked", "A secret of a client was revoked."

    API_KEY_CREATED = "api_key.created", "A key of the management API was made."
    API_KEY_REVOKED = "api_key.revoked", "A key of the management API was revoked."

    OPERATOR_INVITED = "operator.invited", "A one-time link was made with which somebody becomes an operator."
    OPERATOR_ENROLLED = (
        "operator.enrolled",
        "Somebody used such a link: an operator was added, or has a new password and second factor.",
    )
    OPERATOR_SIGNED_IN = "operator.signed_in", "An operator signed in to the console; the details say by which factors."
    OPERATOR_REFUSED = "operator.refused", "A sign-in to the console was refused; the details say at which step."
    OPERATOR_SIGNED_OUT = "operator.signed_out", "An operator signed out of the console."
    OPERATOR_SESSION_ENDED = "operator.session_ended", "Sessions of an operator were ended."
    OPERATOR_PASSWORD_CHANGED = (
        "operator.password_changed",
        "An operator chose another password; the other sessions were ended.",
    )
    OPERATOR_SECOND_FACTOR_RESET = (
        "operator.second_factor_reset",
        "An operator's second factor and password were made worthless, sessions ended, and a one-time link made.",
    )
    OPERATOR_INVITATION_WITHDRAWN = "operator.invitation_withdrawn", "A one-time link for an operator was withdrawn."
    OPERATOR_DISABLED = "operator.disabled", "An operator was shut out, sessions included."

    SIGNING_KEY_CREATED = "signing_key.created", "The first key for an algorithm was made."
    SIGNING_KEY_ROTATED = (
        "signing_key.rotated",
        "The next signing key was published; the details say when it takes over.",
    )

    PROFILE_ATTRIBUTE_CREATED = "profile_attribute.created", "An attribute was added to every profile."
    PROFILE_ATTRIBUTE_CHANGED = (
        "profile_attribute.changed",
        "An attribute's type, or whether it is required, was changed.",
    )
    PROFILE_ATTRIBUTE_DELETED = "profile_attribute.deleted", "An attribute was removed from every profile."

    ROLE_RULE_CREATED = "role_rule.created", "A group of an organization, or everybody by default, was given a role."
    ROLE_RULE_CHANGED = "role_rule.changed", "A rule that gives a role by group was changed."
    ROLE_RULE_DELETED = "role_rule.deleted", "A rule that gives a role by group was removed."

    ROLE_CHOICES_CHANGED = (
        "role_choices.changed",
        "Which roles an organization's own administrators may give was changed.",
    )

    SIGN_IN_ALLOWED = "sign_in.allowed", "A person signed in through a connection."
    SIGN_IN_DENIED = "sign_in.denied", "A sign-in that reached a known connection was refused."

    SIGN_IN_INITIATED = (
        "sign_in.initiated",
        "A response that nobody asked for was checked and thrown away; the person may go on to the application.",
    )

    SESSION_ENDED = "session.ended", "Sessions of a person were ended; the details say by whom."
    LOGOUT_DENIED = "logout.denied", "A logout message that reached a known connection was refused."

    CLIENT_TOLD = "client.told", "A client was told to end everything of a person who was signed out."
    CLIENT_NOT_TOLD = (
        "client.not_told",
        "A client could not be told to end everything of a person who was signed out; nobody tries again.",
    )

    AUTH0_TRUST_CHANGED = "auth0.trust_changed", "What was decided of the trust with Auth0 was stored or changed."
    AUTH0_CREDENTIALS_FORGOTTEN = (
        "auth0.credentials_forgotten",
        "The stored credentials of the Auth0 tenant's Management API were deleted.",
    )
    AUTH0_TENANT_CHANGED = (
        "auth0.tenant_changed",
        "Something was made or changed in the Auth0 tenant; the details say in which step, and what.",
    )
    AUTH0_DOMAINS_PUSHED = (
        "auth0.domains_pushed",
        "Domain aliases of the connection in the Auth0 tenant were added or removed; the details say which.",
    )
    AUTH0_ORGANIZATION_BOUND = (
        "auth0.organization_bound",
        "An Auth0 organization was marked as belonging to a customer, or is not any more.",
    )

    AUDIT_ERASED = "audit.erased", "The personal fields of an event were erased; the event itself remains."
