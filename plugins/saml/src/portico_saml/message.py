"""From what the browser posted to bytes."""

from __future__ import annotations

import base64
import binascii

from portico_saml.document import MAX_MESSAGE_BYTES
from portico_saml.reasons import Reason, refuse
from portico_sdk import Callback


def read_message(callback: Callback) -> bytes:
    """Return the decoded SAMLResponse that came exactly once, by POST.

    Nothing that is deflated is ever accepted here, so there is nothing to inflate.

    Raises:
        SignInRefused: another binding, a repeated parameter, not base64, too large.
    Spec: SAML bindings 3.5.4.
    """
    if callback.method != "POST":
        refuse(Reason.BINDING, "a response arrives by POST only", expected="POST", received=callback.method)
    callback.single("RelayState")
    value = callback.single("SAMLResponse")
    if not value:
        refuse(Reason.BINDING, "no SAMLResponse was posted", expected="SAMLResponse", received="nothing")
    if len(value) > 2 * MAX_MESSAGE_BYTES:
        refuse(Reason.SIZE, f"{len(value)} characters of base64")
    return decode_base64(value, reason=Reason.ENCODING)


def decode_base64(value: str, *, reason: Reason) -> bytes:
    """Return the bytes of strict base64 (RFC 4648 4), line breaks and blanks allowed. Raises Refusal with `reason`."""
    try:
        for blank in " \t\r\n":
            value = value.replace(blank, "")
        return base64.b64decode(value.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        refuse(reason, "not base64")
