"""What a pasted ID token or its claims say, for trying claim rules on. Nothing is verified, and nobody signs in by it."""

from __future__ import annotations

import base64
import binascii
from typing import Any, Final

from portico_oidc.attributes import flatten
from portico_oidc.identity import left_out, maybe_cut
from portico_oidc.json_object import parse_json_object
from portico_oidc.policy import OidcPolicy
from portico_oidc.reasons import CheckFailed
from portico_sdk import Pasted, PasteError

_LONGEST: Final = 64 * 1024
_NEITHER: Final = (
    "This is neither an ID token nor JSON. Copy the whole token, with both dots, or the claims with their braces."
)
_SAML: Final = "This is a SAML message. This connection speaks OpenID Connect."


def read_pasted(text: str, policy: OidcPolicy) -> Pasted:
    """Return the claims of a token in compact form, of JSON, or of a token response. Raises PasteError."""
    claims = _claims(text.strip())
    try:
        attributes = flatten(claims)
    except CheckFailed as error:
        raise PasteError("pasted-too-large", "This holds more than any honest token.") from error
    incomplete = left_out(claims) | maybe_cut(claims, policy.may_be_cut)
    return Pasted({name: values for name, values in attributes.items() if name not in incomplete}, incomplete)


def _claims(text: str) -> dict[str, Any]:
    if not text:
        raise PasteError("pasted-nothing", "Nothing was pasted.")
    if len(text) > _LONGEST:
        raise PasteError("pasted-too-large", "This holds more than any honest token.")
    if text.startswith(("<", "PD94", "PHNhbW", "PFJlc3", "SAMLResponse=")):  # `<?x`, `<saml` and `<Res` in base64
        raise PasteError("pasted-saml", _SAML)
    if not text.startswith("{"):
        return _of_token(text)
    said = _object(text)
    token = said.get("id_token")
    return _of_token(token) if isinstance(token, str) else said


def _of_token(token: str) -> dict[str, Any]:
    parts = "".join(token.split()).split(".")
    if len(parts) == 5:
        raise PasteError("pasted-encrypted", "This token is encrypted. Paste its claims as your provider shows them.")
    if len(parts) != 3:
        raise PasteError("pasted-token", _NEITHER)
    try:
        payload = base64.b64decode(parts[1] + "=" * (-len(parts[1]) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise PasteError("pasted-token", _NEITHER) from error
    return _object(payload)


def _object(raw: str | bytes) -> dict[str, Any]:
    try:
        return parse_json_object(raw)
    except ValueError as error:
        raise PasteError("pasted-token", _NEITHER) from error
