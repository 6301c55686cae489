"""Responses that no SAML adapter may accept: each is an honest one with one lie, or one that an attacker can make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from lxml import etree
from xmlsec import constants

from portico_saml.names import DS, SAML
from portico_saml.testing.answers import Answer, build_response
from portico_saml.testing.providers import IdentityProvider
from portico_saml.testing.signing import Algorithms, reparsed, sign, to_bytes
from portico_saml.testing.wrapping import WRAPPINGS, Wrapping
from portico_saml.times import format_time

Signed = Literal["assertion", "response", "both", "nothing"]


@dataclass(frozen=True, slots=True)
class Scene:
    """Who can lie: the provider that the connection trusts, and a stranger under its name."""

    idp: IdentityProvider
    attacker: IdentityProvider
    answer: Answer
    signed: Signed
    now: datetime


@dataclass(frozen=True, slots=True)
class Forgery:
    """One lie; `make` returns what is posted."""

    name: str
    make: Callable[[Scene], bytes]


def _says(name: str, **changes: Any) -> Forgery:
    """Signed by the trusted provider, and not about this sign-in."""
    return Forgery(name, lambda scene: scene.idp.respond(replace(scene.answer, **changes), signed=scene.signed))


def _times(name: str, **offsets: int) -> Forgery:
    def make(scene: Scene) -> bytes:
        times = {member: format_time(scene.now + timedelta(seconds=s)) for member, s in offsets.items()}
        return scene.idp.respond(replace(scene.answer, **times), signed=scene.signed)  # type: ignore[arg-type]

    return Forgery(name, make)


def _signs(name: str, algorithms: Algorithms) -> Forgery:
    return Forgery(name, lambda scene: scene.idp.respond(scene.answer, signed="both", algorithms=algorithms))


def _hmac(scene: Scene) -> bytes:
    root = build_response(scene.answer)
    assertion = _assertion(root)
    sign(assertion, scene.idp.key.certificate_pem.encode(), Algorithms(constants.TransformHmacSha256))
    return to_bytes(reparsed(root))


def _damages(name: str, damage: Callable[[etree._Element], object]) -> Forgery:
    def make(scene: Scene) -> bytes:
        root = scene.idp.respond_tree(scene.answer, signed="both")
        damage(root)
        return to_bytes(root)

    return Forgery(name, make)


def _assertion(root: etree._Element) -> etree._Element:
    found = root.find(f"{{{SAML}}}Assertion")
    assert found is not None
    return found


def _change_text(path: str, text: str) -> Callable[[etree._Element], None]:
    def damage(root: etree._Element) -> None:
        for element in root.findall(f".//{{{SAML}}}{path}"):
            element.text = text

    return damage


def _remove_signatures(root: etree._Element) -> None:
    for signature in root.findall(f".//{{{DS}}}Signature"):
        parent = signature.getparent()
        assert parent is not None
        parent.remove(signature)


def _comment_in_name(root: etree._Element) -> None:
    name = root.find(f".//{{{SAML}}}NameID")
    assert name is not None
    name.append(etree.Comment("x"))


def _text(name: str, change: Callable[[bytes], bytes]) -> Forgery:
    return Forgery(name, lambda scene: change(scene.idp.respond(scene.answer, signed=scene.signed)))


def _with_doctype(document: bytes) -> bytes:
    return document.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', 1)


def _wraps(wrapping: Wrapping) -> Forgery:
    def make(scene: Scene) -> bytes:
        original = scene.idp.respond_tree(scene.answer, signed=wrapping.signed)
        forged = replace(scene.answer, name_id="root@attacker.example", assertion_id="_forged")
        return to_bytes(wrapping.wrap(original, _assertion(build_response(forged))))

    return Forgery(wrapping.name, make)


_ELSEWHERE = "https://elsewhere.example/acs"

FORGERIES: tuple[Forgery, ...] = (
    Forgery("not signed at all", lambda scene: scene.idp.respond(scene.answer, signed="nothing")),
    Forgery("signed by a stranger", lambda scene: scene.attacker.respond(scene.answer, signed="both")),
    Forgery("an HMAC with the certificate as key", _hmac),
    _signs("SHA-1 signatures", Algorithms(constants.TransformRsaSha1, constants.TransformSha256)),
    _signs("SHA-1 digests", Algorithms(constants.TransformRsaSha256, constants.TransformSha1)),
    _damages("signatures taken away", _remove_signatures),
    _damages("another name under the signature", _change_text("NameID", "root@attacker.example")),
    _damages("another attribute under the signature", _change_text("AttributeValue", "root@attacker.example")),
    _damages("a comment in the name", _comment_in_name),
    _text("a document type declaration", _with_doctype),
    _text("no XML", lambda _: b"no XML"),
    _text("half of the document", lambda document: document[: len(document) // 2]),
    _says("another issuer", issuer="https://evil.example/", response_issuer="https://evil.example/"),
    _says("no issuer", issuer=None),
    _says("another audience", audiences=(("https://elsewhere.example/",),)),
    _says("no audience", audiences=()),
    _says("one restriction of two that is not for us", audiences=(("x",), ("https://elsewhere.example/",))),
    _says("another destination", destination=_ELSEWHERE),
    _says("another recipient", recipient=_ELSEWHERE),
    _says("no recipient", recipient=None),
    _says("an answer to another request", in_response_to="_other", confirmed_in_response_to="_other"),
    _says("confirmed for another request", confirmed_in_response_to="_other"),
    _says("an answer to no request", in_response_to=None, confirmed_in_response_to=None),
    _says("no bearer confirmation", method="urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"),
    _says("no subject", name_id=None, attributes=()),
    _says("no authentication", authn_statements=0),
    _says("no end", not_on_or_after=None, confirmed_until=None),
    _says("an end that is no time", not_on_or_after="tomorrow", confirmed_until="tomorrow"),
    _times("expired", not_before=-7200, not_on_or_after=-3600, confirmed_until=-3600, issue_instant=-7200),
    _times("not valid yet", not_before=3600, not_on_or_after=7200, confirmed_until=7200),
    _times("valid for a year", not_on_or_after=31_536_000, confirmed_until=31_536_000),
    _says("a failure with an assertion", status=("urn:oasis:names:tc:SAML:2.0:status:Responder",)),
    _says("the provider's error", status=("urn:oasis:names:tc:SAML:2.0:status:Requester",), with_assertion=False),
    _says("SAML 1.1", version="1.1"),
    _says("no assertion", with_assertion=False),
    *map(_wraps, WRAPPINGS),
)
