"""Ping. PingOne over SAML: a NameID without Format, named once more as an attribute; the bare key in KeyInfo; a session of
five minutes. PingFederate: its own server, an entity ID of free choice.
"""

from dataclasses import replace
from datetime import timedelta

from portico_simulator.profiles.oidc import OidcProfile, ReleasedClaim
from portico_simulator.profiles.saml import SamlProfile
from portico_simulator.profiles.saml_habits import MetadataHabits, ReleasedAttribute, Requests, Window, Writing
from portico_simulator.profiles.spec import VendorError

_BASIC = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"
_FIVE = timedelta(minutes=5)
_SWITCHED_OFF = VendorError("", "The application is disabled, or you may not use it.", "not_assigned", "page", http=403)
_ADVERTISED = (
    "externalId",
    "account.canAuthenticate",
    "email",
    "name.given",
    "name.family",
    "username",
    "population.id",
)

PING_SAML = SamlProfile(
    key="ping-saml",
    vendor="PingOne",
    entity_id="https://auth.pingone.eu/{tenant}",
    sso_path="/{tenant}/saml20/idp/sso",
    metadata_path="/{tenant}/saml20/metadata/{app_id}",
    slo_path="/{tenant}/saml20/idp/slo",
    slo_bindings=("HTTP-Redirect", "HTTP-POST"),
    name_id_format=None,
    name_id_source="id",
    attributes=(
        ReleasedAttribute("saml_subject", "id", _BASIC),
        ReleasedAttribute("email", "email", _BASIC),
        ReleasedAttribute("givenName", "given_name", _BASIC),
        ReleasedAttribute("familyName", "family_name", _BASIC),
        ReleasedAttribute("groups", "groups", _BASIC),
    ),
    authn_context="urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified",
    window=Window(timedelta(minutes=-1), _FIVE, _FIVE, session=_FIVE),
    writing=Writing(id_prefix="id-", key_value=True, authority=True),
    metadata=MetadataHabits(
        name_id_formats=(), want_signed_requests=None, lists_attributes=tuple(f"user.{name}" for name in _ADVERTISED)
    ),
    errors=(_SWITCHED_OFF,),
)

PING_FEDERATE_SAML = replace(
    PING_SAML,
    key="pingfederate-saml",
    vendor="PingFederate",
    entity_id="pingfederate:{domain}",
    sso_path="/idp/SSO.saml2",
    metadata_path="/pf/federation_metadata.ping",
    slo_path="/idp/SLO.saml2",
    name_id_source="username",
    attributes=(
        ReleasedAttribute("email", "email", _BASIC),
        ReleasedAttribute("firstName", "given_name", _BASIC),
        ReleasedAttribute("lastName", "family_name", _BASIC),
        ReleasedAttribute("memberOf", "groups", _BASIC),
    ),
    window=Window(-_FIVE, _FIVE, _FIVE),
    writing=Writing(),
    metadata=MetadataHabits(name_id_formats=()),
    requests=Requests(bindings=("HTTP-POST", "HTTP-Redirect")),
)

PING_OIDC = OidcProfile(
    key="ping-oidc",
    vendor="PingOne",
    issuer="{base}/{tenant}/as",
    discovery_path="/{tenant}/as/.well-known/openid-configuration",
    authorize_path="/{tenant}/as/authorize",
    token_path="/{tenant}/as/token",  # noqa: S106 -- a path
    userinfo_path="/{tenant}/as/userinfo",
    jwks_path="/{tenant}/as/jwks",
    logout_path="/{tenant}/as/signoff",
    claims=(
        ReleasedClaim("email", "email", scope="email"),
        ReleasedClaim("name", "name", scope="profile"),
        ReleasedClaim("given_name", "given_name", scope="profile"),
        ReleasedClaim("family_name", "family_name", scope="profile"),
        ReleasedClaim("preferred_username", "username", scope="profile"),
        ReleasedClaim("groups", "groups", optional=True, many=True),
    ),
    constant_claims={"env": "{tenant}", "acr": "Single_Factor"},
    auth_methods=("client_secret_basic", "client_secret_post", "private_key_jwt"),
    at_hash=True,
    sid=True,
    amr=True,
    errors=(_SWITCHED_OFF,),
)
