"""From whatever was pasted or fetched to the root of a metadata document, or to what it is instead, in words for people."""

from __future__ import annotations

import re

from lxml import etree

from portico_saml.document import parse_metadata_document
from portico_sdk import MetadataError

MAX_METADATA_BYTES = 20 * 1024 * 1024
_MAX_TAGS = 2_000_000


def read_document(document: bytes) -> etree._Element:
    """Return the root of the XML in `document`, whatever copying left around it. Raises MetadataError."""
    return _parse(_prepare(document))


def _prepare(document: bytes) -> bytes:
    """Return UTF-8 that begins with the first tag, without byte order mark and leading blanks."""
    if len(document) > MAX_METADATA_BYTES:
        raise MetadataError("metadata-too-large", "The document is larger than 20 MB.")
    if document.startswith((b"\xff\xfe", b"\xfe\xff")):
        document = document.decode("utf-16", "replace").encode("utf-8")
    text = document.removeprefix(b"\xef\xbb\xbf").strip(b" \t\r\n\x00")
    if not text:
        raise MetadataError("metadata-empty", "The document is empty.")
    start = text[:2000].lower()
    if start.startswith((b"<!doctype html", b"<html")) or b"<html" in start:
        raise MetadataError("metadata-html", "This is a web page, not metadata.")
    if not text.startswith(b"<"):
        raise MetadataError("metadata-not-xml", "This is not XML.")
    if b"\x00" in text:
        raise MetadataError("metadata-not-xml", "This is in an encoding that we do not read. Save it as UTF-8.")
    if b"<!doctype" in text.lower() or b"<!entity" in text.lower():
        raise MetadataError(
            "metadata-doctype", "The document has a document type declaration, which metadata never has."
        )
    if text.count(b"<") > _MAX_TAGS:
        raise MetadataError("metadata-too-large", "The document has too many elements.")
    return text


def _parse(text: bytes) -> etree._Element:
    try:
        return parse_metadata_document(text)
    except etree.XMLSyntaxError as error:
        if (
            len(re.findall(rb"<(?:[A-Za-z0-9_.-]+:)?EntityDescriptor[\s>]", text)) > 1
            and b"EntitiesDescriptor" not in text
        ):
            raise MetadataError("metadata-several", "These are several documents in one. Paste one of them.") from error
        reason = (str(error).splitlines() or [""])[0][:200]
        raise MetadataError("metadata-not-xml", f"The XML is damaged: {reason}") from error
