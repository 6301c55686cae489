"""python3-saml's own verdict over the very tree that was verified, at the speed of one login.

`OneLogin_Saml2_Response.is_valid` runs unchanged, strict, with its XML schema, as the last gate. It parses nothing and
verifies nothing a second time. In its module `onelogin.saml2.response`, and nowhere else, two names are replaced by
subclasses of what they name:

    OneLogin_Saml2_XML    XPath compiled once, XML schema compiled once, each per thread (the library: at every call)
    OneLogin_Saml2_Utils  the clock of this sign-in; times and status read by stricter, faster functions; a signature is
                          valid when it is one that we verified

Outside `second_opinion` the library keeps its own clock and verifies for itself. A test pins the version of the library.
Decision record 0010 says why.
"""

from __future__ import annotations

import calendar
import threading
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import onelogin.saml2
from lxml import etree
from onelogin.saml2 import response as library_response
from onelogin.saml2.constants import OneLogin_Saml2_Constants
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.utils import OneLogin_Saml2_Utils
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

from portico_saml.evidence import Evidence, saml
from portico_saml.names import POST, REDIRECT, XENC11
from portico_saml.policy import Policy
from portico_saml.profile import valid_until
from portico_saml.reasons import Reason, refuse
from portico_saml.times import parse_time
from portico_saml.trace import Compared

LIBRARY_VERSION = "1.16.0"

#: The library's schema of XML Encryption is of version 1.0; the one element of 1.1 that `encryption.py` reads is all that
#: may be unknown to it.
_NEWER = (
    f"Element '{{{XENC11}}}MGF': No matching global element declaration available, but demanded by the strict wildcard."
)
_SCHEMAS = Path(onelogin.saml2.__file__).parent / "schemas"


@dataclass(frozen=True, slots=True)
class _Verified:
    """What is true during one sign-in: the moment it is judged at, and the signatures that we verified."""

    at: datetime
    signatures: tuple[etree._Element, ...]


_verified: ContextVar[_Verified | None] = ContextVar("portico_saml_verified", default=None)
_thread = threading.local()
_install = threading.Lock()


class _Xml(OneLogin_Saml2_XML):
    """The library's XML functions, with everything compiled once per thread."""

    @staticmethod
    def query(dom: Any, query: str, context: Any = None, tagid: str | None = None) -> Any:
        compiled: dict[str, etree.XPath] = _kept("queries", dict)
        path = compiled.get(query)
        if path is None:
            path = compiled[query] = etree.XPath(query, namespaces=OneLogin_Saml2_Constants.NSMAP)
        source = dom if context is None else context
        return path(source) if tagid is None else path(source, tagid=tagid)

    @staticmethod
    def validate_xml(xml: Any, schema: str, debug: bool = False) -> Any:
        compiled: dict[str, etree.XMLSchema] = _kept("schemas", dict)
        if schema not in compiled:
            compiled[schema] = etree.XMLSchema(file=str(_SCHEMAS / schema))
        if compiled[schema].validate(xml):
            return xml
        complaints = {error.message for error in compiled[schema].error_log}  # type: ignore[attr-defined]
        return xml if complaints == {_NEWER} else "invalid_xml"


class _Utils(OneLogin_Saml2_Utils):
    """The library's functions, with the clock and the verified signatures of the current sign-in."""

    @staticmethod
    def now() -> int:
        verified = _verified.get()
        if verified is None:
            return int(OneLogin_Saml2_Utils.now())  # type: ignore[no-untyped-call]
        return calendar.timegm(verified.at.utctimetuple())

    @staticmethod
    def parse_SAML_to_time(timestr: str) -> int:  # noqa: N802 the library's name
        return calendar.timegm(parse_time(timestr, "a time").utctimetuple())

    @staticmethod
    def get_status(dom: Any) -> dict[str, str]:
        codes = _Xml.query(dom, "/samlp:Response/samlp:Status/samlp:StatusCode/@Value")
        return {"code": codes[0] if len(codes) == 1 else "missing", "msg": ""}

    @staticmethod
    def validate_sign(xml: Any, *arguments: Any, **options: Any) -> bool:
        verified = _verified.get()
        if verified is None:
            return bool(OneLogin_Saml2_Utils.validate_sign(xml, *arguments, **options))
        nodes = _Xml.query(xml, options["xpath"])
        return len(nodes) == 1 and any(nodes[0] is signature for signature in verified.signatures)


