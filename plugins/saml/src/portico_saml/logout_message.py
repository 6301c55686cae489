"""A logout message of the provider: its bytes by either binding, its one layout, and its signature verified.

By HTTP-Redirect the signature is over the raw query, as sent: AD FS and Entra write percent-encodings in lower case, and
what was encoded anew would not verify. By HTTP-POST it is the enveloped one, over the whole message.

Spec: SAML bindings 3.4.4.1 and 3.5.4; SAML core 3.7.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from urllib.parse import unquote, unquote_plus

from lxml import etree

from portico_saml.document import parse_message
from portico_saml.keys import trusted_keys
from portico_saml.message import decode_base64
from portico_saml.names import DS, SAML, SAMLP
from portico_saml.query_signature import DETACHED, verify_query_signature
from portico_saml.reasons import Reason, refuse
from portico_saml.sending import Message
from portico_saml.signature import verify_signature
from portico_saml.signature_form import read_signature_form
from portico_saml.structure import check_everywhere, check_id, children_of
from portico_saml.trace import Compared, Trace
from portico_sdk import AdapterContext, Callback

MAX_INFLATED = 262_144
_DEFLATE = "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE"
_ALLOWED = {
    "SAMLRequest": ({f"{{{SAML}}}NameID", f"{{{SAMLP}}}SessionIndex"}, f"{{{SAMLP}}}LogoutRequest"),
    "SAMLResponse": ({f"{{{SAMLP}}}Status"}, f"{{{SAMLP}}}LogoutResponse"),
}
_ALWAYS = {f"{{{SAML}}}Issuer", f"{{{DS}}}Signature", f"{{{SAMLP}}}Extensions"}
_REPEATABLE = frozenset({f"{{{SAMLP}}}SessionIndex"})


@dataclass(frozen=True, slots=True)
class Carried:
    """A message as the browser brought it: nothing in it is verified."""

    document: bytes
    relay_state: str
    query: dict[str, str]  # raw pieces of an HTTP-Redirect, by name; empty for HTTP-POST


def read_logout_message(context: AdapterContext, callback: Callback, message: Message, trace: Trace) -> etree._Element:
    """Return the root of a message that the connection's provider signed. Raises SignInRefused."""
    keys = trusted_keys(context)
    carried = trace.step("message", lambda: carry(callback, message))
    root = trace.step("document", lambda: parse_message(carried.document))
    signature = trace.step("structure", lambda: _read_layout(root, message))

    def verify() -> Compared:
        if carried.query:
            if signature is not None:
                refuse(Reason.SIGNATURE_FORM, "a signature inside a message that came by HTTP-Redirect")
            return verify_query_signature(context, carried.query, message)
        if signature is None:
            refuse(Reason.UNSIGNED, "no signature covers the message", expected="a signature", received="nothing")
        trusted = verify_signature(read_signature_form(signature, root), keys)
        return Compared("a certificate of this connection", f"SHA-256 {trusted.fingerprint}")

    trace.step("signature", verify)
    return root


def carry(callback: Callback, message: Message) -> Carried:
    """Return the message of either binding, inflated within limits.

    Raises:
        SignInRefused: a parameter that is repeated, missing, of the other kind, not base64, not deflated, too large.
    """
    if any(callback.single(name) is not None for name in ("SAMLRequest", "SAMLResponse") if name != message):
        refuse(Reason.BINDING, "a request and a response at once")
    value = callback.single(message)
    if not value:
        refuse(Reason.BINDING, f"there is no {message}", expected=message, received="nothing")
    relay_state = callback.single("RelayState") or ""
    if callback.method == "POST":
        return Carried(decode_base64(value, reason=Reason.ENCODING), relay_state, {})
    query = _raw_query(callback)
    if unquote(query.get("SAMLEncoding", _DEFLATE)) != _DEFLATE:
        refuse(Reason.ENCODING, "another encoding than DEFLATE")
    deflated = decode_base64(unquote(query[message]), reason=Reason.ENCODING)
    return Carried(inflate(deflated), unquote_plus(query.get("RelayState", "")), query)


def inflate(deflated: bytes) -> bytes:
    """Return at most 256 KiB of inflated text (row S13). Raises Refusal: longer, cut off, or not deflated."""
    inflater = zlib.decompressobj(wbits=-15)
    try:
        document = inflater.decompress(deflated, MAX_INFLATED + 1)
    except zlib.error:
        refuse(Reason.ENCODING, "not deflated")
    if len(document) > MAX_INFLATED or inflater.unconsumed_tail:
        refuse(Reason.SIZE, f"more than {MAX_INFLATED} bytes when inflated")
    if not inflater.eof or inflater.unused_data:
        refuse(Reason.ENCODING, "the deflated text is cut off, or more than one")
    return document


def _raw_query(callback: Callback) -> dict[str, str]:
    """The pieces of the query as sent. A name that is written in another way than literally would be read twice."""
    names = (*DETACHED, "SAMLEncoding")
    pieces = [piece.partition("=") for piece in callback.raw_query.split("&")]
    found = [(name, value) for name, _, value in pieces if name in names]
    decoded = [name for name, _ in callback.unverified_params if name in names]
    if sorted(name for name, _ in found) != sorted(decoded) or len(set(decoded)) != len(decoded):
        refuse(Reason.BINDING, "a parameter that is repeated or written in a strange way")
    return dict(found)


def _read_layout(root: etree._Element, message: Message) -> etree._Element | None:
    """The Signature where there is one. Everything else of meaning stands at its one place."""
    own, tag = _ALLOWED[message]
    if root.tag != tag:
        refuse(Reason.STRUCTURE, "another message", expected=tag, received=str(root.tag)[:120])
    check_id(root)
    found = children_of(root, _ALWAYS | own, _REPEATABLE)
    signature = found.get(f"{{{DS}}}Signature")
    placed = {root}
    if signature is not None:
        placed.update(read_signature_form(signature, root).parts)
    check_everywhere(root, placed)
    return signature
