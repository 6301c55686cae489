"""Namespaces and constants of SAML 2.0, and how elements are written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from lxml import etree

SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol"
MD = "urn:oasis:names:tc:SAML:2.0:metadata"
DS = "http://www.w3.org/2000/09/xmldsig#"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XS = "http://www.w3.org/2001/XMLSchema"
XENC = "http://www.w3.org/2001/04/xmlenc#"
FED = "http://docs.oasis-open.org/wsfed/federation/200706"

AUTH = "http://docs.oasis-open.org/wsfed/authorization/200706"
SHIBMD = "urn:mace:shibboleth:metadata:1.0"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"

BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
STATUS = "urn:oasis:names:tc:SAML:2.0:status:"
BINDINGS = "urn:oasis:names:tc:SAML:2.0:bindings:"


def element(
    parent: etree._Element | None,
    namespace: str,
    name: str,
    text: str | None = None,
    attributes: dict[str, str] | None = None,
    nsmap: Mapping[str | None, str] | None = None,
) -> etree._Element:
    """Return a new element, appended to `parent` where there is one. Text is escaped by the serializer."""
    tag = f"{{{namespace}}}{name}"
    prefixes = cast("Mapping[str, str] | None", nsmap)  # lxml's types do not know that None is the default namespace
    if parent is None:
        made = etree.Element(tag, attributes or {}, nsmap=prefixes)
    else:
        made = etree.SubElement(parent, tag, attributes or {}, nsmap=prefixes)
    made.text = text
    return made


def instant(moment: datetime) -> str:
    """Return the time as SAML writes it: UTC with a Z, in milliseconds (core 1.3.3)."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def replaced(right: str, instead: str | None) -> str:
    """Return what is written: the right value, or what somebody wants instead; empty leaves it out."""
    return right if instead is None else instead