class _PreparedResponse(OneLogin_Saml2_Response):
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


def install() -> None:
    """Put the two subclasses in place, once for the process. Raises RuntimeError for another version of the library."""
    with _install:
        if version("python3-saml") != LIBRARY_VERSION:
            raise RuntimeError(f"python3-saml {version('python3-saml')} is not {LIBRARY_VERSION}")
        vars(library_response).update(OneLogin_Saml2_XML=_Xml, OneLogin_Saml2_Utils=_Utils)


def second_opinion(
    evidence: Evidence,
    decrypted: etree._Element | None,
    signatures: tuple[etree._Element, ...],
    settings_for: Callable[[str], Any],
) -> Compared:
    """Return when python3-saml accepts the response too.

    Args:
        decrypted: the response with its assertion in clear, when it came encrypted.
        signatures: Signature elements that `verify_signature` verified.
        settings_for: the library's settings for one of our audiences.
    Raises:
        Refusal: the library refuses, for whatever reason and with whatever exception.
    """
    response = _PreparedResponse(settings_for(_matched_audience(evidence)), evidence.response, decrypted)
    token = _verified.set(_Verified(_nearest_moment(evidence), signatures))
    try:
        response.is_valid(  # type: ignore[no-untyped-call]
            _request_data(evidence), evidence.request_id, raise_exceptions=True
        )
    except Exception as error:
        refuse(Reason.LIBRARY, f"python3-saml refused: {error}"[:500], received=type(error).__name__)
    finally:
        _verified.reset(token)
    return Compared("accepted", "accepted")


def library_settings(policy: Policy, audience: str, certificates: list[str]) -> Any:
    """Return settings under which the library is strict and asks what this connection asks; made once per audience."""
    return OneLogin_Saml2_Settings(  # type: ignore[no-untyped-call]
        {
            "strict": True,
            "debug": False,
            "sp": {"entityId": audience, "assertionConsumerService": {"url": policy.acs_urls[0], "binding": POST}},
            "idp": {
                "entityId": policy.idp_entity_id,
                "singleSignOnService": {"url": "https://unused.example/", "binding": REDIRECT},
                "x509certMulti": {"signing": list(certificates)},
            },
            "security": {
                "wantMessagesSigned": policy.signed in ("response", "both"),
                "wantAssertionsSigned": policy.signed in ("assertion", "both"),
                "wantAttributeStatement": False,
                "wantNameId": True,
                "rejectDeprecatedAlgorithm": True,
                "allowRepeatAttributeName": True,
                "requestedAuthnContext": False,
                "allowSingleLabelDomains": True,
            },
        }
    )


def _matched_audience(evidence: Evidence) -> str:
    named = {audience.text for audience in saml(evidence.assertion, "Conditions", "AudienceRestriction", "Audience")}
    return next(audience for audience in evidence.policy.audiences if audience in named)


def _nearest_moment(evidence: Evidence) -> datetime:
    """The moment nearest to now at which the assertion is valid without any skew.

    The library knows no skew for confirmations. Our own checks have established that now is within the connection's skew
    of the validity; the library then judges the nearest valid second, and still refuses what was never valid.
    """
    starts = [saml(evidence.assertion, "Conditions")[0].get("NotBefore"), evidence.confirmation.get("NotBefore")]
    ends = [saml(evidence.assertion, "AuthnStatement")[0].get("SessionNotOnOrAfter")]
    at = evidence.now
    for start in filter(None, starts):
        at = max(at, parse_time(start, "NotBefore"))
    at = min(at, valid_until(evidence) - timedelta(seconds=1))
    for end in filter(None, ends):
        at = min(at, parse_time(end, "SessionNotOnOrAfter") - timedelta(seconds=1))
    return at


def _request_data(evidence: Evidence) -> dict[str, str]:
    """The request as the library knows one. The address is the accepted one that the assertion names."""
    address = urlsplit(evidence.confirmation.get("Recipient", ""))
    return {
        "https": "on" if address.scheme == "https" else "off",
        "http_host": address.netloc,
        "script_name": address.path,
    }


def _kept(name: str, make: Callable[[], Any]) -> Any:
    if not hasattr(_thread, name):
        setattr(_thread, name, make())
    return getattr(_thread, name)
