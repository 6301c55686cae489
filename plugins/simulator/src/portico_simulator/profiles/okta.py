"""Okta: both elements signed, the registered address only, one certificate at a time; the organization's own issuer.

`http` in the entity ID is Okta's. Its ID token has everything, groups too, of which it sends a hundred at most.
"""

from datetime import timedelta

from portico_simulator.profiles.oidc import OidcProfile, ReleasedClaim
from portico_simulator.profiles.saml import SamlProfile
from portico_simulator.profiles.saml_habits import (
    EncryptionHabits,
    MetadataHabits,
    ReleasedAttribute,
    Requests,
    Writing,
)
from portico_simulator.profiles.spec import EMAIL_ADDRESS, UNSPECIFIED, VendorError

_UNSPECIFIED_NAME = "urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified"
_NOT_ASSIGNED = VendorError("", "User is not assigned to this application.", "not_assigned", "page", http=403)

OKTA_SAML = SamlProfile(
    key="okta-saml",
    vendor="Okta",
    entity_id="http://www.okta.com/exk{app_id}",
    sso_path="/app/portico/exk{app_id}/sso/saml",
    metadata_path="/app/exk{app_id}/sso/saml/metadata",
    signed="both",
    attributes=(
        ReleasedAttribute("email", "email", _UNSPECIFIED_NAME),
        ReleasedAttribute("firstName", "given_name", _UNSPECIFIED_NAME),
        ReleasedAttribute("lastName", "family_name", _UNSPECIFIED_NAME),
        ReleasedAttribute("userId", "okta_id", _UNSPECIFIED_NAME),
        ReleasedAttribute("groups", "groups", _UNSPECIFIED_NAME),
    ),
    publishes_next=False,
    writing=Writing(prefixes=("saml2p", "saml2"), id_prefix="id", issuer_format=True),
    metadata=MetadataHabits(name_id_formats=(EMAIL_ADDRESS, UNSPECIFIED)),
    requests=Requests(acs_from_request=False, name_id_policy="strict"),
    encryption=EncryptionHabits(beside=True),
    errors=(
        _NOT_ASSIGNED,
        VendorError(
            "404", "There is no application with this audience in this organization.", "unknown_application", "page"
        ),
        VendorError("", "", "name_id_policy", status=("Requester", "InvalidNameIDPolicy")),
    ),
)

OKTA_OIDC = OidcProfile(
    key="okta-oidc",
    vendor="Okta",
    issuer="{base}",
    discovery_path="/.well-known/openid-configuration",
    authorize_path="/oauth2/v1/authorize",
    token_path="/oauth2/v1/token",  # noqa: S106 -- a path
    userinfo_path="/oauth2/v1/userinfo",
    jwks_path="/oauth2/v1/keys",
    logout_path="/oauth2/v1/logout",
    claims=(
        ReleasedClaim("name", "name", scope="profile"),
        ReleasedClaim("given_name", "given_name", scope="profile"),
        ReleasedClaim("family_name", "family_name", scope="profile"),
        ReleasedClaim("preferred_username", "username", scope="profile"),
        ReleasedClaim("email", "email", scope="email"),
        ReleasedClaim("groups", "groups", scope="groups", many=True, limit=100),
    ),
    constant_claims={"ver": "1", "idp": "00o{app_id}"},
    subject_source="okta_id",
    auth_methods=("client_secret_basic", "client_secret_post", "private_key_jwt"),
    publishes_next=True,
    code_lifetime=timedelta(minutes=5),
    email_verified=True,
    at_hash=True,
    amr=True,
    jti="ID.",
    extra_metadata={"request_parameter_supported": True},
    errors=(
        _NOT_ASSIGNED,
        VendorError("Policy evaluation failed", "no policy of this authorization server lets the client in."),
    ),
)
