"""Why a sign-in is refused: every code this adapter raises, and what whoever can fix it should do."""

from __future__ import annotations

from collections.abc import Mapping

from portico_sdk import ProviderRefused, ProviderUnreachable, SignInRefused

REASONS: Mapping[str, str] = {
    # settings and discovery
    "settings-incomplete": "Fill in issuer, client ID and client secret.",
    "issuer-mismatch": "Copy the issuer exactly as the provider's discovery document writes it, trailing slash included.",
    "issuer-template": "Use the address with your own tenant's ID, not a shared one such as /common.",
    "discovery-malformed": "The address does not lead to an OpenID Connect discovery document.",
    "endpoint-refused": "The provider must publish its endpoints on https addresses that may be reached from here.",
    "code-flow-not-offered": "Allow the authorization code flow (response type `code`) at the provider.",
    "algorithm-not-offered": "Let the provider sign ID tokens with an algorithm of the connection's list.",
    "auth-method-not-offered": "Allow client_secret_basic or client_secret_post for this client at the provider.",
    # what the browser brought back
    "provider-error": "The provider refused; its own words are in the detail.",
    "state-missing": "A sign-in has to begin at the application; the provider cannot start it.",
    "state-mismatch": "The answer belongs to another sign-in; begin again.",
    "settings-changed": "The connection was changed during the sign-in; begin again.",
    "iss-missing": "The provider announced that it names itself in its answers (RFC 9207) and did not.",
    "iss-mismatch": "The answer comes from another provider than the one that was asked.",
    "code-missing": "The provider answered without an authorization code.",
    # the token endpoint
    "token-refused": "Check client ID, client secret (its value, not its ID; not expired) and redirect URI.",
    "token-malformed": "The token endpoint did not answer with JSON as OpenID Connect says.",
    "id-token-missing": "Request the scope `openid`, and register the client for OpenID Connect.",
    # the ID token's envelope
    "id-token-too-large": "Let the provider send fewer claims, for instance only groups assigned to the application.",
    "id-token-malformed": "The ID token is not a signed token in compact form.",
    "id-token-encrypted": "Turn ID token encryption off at the provider; the connection is encrypted already.",
    "algorithm-refused": "Let the provider sign ID tokens with an algorithm of the connection's list.",
    "header-refused": "The ID token's header demands an extension that is not supported.",
    "jwks-malformed": "The provider's key document (jwks_uri) is not a JSON Web Key Set.",
    "key-unknown": "The provider signed with a key that it does not publish.",
    "key-ambiguous": "The provider publishes several keys and did not say which one it used (kid).",
    "signature-invalid": "The ID token was changed on its way, or signed with another key.",
    # the ID token's claims
    "id-token-iss": "The ID token was issued by another provider (or tenant) than the configured issuer.",
    "id-token-aud": "The ID token is meant for another client; check the client ID.",
    "id-token-azp": "The ID token was issued to another client.",
    "id-token-expired": "Check the clocks of both sides.",
    "id-token-iat": "Check the clocks of both sides.",
    "id-token-nbf": "Check the clocks of both sides.",
    "id-token-nonce": "The ID token answers another sign-in.",
    "id-token-at-hash": "Access token and ID token do not belong together.",
    "auth-time-missing": "The provider does not say when the person authenticated, which this sign-in requires.",
    "auth-time-too-old": "The provider did not let the person authenticate again, which this sign-in requires.",
    "auth-time-malformed": "The provider's auth_time is not a time.",
    "sub-invalid": "The provider's subject must be 1 to 255 ASCII characters.",
    "claim-mismatch": "The person belongs to another tenant or domain than the configured one.",
    "subject-missing": "The provider does not send the claims that identify a person on this connection.",
    "session-expired": "The provider says that the session has ended already.",
    "claims-too-large": "Let the provider send fewer or smaller claims.",
    # userinfo
    "userinfo-refused": "The provider did not answer the userinfo request.",
    "userinfo-malformed": "The userinfo endpoint did not answer with a JSON object.",
    "userinfo-sub": "The userinfo endpoint spoke about another person than the ID token.",
    # logout tokens
    "logout-token-missing": "The provider must post a logout_token (OpenID Connect Back-Channel Logout).",
    "logout-token-refused": "The provider's logout token must have jti, iat, exp, its event, and sub or sid; no nonce.",
    # anything else
    "answer-unexpected": "The provider's answer could not be understood.",
}

_SHOWN = 200


def shown(value: object) -> str:
    """Return received data fit for a trace: at most 200 characters, control characters replaced."""
    text = value if isinstance(value, str) else repr(value)
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text[:_SHOWN])


class CheckFailed(SignInRefused):
    """A check of the sign-in failed; `expected` and `received` are fit for the trace."""

    def __init__(self, code: str, *, expected: object = "", received: object = "", detail: str = "") -> None:
        self.expected, self.received = shown(expected), shown(received)
        super().__init__(code, detail or f"expected {self.expected!r}, received {self.received!r}", hint=REASONS[code])


def provider_refused(code: str, error: object, description: object) -> ProviderRefused:
    """Return the refusal that quotes the provider's own words."""
    said = f"{shown(error)}: {shown(description)}" if description else shown(error)
    return ProviderRefused(code, said, hint=REASONS[code])


def unreachable(code: str, detail: str) -> ProviderUnreachable:
    """Return the refusal for an answer that is of no use."""
    return ProviderUnreachable(code, detail, hint=REASONS[code])
