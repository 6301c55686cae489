"""The shape of a vendor's habits over OpenID Connect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from portico_simulator.profiles.spec import VendorError


@dataclass(frozen=True, slots=True)
class ReleasedClaim:
    """An OIDC claim and the person's value in it (one of released.SOURCES).

    Args:
        scope: released when this scope was granted.
        optional: released only when the application's registration asks for this claim.
        many: a list, even with one value.
        resource: released only to a request that names a resource (AD FS).
        limit: a list is cut to this length.
        overage: a longer list is left out, and claim names point elsewhere (OIDC Core 5.6.2).
        within: member that it stands in (`realm_access`).
    """

    name: str
    source: str
    scope: str = "openid"
    optional: bool = False
    many: bool = False
    resource: bool = False
    limit: int | None = None
    overage: int | None = None
    within: str = ""


@dataclass(frozen=True, slots=True)
class OidcProfile:
    """How one vendor speaks OpenID Connect.

    Args:
        claims: beyond the protocol's own.
        constant_claims: templates, in every ID token.
        subject_source: of `sub`; `pairwise_sub` makes it differ between applications.
        keys: how many keys its JWKS shows; the one at `signs` signs.
        jwk_alg: whether its JWKS says `alg`.
        id_token_lifetime, code_lifetime: from now on.
        backdated: how far back it writes `iat`.
        auth_time: said in every ID token, or only when `max_age` or the registration asked for it; `text` is a string.
        email_verified: is said beside `email`.
        azp, at_hash, jti, sid: claims of the protocol that it sends.
        userinfo: gives the person's claims, `sub` alone, or wants a resource of its own as well (AD FS).
        shared_path, shared_issuer: a discovery document for all tenants and the template it has for an issuer.
        iss_parameter: sends `iss` with the authorization response (RFC 9207).
        session_state: sends `session_state` with it.
        advertises_pkce: says that it knows S256.
        extra_metadata: further members of the discovery document.
        support_tail: errors end with the numbers that the vendor's support asks for, `error_codes` has theirs.
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
    constant_claims: Mapping[str, str] = field(default_factory=dict)
    subject_source: str = "id"
    pairwise_sub: bool = False
    auth_methods: tuple[str, ...] = ("client_secret_basic", "client_secret_post")
    keys: int = 1
    signs: int = 0
    publishes_next: bool = True
    certificate_years: int = 10
    jwk_alg: bool = True
    id_token_lifetime: timedelta = timedelta(hours=1)
    code_lifetime: timedelta = timedelta(minutes=1)
    backdated: timedelta = timedelta(0)
    auth_time: Literal["always", "asked", "text"] = "always"
    email_verified: bool = False
    azp: bool = False
    at_hash: bool = False
    jti: str = ""
    sid: bool = False
    amr: bool = False
    userinfo: Literal["claims", "sub", "resource"] = "claims"
    shared_path: str = ""
    shared_issuer: str = ""
    iss_parameter: bool = False
    session_state: bool = False
    advertises_pkce: bool = True
    extra_metadata: Mapping[str, object] = field(default_factory=dict)
    errors: tuple[VendorError, ...] = ()
    support_tail: bool = False
    protocol: Literal["oidc"] = "oidc"
