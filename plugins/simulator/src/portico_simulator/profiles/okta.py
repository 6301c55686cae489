"""Okta over SAML: both elements signed, five minutes either way, short attribute names, POST first in metadata."""

from portico_simulator.profiles.spec import EMAIL_ADDRESS, UNSPECIFIED, ReleasedAttribute, SamlProfile

_UNSPECIFIED_NAME = "urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified"

OKTA_SAML = SamlProfile(
    key="okta-saml",
    vendor="Okta",
    entity_id="http://www.okta.com/exk{app_id}",
    sso_path="/app/portico/exk{app_id}/sso/saml",
    metadata_path="/app/exk{app_id}/sso/saml/metadata",
    signed="both",
    name_id_formats=(EMAIL_ADDRESS, UNSPECIFIED),
    attributes=(
        ReleasedAttribute("email", "email", _UNSPECIFIED_NAME),
        ReleasedAttribute("firstName", "given_name", _UNSPECIFIED_NAME),
        ReleasedAttribute("lastName", "family_name", _UNSPECIFIED_NAME),
        ReleasedAttribute("groups", "groups", _UNSPECIFIED_NAME),
    ),
    acs_from_request=False,  # Okta answers to the address its administrator typed, whatever the request names
    strict_name_id_policy=True,
    unknown_application="404: there is no application with this audience in this Okta organization.",
    not_assigned="User is not assigned to this application.",
)
