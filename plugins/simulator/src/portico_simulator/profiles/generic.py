"""Identity providers without a vendor's habits: what the specifications say, and nothing else."""

from datetime import timedelta

from portico_simulator.profiles.oidc import OidcProfile, ReleasedClaim
from portico_simulator.profiles.saml import SamlProfile
from portico_simulator.profiles.saml_habits import MetadataHabits, ReleasedAttribute, Requests, Window
from portico_simulator.profiles.spec import EMAIL_ADDRESS, PERSISTENT, UNSPECIFIED

_URI = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"

GENERIC_SAML = SamlProfile(
    key="generic-saml",
    vendor="SAML",
    entity_id="{base}/saml/metadata",
    sso_path="/saml/sso",
    metadata_path="/saml/metadata",
    slo_path="/saml/slo",
    name_id_format=PERSISTENT,
    name_id_source="id",
    attributes=(  # the object identifiers of eduPerson and X.500: mail, givenName, sn, displayName, isMemberOf
        ReleasedAttribute("urn:oid:0.9.2342.19200300.100.1.3", "email", _URI),
        ReleasedAttribute("urn:oid:2.5.4.42", "given_name", _URI),
        ReleasedAttribute("urn:oid:2.5.4.4", "family_name", _URI),
        ReleasedAttribute("urn:oid:2.16.840.1.113730.3.1.241", "name", _URI),
        ReleasedAttribute("urn:oid:1.3.6.1.4.1.5923.1.5.1.1", "groups", _URI),
    ),
    window=Window(session=timedelta(hours=8)),
    metadata=MetadataHabits(name_id_formats=(PERSISTENT, EMAIL_ADDRESS, UNSPECIFIED)),
    requests=Requests(bindings=("HTTP-Redirect", "HTTP-POST"), authn_context=True),
)

GENERIC_OIDC = OidcProfile(
    key="generic-oidc",
    vendor="OpenID Connect",
    issuer="{base}",
    discovery_path="/.well-known/openid-configuration",
    authorize_path="/oauth2/authorize",
    token_path="/oauth2/token",  # noqa: S106 -- a path
    userinfo_path="/oauth2/userinfo",
    jwks_path="/oauth2/jwks",
    logout_path="/oauth2/logout",
    claims=(
        ReleasedClaim("email", "email", scope="email"),
        ReleasedClaim("name", "name", scope="profile"),
        ReleasedClaim("given_name", "given_name", scope="profile"),
        ReleasedClaim("family_name", "family_name", scope="profile"),
        ReleasedClaim("preferred_username", "username", scope="profile"),
        ReleasedClaim("groups", "groups", scope="groups", many=True),
    ),
    email_verified=True,
    iss_parameter=True,
)
