"""The shape of a vendor's habits. Paths and identifiers are templates over {base}, {app_id}, {tenant} and {domain}."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from portico_simulator.config import Signed

Binding = Literal["HTTP-POST", "HTTP-Redirect"]

UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
EMAIL_ADDRESS = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"


@dataclass(frozen=True, slots=True)
class ReleasedAttribute:
    """A SAML attribute and the person's value in it (one of people.SOURCES)."""

    name: str
    source: str
    name_format: str | None = None


@dataclass(frozen=True, slots=True)
class ReleasedClaim:
    """An OIDC claim and the person's value in it.

    Args:
        scope: released when this scope was granted.
        optional: released only when the application's registration asks for this claim.
        many: a list, even with one value.
    """

    name: str
    source: str
    scope: str = "openid"
    optional: bool = False
    many: bool = False


@dataclass(frozen=True, slots=True)
class SamlProfile:
    """How one vendor speaks SAML.

    Args:
        bindings: of the single sign-on service, in the order of its metadata.
        signed: what is signed when nobody configured it otherwise.
        not_before, not_on_or_after: the window of Conditions, relative to now.
        confirmation_lifetime: of SubjectConfirmationData.
        acs_from_request: a registered AssertionConsumerServiceURL in the request is used; else the first registered.
        strict_name_id_policy: a requested Format other than the configured one is answered by InvalidNameIDPolicy.
        encryption_key_first: its metadata lists the encryption key before the signing key.
        role_descriptors: its metadata has WS-Federation roles and is signed as a whole.
        unknown_application, wrong_acs, not_assigned: what its own error pages say.
    """

    key: str
    vendor: str
    entity_id: str
    sso_path: str
    metadata_path: str
    attributes: tuple[ReleasedAttribute, ...]
    bindings: tuple[Binding, ...] = ("HTTP-POST", "HTTP-Redirect")
    signed: Signed = "assertion"
    name_id_format: str = UNSPECIFIED
    name_id_source: str = "username"
    name_id_formats: tuple[str, ...] = (UNSPECIFIED,)
    authn_context: str = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
    not_before: timedelta = timedelta(minutes=-5)
    not_on_or_after: timedelta = timedelta(minutes=5)
    confirmation_lifetime: timedelta = timedelta(minutes=5)
    session_lifetime: timedelta | None = None
    typed_values: bool = True
    acs_from_request: bool = True
    strict_name_id_policy: bool = False
    encryption_key_first: bool = False
    role_descriptors: bool = False
    unknown_application: str = "This application is not known here."
    wrong_acs: str = "The address for the answer is not registered for this application."
    not_assigned: str = "You are not assigned to this application."
    protocol: Literal["saml"] = "saml"


@dataclass(frozen=True, slots=True)
class OidcProfile:
    """How one vendor speaks OpenID Connect.

    Args:
        claims: beyond the protocol's own.
        keys: how many keys its JWKS shows; the one at `signs` signs.
        jwk_alg: whether its JWKS says `alg`.
        pairwise_sub: `sub` differs between applications.
        backdated: how far back it writes `iat`.
        auth_time: said in every ID token, not only when `max_age` or the registration asked for it.
        error_codes: a vendor's number for each OAuth error (or more exact cause), put before the description.
        iss_parameter: sends `iss` with the authorization response (RFC 9207).
        session_state: sends `session_state` with it.
        extra_metadata: further members of the discovery document.
    """

    key: str
    vendor: str
    issuer: str
    discovery_path: str
    authorize_path: str
    token_path: str
    userinfo_path: str
    jwks_path: str
    logout_path: str
    claims: tuple[ReleasedClaim, ...]
    auth_methods: tuple[str, ...] = ("client_secret_basic", "client_secret_post")
    keys: int = 1
    signs: int = 0
    jwk_alg: bool = True
    pairwise_sub: bool = False
    id_token_lifetime: timedelta = timedelta(hours=1)
    code_lifetime: timedelta = timedelta(minutes=1)
    backdated: timedelta = timedelta(0)
    auth_time: bool = True
    error_codes: Mapping[str, int] = field(default_factory=dict)
    iss_parameter: bool = False
    session_state: bool = False
    advertises_pkce: bool = True
    email_verified: bool = False
    constant_claims: Mapping[str, str] = field(default_factory=dict)
    extra_metadata: Mapping[str, object] = field(default_factory=dict)
    not_assigned: str = "You are not assigned to this application."
    protocol: Literal["oidc"] = "oidc"


Profile = SamlProfile | OidcProfile
