"""Where things may stand in a response. Everything that has a meaning for trust has exactly one allowed place.

Signature wrapping moves a signed element to where nobody looks and puts a forged one where the reader looks. Here the
places are fixed first: one Response at the root, at most one assertion directly below it, a Signature only as their
direct child, and an element of such a name anywhere else, in whatever namespace or case, is a refusal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from portico_saml.document import MAX_ATTRIBUTES, MAX_ATTRIBUTES_OF_ONE, MAX_ELEMENTS
from portico_saml.names import DS, SAML, SAMLP
from portico_saml.reasons import Reason, refuse
from portico_saml.signature_form import SignatureForm, read_signature_form

#: An xs:ID, as far as anything that signs or refers needs it: no slash, parenthesis, colon or blank.
_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,255}", re.ASCII)

_RESPONSE_CHILDREN = {
    f"{{{SAML}}}Issuer",
    f"{{{DS}}}Signature",
    f"{{{SAMLP}}}Extensions",
    f"{{{SAMLP}}}Status",
    f"{{{SAML}}}Assertion",
    f"{{{SAML}}}EncryptedAssertion",
}
_ASSERTION_CHILDREN = {
    f"{{{SAML}}}Issuer",
    f"{{{DS}}}Signature",
    f"{{{SAML}}}Subject",
    f"{{{SAML}}}Conditions",
    f"{{{SAML}}}Advice",
    f"{{{SAML}}}AuthnStatement",
    f"{{{SAML}}}AttributeStatement",
}
_ASSERTION_MANY = {f"{{{SAML}}}AuthnStatement", f"{{{SAML}}}AttributeStatement"}

#: Local names, lower case, that carry trust: at their one place or nowhere.
_RESERVED = frozenset(
    {
        "response",
        "logoutrequest",
        "logoutresponse",
        "artifactresponse",
        "assertion",
        "encryptedassertion",
        "encrypteddata",
        "encryptedkey",
        "signature",
        "signedinfo",
        "signaturevalue",
        "reference",
        "digestvalue",
        "object",
        "manifest",
        "signatureproperties",
    }
)


@dataclass(frozen=True, slots=True)
class Layout:
    """The elements of one response at their only allowed places. Nothing in it is verified yet."""

    response: etree._Element
    response_signature: SignatureForm | None
    assertion: etree._Element | None
    assertion_signature: SignatureForm | None
    encrypted_assertion: etree._Element | None


def read_layout(root: etree._Element) -> Layout:
    """Return the layout of a response in which every trust-bearing element stands at its one place.

    Raises:
        Refusal: another root, a second of anything, a reserved name elsewhere, an ID that repeats, too many parts.
    Spec: SAML core 3.3.3 and 5.4; Somorovsky 2012 for the permutations this forecloses.
    """
    if root.tag != f"{{{SAMLP}}}Response":
        refuse(Reason.STRUCTURE, "not a SAML response", expected="samlp:Response", received=_short(root))
    check_id(root)
    found = children_of(root, _RESPONSE_CHILDREN, frozenset())
    assertion = found.get(f"{{{SAML}}}Assertion")
    encrypted = found.get(f"{{{SAML}}}EncryptedAssertion")
    if assertion is not None and encrypted is not None:
        refuse(Reason.STRUCTURE, "an assertion and an encrypted assertion side by side")
    assertion_signature = None
    if assertion is not None:
        check_id(assertion)
        inner = children_of(assertion, _ASSERTION_CHILDREN, _ASSERTION_MANY)
        assertion_signature = _form(inner, assertion)
    response_signature = _form(found, root)
    placed: set[etree._Element] = {root}
    for form in (response_signature, assertion_signature):
        if form is not None:
            placed.update(form.parts)
    if assertion is not None:
        placed.add(assertion)
    if encrypted is not None:
        placed.update(_encrypted_parts(encrypted))
    check_everywhere(root, placed)
    return Layout(root, response_signature, assertion, assertion_signature, encrypted)


def children_of(
    parent: etree._Element, allowed: set[str], repeatable: set[str] | frozenset[str]
) -> dict[str, etree._Element]:
    """Return the children by tag. Raises Refusal: one that is not `allowed`, or one that is there twice."""
    found: dict[str, etree._Element] = {}
    for child in parent:
        tag = str(child.tag)
        if tag not in allowed:
            refuse(Reason.STRUCTURE, f"{_short(child)} inside {_short(parent)}", received=tag[:120])
        if tag in found and tag not in repeatable:
            refuse(Reason.STRUCTURE, f"more than one {_short(child)} inside {_short(parent)}")
        found[tag] = child
    return found


def _form(found: dict[str, etree._Element], signed: etree._Element) -> SignatureForm | None:
    signature = found.get(f"{{{DS}}}Signature")
    return None if signature is None else read_signature_form(signature, signed)


def _encrypted_parts(encrypted: etree._Element) -> set[etree._Element]:
    """EncryptedAssertion, and the EncryptedData and EncryptedKeys below it; `encryption.py` judges their form."""
    parts = {encrypted}
    for element in encrypted.iter():
        if etree.QName(element).localname in ("EncryptedData", "EncryptedKey"):
            parts.add(element)
    return parts


def check_everywhere(root: etree._Element, placed: set[etree._Element]) -> None:
    """Raise Refusal for a reserved name outside of `placed`, for an ID that repeats, and for too many of anything."""
    seen: set[str] = set()
    elements = attributes = 0
    for element in root.iter():
        elements += 1
        tag = str(element.tag)
        if tag[tag.rfind("}") + 1 :].lower() in _RESERVED and element not in placed:
            refuse(Reason.STRUCTURE, f"{_short(element)} at a place where it has no meaning", received=tag[:120])
        if (count := len(element.attrib)) > MAX_ATTRIBUTES_OF_ONE:
            refuse(Reason.SIZE, f"{count} attributes of one element")
        attributes += count
        for name, value in element.items():
            local = str(name)[str(name).rfind("}") + 1 :]
            if len(local) == 2 and local.lower() == "id":
                if value in seen:
                    refuse(Reason.IDENTIFIER, "two elements have the same ID", received=value[:80])
                seen.add(str(value))
    if elements > MAX_ELEMENTS or attributes > MAX_ATTRIBUTES:
        refuse(Reason.SIZE, f"{elements} elements and {attributes} attributes")


def check_id(element: etree._Element) -> None:
    """Raise Refusal unless the element has an ID that is a name."""
    value = element.get("ID", "")
    if not _ID.fullmatch(value):
        refuse(Reason.IDENTIFIER, f"{_short(element)} has no usable ID", expected="a name", received=value[:80])


def _short(element: etree._Element) -> str:
    return str(etree.QName(element).localname)[:60]
