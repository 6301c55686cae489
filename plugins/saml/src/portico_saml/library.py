"""python3-saml's own verdict, as the last gate, over the very tree that was verified.

`OneLogin_Saml2_Response.is_valid` runs unchanged, strict, with its XML schema. It parses nothing and verifies nothing a
second time (`library_functions.py`); it can only refuse more.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from lxml import etree
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from portico_saml.check_validity import valid_until
from portico_saml.evidence import Evidence, saml
from portico_saml.library_functions import Judgement, PreparedResponse, current
from portico_saml.names import POST, REDIRECT
from portico_saml.policy import Policy
from portico_saml.reasons import Reason, refuse
from portico_saml.times import parse_time
from portico_saml.trace import Compared


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
    response = PreparedResponse(settings_for(_matched_audience(evidence)), evidence.response, decrypted)
    token = current.set(Judgement(_nearest_moment(evidence), signatures))
    try:
        response.is_valid(  # type: ignore[no-untyped-call]
            _request_data(evidence), evidence.request_id, raise_exceptions=True
        )
    except Exception as error:
        refuse(Reason.LIBRARY, f"python3-saml refused: {error}"[:500], received=type(error).__name__)
    finally:
        current.reset(token)
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
