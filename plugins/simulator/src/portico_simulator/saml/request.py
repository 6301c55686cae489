"""Reading an AuthnRequest: the bytes, the document, then what this identity provider holds against it."""

from __future__ import annotations

import base64
import binascii
import zlib
from dataclasses import dataclass

from lxml import etree

from portico_simulator.applications import SamlApplication
from portico_simulator.idp import Idp
from portico_simulator.pages import ShownToPerson
from portico_simulator.profiles import SamlProfile
from portico_simulator.saml.names import SAML, SAMLP

_LIMIT = 100_000


@dataclass(frozen=True, slots=True)
class AuthnRequest:
    """A request that was checked. `id` is None when nobody asked (IdP-initiated)."""

    id: str | None
    application: SamlApplication
    acs_url: str
    relay_state: str | None = None
    force_authn: bool = False
    is_passive: bool = False
    name_id_format: str | None = None


def inflate_redirect(encoded: str) -> bytes:
    """Return the message of the Redirect binding (bindings 3.4.4.1), at most 100 kB of it. Raises ShownToPerson."""
    inflater = zlib.decompressobj(-15)
    try:
        document = inflater.decompress(base64.b64decode(encoded, validate=True), _LIMIT)
    except (binascii.Error, ValueError, zlib.error) as error:
        raise ShownToPerson("The request cannot be read.") from error
    if inflater.unconsumed_tail or not inflater.eof:
        raise ShownToPerson("The request is too long, or cut off.")
    return document


def decode_post(encoded: str) -> bytes:
    """Return the message of the POST binding (bindings 3.5.4), at most 100 kB of it. Raises ShownToPerson."""
    try:
        document = base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ShownToPerson("The request cannot be read.") from error
    if len(document) > _LIMIT:
        raise ShownToPerson("The request is too long.")
    return document


def parse_request(document: bytes) -> etree._Element:
    """Return the AuthnRequest element. No DOCTYPE is accepted and nothing is fetched. Raises ShownToPerson."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        raise ShownToPerson("The request is not an XML document.") from error
    if (
        root.getroottree().docinfo.internalDTD is not None
        or root.tag != f"{{{SAMLP}}}AuthnRequest"
        or not root.get("ID")
    ):
        raise ShownToPerson("The request is not an AuthnRequest.")
    return root


def check_request(idp: Idp[SamlProfile], root: etree._Element, relay_state: str | None) -> AuthnRequest:
    """Return the request of a registered application, with the address to answer to. Raises ShownToPerson."""
    application = idp.find_saml_application((root.findtext(f"{{{SAML}}}Issuer") or "").strip())
    if application is None:
        raise ShownToPerson(idp.profile.unknown_application, 404)
    policy = root.find(f"{{{SAMLP}}}NameIDPolicy")
    return AuthnRequest(
        id=root.get("ID"),
        application=application,
        acs_url=_choose_acs(idp.profile, application, root.get("AssertionConsumerServiceURL")),
        relay_state=relay_state,
        force_authn=root.get("ForceAuthn") in ("true", "1"),
        is_passive=root.get("IsPassive") in ("true", "1"),
        name_id_format=policy.get("Format") if policy is not None else None,
    )


def _choose_acs(profile: SamlProfile, application: SamlApplication, asked: str | None) -> str:
    if asked is None or not profile.acs_from_request:
        return application.acs_urls[0]
    if asked not in application.acs_urls:
        raise ShownToPerson(profile.wrong_acs)
    return asked
