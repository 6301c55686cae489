"""The documents a relying party reads before it sends anybody: discovery and keys."""

from __future__ import annotations

from typing import Any

from portico_simulator.idp import Idp
from portico_simulator.profiles import OidcProfile

_PROTOCOL_CLAIMS = ("sub", "iss", "aud", "exp", "iat", "auth_time", "nonce")


def discovery(idp: Idp[OidcProfile], *, shared: bool = False) -> dict[str, Any]:
    """Return the provider's metadata (OIDC Discovery 3).

    Args:
        shared: the document for all tenants, whose issuer is a template and nobody's name.
    """
    profile = idp.profile
    document: dict[str, Any] = {
        "issuer": idp.fill(profile.shared_issuer if shared else profile.issuer),
        "authorization_endpoint": idp.url(profile.authorize_path),
        "token_endpoint": idp.url(profile.token_path),
        "userinfo_endpoint": idp.url(profile.userinfo_path),
        "jwks_uri": idp.url(profile.jwks_path),
        "end_session_endpoint": idp.url(profile.logout_path),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "form_post"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["pairwise" if profile.pairwise_sub else "public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": sorted({rule.scope for rule in profile.claims} | {"openid", "profile", "email"}),
        "claims_supported": [*_PROTOCOL_CLAIMS, *sorted({rule.within or rule.name for rule in profile.claims})],
        "token_endpoint_auth_methods_supported": list(profile.auth_methods),
        "request_uri_parameter_supported": False,
    }
    if "private_key_jwt" in profile.auth_methods:
        document["token_endpoint_auth_signing_alg_values_supported"] = ["RS256", "ES256", "PS256"]
    if profile.advertises_pkce:
        document["code_challenge_methods_supported"] = ["S256"]
    if profile.iss_parameter:
        document["authorization_response_iss_parameter_supported"] = True
    more = profile.extra_metadata.items()
    return document | {name: idp.fill(value) if isinstance(value, str) else value for name, value in more}


def jwks(idp: Idp[OidcProfile]) -> dict[str, Any]:
    """Return the public keys (RFC 7517 5), all of them, whichever signs now."""
    keys = []
    for key in idp.keyring.published:
        public = key.jwk.as_dict(private=False)
        public |= {"use": "sig", "x5c": [key.certificate_base64]}
        if idp.profile.jwk_alg:
            public["alg"] = "RS256"
        keys.append(public)
    return {"keys": keys}
