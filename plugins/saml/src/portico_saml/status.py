"""The provider's own verdict: success, or an error in its words."""

from __future__ import annotations

from lxml import etree

from portico_saml.evidence import samlp
from portico_saml.names import STATUS_SUCCESS
from portico_saml.reasons import Reason, StatusRefusal, refuse
from portico_saml.trace import Compared

_PREFIX = "urn:oasis:names:tc:SAML:2.0:status:"


def check_status(response: etree._Element) -> Compared:
    """Return when the status is exactly Success.

    Raises:
        StatusRefusal: the provider answered with an error; detail has its codes, outer first, and its message.
        Refusal: no status, or an empty code.
    Spec: SAML core 3.2.2.
    """
    status = samlp(response, "Status")
    codes = [code.get("Value", "") for code in samlp(response, "Status", "StatusCode")]
    if len(status) != 1 or len(codes) != 1 or not codes[0].strip():
        refuse(Reason.STATUS, "the response has no status", expected=STATUS_SUCCESS, received="nothing")
    if codes[0] == STATUS_SUCCESS:
        return Compared(STATUS_SUCCESS, codes[0])
    nested = [code.get("Value", "") for code in status[0].iter() if str(code.tag).endswith("}StatusCode")]
    message = " ".join("".join(map(str, part.itertext())) for part in samlp(status[0], "StatusMessage")).strip()
    names = " / ".join(code.removeprefix(_PREFIX) for code in nested)[:300]
    raise StatusRefusal(
        Reason.STATUS,
        f"the identity provider answered {names}" + (f": {message[:500]}" if message else ""),
        expected=STATUS_SUCCESS,
        received=f"{names} {message}".strip()[:500],
    )
