"""Namespaces and constants of SAML 2.0, and how elements are written."""

from __future__ import annotations

from datetime import datetime

from lxml import etree

SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol"
MD = "urn:oasis:names:tc:SAML:2.0:metadata"
DS = "http://www.w3.org/2000/09/xmldsig#"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XS = "http://www.w3.org/2001/XMLSchema"
FED = "http://docs.oasis-open.org/wsfed/federation/200706"

BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
STATUS = "urn:oasis:names:tc:SAML:2.0:status:"
BINDINGS = "urn:oasis:names:tc:SAML:2.0:bindings:"


def element(
    parent: etree._Element | None,
    namespace: str,
    name: str,
    text: str | None = None,
    attributes: dict[str, str] | None = None,
    nsmap: dict[str, str] | None = None,
) -> etree._Element:
    """Return a new element, appended to `parent` where there is one. Text is escaped by the serializer."""
    tag = f"{{{namespace}}}{name}"
    if parent is None:
        made = etree.Element(tag, attributes or {}, nsmap=nsmap)
    else:
        made = etree.SubElement(parent, tag, attributes or {}, nsmap=nsmap)
    made.text = text
    return made


def instant(moment: datetime) -> str:
    """Return the time as SAML writes it: UTC with a Z, in milliseconds (core 1.3.3)."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
