"""The functions of python3-saml that are replaced, so that one login costs a millisecond and not four.

In the library's module `onelogin.saml2.response`, and nowhere else, two names stand for subclasses of what they named:

    OneLogin_Saml2_XML    XPath and XML schema compiled once per thread (the library: at every call)
    OneLogin_Saml2_Utils  times and status read by stricter functions; and, within a `Judgement`, its clock, and a signature
                          is valid exactly when it is one that we verified

Without a judgement the library keeps its own clock and verifies for itself. A test pins the library's version; decision
record 0010 says why all this is so.
"""

from __future__ import annotations

import calendar
import threading
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import onelogin.saml2
from lxml import etree
from onelogin.saml2 import response as library_response
from onelogin.saml2.constants import OneLogin_Saml2_Constants
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.utils import OneLogin_Saml2_Utils
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

from portico_saml.names import XENC11
from portico_saml.times import parse_time

LIBRARY_VERSION = "1.16.0"

#: The library's schema of XML Encryption is of version 1.0; the one element of 1.1 that `sealed.py` reads is all that may
#: be unknown to it.
_NEWER = (
    f"Element '{{{XENC11}}}MGF': No matching global element declaration available, but demanded by the strict wildcard."
)
_SCHEMAS = Path(onelogin.saml2.__file__).parent / "schemas"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What holds while the library judges one response: the moment, and the Signature elements that we verified."""

    at: datetime
    signatures: tuple[etree._Element, ...]


current: ContextVar[Judgement | None] = ContextVar("portico_saml_judgement", default=None)
_thread = threading.local()
_install = threading.Lock()


def install() -> None:
    """Put the two subclasses in place, once for the process. Raises RuntimeError for another version of the library."""
    with _install:
        if version("python3-saml") != LIBRARY_VERSION:
            raise RuntimeError(f"python3-saml {version('python3-saml')} is not {LIBRARY_VERSION}")
        vars(library_response).update(OneLogin_Saml2_XML=LibraryXml, OneLogin_Saml2_Utils=LibraryUtils)


class LibraryXml(OneLogin_Saml2_XML):
    """The library's XML functions, with everything compiled once per thread."""

    @staticmethod
    def query(dom: Any, query: str, context: Any = None, tagid: str | None = None) -> Any:
        """Return the nodes at the XPath `query`."""
        compiled: dict[str, etree.XPath] = _kept("queries", dict)
        path = compiled.get(query)
        if path is None:
            path = compiled[query] = etree.XPath(query, namespaces=OneLogin_Saml2_Constants.NSMAP)
        source = dom if context is None else context
        return path(source) if tagid is None else path(source, tagid=tagid)

    @staticmethod
    def validate_xml(xml: Any, schema: str, debug: bool = False) -> Any:
        """Return the tree when it is valid, else the library's word for that it is not."""
        compiled: dict[str, etree.XMLSchema] = _kept("schemas", dict)
        if schema not in compiled:
            compiled[schema] = etree.XMLSchema(file=str(_SCHEMAS / schema))
        if compiled[schema].validate(xml):
            return xml
        complaints = {error.message for error in compiled[schema].error_log}  # type: ignore[attr-defined]
        return xml if complaints == {_NEWER} else "invalid_xml"


class LibraryUtils(OneLogin_Saml2_Utils):
    """The library's functions, under the current judgement where there is one."""

    @staticmethod
    def now() -> int:
        """Return the moment that is judged."""
        judgement = current.get()
        if judgement is None:
            return int(OneLogin_Saml2_Utils.now())  # type: ignore[no-untyped-call]
        return calendar.timegm(judgement.at.utctimetuple())

    @staticmethod
    def parse_SAML_to_time(timestr: str) -> int:  # noqa: N802 the library's name
        """Return the time in whole seconds. Raises Refusal."""
        return calendar.timegm(parse_time(timestr, "a time").utctimetuple())

    @staticmethod
    def get_status(dom: Any) -> dict[str, str]:
        """Return the one outer status code."""
        codes = LibraryXml.query(dom, "/samlp:Response/samlp:Status/samlp:StatusCode/@Value")
        return {"code": codes[0] if len(codes) == 1 else "missing", "msg": ""}

    @staticmethod
    def validate_sign(xml: Any, *arguments: Any, **options: Any) -> bool:
        """Return whether the one Signature at `xpath` is one that we verified."""
        judgement = current.get()
        if judgement is None:
            return bool(OneLogin_Saml2_Utils.validate_sign(xml, *arguments, **options))
        nodes = LibraryXml.query(xml, options["xpath"])
        return len(nodes) == 1 and any(nodes[0] is signature for signature in judgement.signatures)


class PreparedResponse(OneLogin_Saml2_Response):
    """The library's response over trees that exist already; what it asks twice it looks up once."""

    def __init__(self, settings: Any, document: etree._Element, decrypted: etree._Element | None) -> None:
        self._settings = settings
        self._error = None
        self.document = document
        self.decrypted_document = decrypted
        self.encrypted = decrypted is not None or None
        self.valid_scd_not_on_or_after = None
        self._found: dict[tuple[str, str | None], Any] = {}

    def _query(self, query: str, tagid: str | None = None) -> Any:
        key = (query, tagid)
        if key not in self._found:
            self._found[key] = super()._query(query, tagid)  # type: ignore[no-untyped-call]
        return self._found[key]


def _kept(name: str, make: Callable[[], Any]) -> Any:
    if not hasattr(_thread, name):
        setattr(_thread, name, make())
    return getattr(_thread, name)
