"""The one XML parser of the adapter. Nothing else in the package may parse XML (an architecture test says so).

A message is UTF-8 and consists of elements, attributes and text only. Well-formed XML has `<!` and `<?` nowhere but in
document types, comments, CDATA sections and processing instructions, so refusing these two bytes removes all of them
before a parser runs, and with them entities, split text and every disagreement about what a value is.
"""

from __future__ import annotations

import re

from lxml import etree

from portico_saml.reasons import Reason, refuse

#: A response with thousands of groups has 0.5 MiB; decoded size.
MAX_MESSAGE_BYTES = 1_048_576
MAX_ELEMENTS = 12_000
MAX_ATTRIBUTES = 24_000
MAX_ATTRIBUTES_OF_ONE = 64  # lxml lists the attributes of an element in quadratic time
MAX_DEPTH = 40

_BOM = b"\xef\xbb\xbf"
_DECLARATION = re.compile(
    rb"""<\?xml\s+version\s*=\s*["']1\.0["']"""
    rb"""(?:\s+encoding\s*=\s*["'](?:utf-8|us-ascii)["'])?(?:\s+standalone\s*=\s*["'](?:yes|no)["'])?\s*\?>""",
    re.IGNORECASE,
)
#: An attribute always follows white space, which also keeps this search linear.
_NAMESPACE = re.compile(rb"""\sxmlns(?::[^\s=]+)?\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ABSOLUTE_URI = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*:[^\s\"'<>&]+")
_TOO_DEEP = etree.XPath("boolean(" + "/*" * (MAX_DEPTH + 1) + ")")


def parse_message(raw: bytes) -> etree._Element:
    """Return the root of a message that holds nothing but elements, attributes and text, within all limits.

    Raises:
        Refusal: size, encoding, document type, other markup, not well-formed, relative namespace.
    Spec: SAML core 1.3 and 5.4; void canonicalization needs the relative namespace that is refused here.
    """
    check_lexical(raw)
    try:
        root = etree.fromstring(raw, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        refuse(Reason.DOCUMENT, f"not well-formed XML: {_first_line(error)}")
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
        refuse(Reason.DOCTYPE, "a document type declaration")
    if _TOO_DEEP(root):
        refuse(Reason.SIZE, f"nested deeper than {MAX_DEPTH} elements")
    return root


def check_lexical(raw: bytes) -> None:
    """Raise Refusal unless the bytes are UTF-8 without any markup but tags, few enough, with absolute namespaces."""
    if not raw:
        refuse(Reason.DOCUMENT, "an empty document")
    if len(raw) > MAX_MESSAGE_BYTES:
        refuse(Reason.SIZE, f"{len(raw)} bytes, at most {MAX_MESSAGE_BYTES}")
    if raw.count(b"<") > 2 * MAX_ELEMENTS:
        refuse(Reason.SIZE, f"more than {MAX_ELEMENTS} elements")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        refuse(Reason.DOCUMENT, "not UTF-8")
    if b"\x00" in raw:
        refuse(Reason.DOCUMENT, "not UTF-8 (another encoding of Unicode)")
    declaration = _DECLARATION.match(raw, len(_BOM) if raw.startswith(_BOM) else 0)
    if raw.count(b"<?") != (1 if declaration else 0):
        refuse(Reason.DOCUMENT, "a processing instruction, or a declaration of another encoding than UTF-8")
    if b"<!" in raw:
        if b"<!doctype" in raw.lower() or b"<!entity" in raw.lower():
            refuse(Reason.DOCTYPE, "a document type declaration")
        refuse(Reason.DOCUMENT, "a comment or CDATA section")
    _check_namespaces(raw)


def _check_namespaces(raw: bytes) -> None:
    for value in {first or second for first, second in _NAMESPACE.findall(raw)}:
        if value and not _ABSOLUTE_URI.fullmatch(value):
            refuse(Reason.DOCUMENT, f"a namespace that is not an absolute URI: {value[:80].decode('utf-8', 'replace')}")


def parse_metadata_document(raw: bytes) -> etree._Element:
    """Return the root of a metadata document, without its comments and processing instructions.

    Does not judge the content. The caller has refused document types and sizes (`metadata.py`) in words for people.

    Raises:
        lxml.etree.XMLSyntaxError: not well-formed.
    """
    return etree.fromstring(raw, _parser(for_metadata=True))


def _parser(*, for_metadata: bool = False) -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
        remove_comments=for_metadata,
        remove_pis=for_metadata,
        collect_ids=False,  # the only ID that xmlsec may resolve is the one registered for the verified element
    )


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def text_of(element: etree._Element | None) -> str:
    """Return the whole text of an element without children; refuse one with children, never a prefix of its text."""
    if element is None:
        return ""
    if len(element):
        refuse(Reason.STRUCTURE, f"{etree.QName(element).localname} holds elements instead of text")
    return element.text or ""
