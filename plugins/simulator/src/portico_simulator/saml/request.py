"""Reading an AuthnRequest: the bytes, the document, whose it is and where the answer goes."""

from __future__ import annotations

import base64
import binascii
import zlib
from dataclasses import dataclass

from lxml import etree

from portico_simulator.applications import SamlApplication
from portico_simulator.errors import stop
from portico_simulator.idp import Idp
from portico_simulator.profiles import SamlProfile
from portico_simulator.saml.names import SAML, SAMLP

_LIMIT = 100_000
_MESSAGES = {f"{{{SAMLP}}}AuthnRequest", f"{{{SAMLP}}}LogoutRequest"}


class Unreadable(Exception):
    """The bytes are no message of this kind."""


@dataclass(frozen=True, slots=True)
class AuthnRequest:
    """A request of a known application, and the registered address to answer to.

    `id` is None when nobody asked (IdP-initiated).
    """

    id: str | None
    application: SamlApplication
    acs_url: str
    relay_state: str | None = None
    force_authn: bool = False
    is_passive: bool = False
    name_id_format: str | None = None
    authn_contexts: tuple[str, ...] = ()


def inflate_redirect(encoded: str) -> bytes:
    """Return the message of the Redirect binding (bindings 3.4.4.1), at most 100 kB of it. Raises Unreadable."""
    inflater = zlib.decompressobj(-15)
    try:
        document = inflater.decompress(base64.b64decode(encoded, validate=True), _LIMIT)
    except (binascii.Error, ValueError, zlib.error) as error:
        raise Unreadable from error
    if inflater.unconsumed_tail or not inflater.eof:
        raise Unreadable
    return document


def decode_post(encoded: str) -> bytes:
    """Return the message of the POST binding (bindings 3.5.4), at most 100 kB of it. Raises Unreadable."""
    try:
        document = base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unreadable from error
    if len(document) > _LIMIT:
        raise Unreadable
    return document


def parse_message(document: bytes) -> etree._Element:
    """Return the AuthnRequest or LogoutRequest. No DOCTYPE is accepted and nothing is fetched. Raises Unreadable."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable from error
    has_type = root.getroottree().docinfo.internalDTD is not None
    if has_type or root.tag not in _MESSAGES or not root.get("ID"):
        raise Unreadable
    return root


def find_application(idp: Idp[SamlProfile], root: etree._Element, relay_state: str | None) -> AuthnRequest:
    """Return the request of a registered application, with the address to answer to. Raises ShownToPerson."""
    application = idp.find_saml_application((root.findtext(f"{{{SAML}}}Issuer") or "").strip())
    if application is None:
        stop(idp, "unknown_application")
    policy = root.find(f"{{{SAMLP}}}NameIDPolicy")
    contexts = root.iterfind(f"{{{SAMLP}}}RequestedAuthnContext/{{{SAML}}}AuthnContextClassRef")
    return AuthnRequest(
        id=root.get("ID"),
        application=application,
        acs_url=_choose_acs(idp, application, root.get("AssertionConsumerServiceURL")),
        relay_state=relay_state,
        force_authn=root.get("ForceAuthn") in ("true", "1"),
        is_passive=root.get("IsPassive") in ("true", "1"),
        name_id_format=policy.get("Format") if policy is not None else None,
        authn_contexts=tuple((context.text or "").strip() for context in contexts),
    )


def _choose_acs(idp: Idp[SamlProfile], application: SamlApplication, asked: str | None) -> str:
    if asked is None or not idp.profile.requests.acs_from_request:
        return application.acs_urls[0]
    if asked not in application.acs_urls:
        stop(idp, "wrong_acs")
    return asked
