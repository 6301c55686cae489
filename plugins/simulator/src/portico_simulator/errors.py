"""How a vendor tells that something is wrong, on its own page or in an answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NoReturn

from portico_simulator.idp import Idp
from portico_simulator.pages import ShownToPerson
from portico_simulator.people import stable_uuid
from portico_simulator.profiles import VendorError, find_caused

#: What vendors say that have no words of their own for a cause.
PLAIN = {
    "unknown_application": VendorError("", "This application is not known here.", at="page", http=404),
    "wrong_acs": VendorError("", "The address for the answer is not registered for this application.", at="page"),
    "not_assigned": VendorError("", "You are not assigned to this application.", at="page", http=403),
    "no_request": VendorError("", "There is no SAMLRequest.", at="page"),
    "malformed_request": VendorError("", "The request cannot be read.", at="page"),
    "signature": VendorError("", "The request is not signed, or its signature does not verify.", at="page"),
    "signature_algorithm": VendorError("", "The request is not signed with RSA-SHA256.", at="page"),
    "stale_request": VendorError("", "The request is too old.", at="page"),
    "redirected": VendorError("", "Requests come by HTTP-POST only.", at="page", http=405),
    "binding": VendorError("", "Answers go by HTTP-POST only.", at="page"),
    "request_id": VendorError("", "The ID of the request is not acceptable.", at="page"),
    "name_id_policy": VendorError("", "", status=("Requester", "InvalidNameIDPolicy")),
    "name_id_empty": VendorError("", "", status=("Requester", "InvalidNameIDPolicy")),
    "no_passive": VendorError("", "", status=("Responder", "NoPassive")),
    "authn_context": VendorError("", "", status=("Responder", "NoAuthnContext")),
    "no_encryption_key": VendorError("", "The assertion cannot be encrypted: the application has no key.", at="page"),
    "loop": VendorError("", "This browser was sent here too often within a second.", at="page"),
}


def error_of(idp: Idp[Any], cause: str) -> VendorError:
    """Return the vendor's error for one of the causes above, in its own words where it has some."""
    return find_caused(idp.profile.errors, cause) or PLAIN[cause]


def words_of(idp: Idp[Any], error: VendorError, now: datetime) -> str:
    """Return the text as the vendor shows or sends it: Entra's ends with the numbers that its support asks for."""
    return error.words + (tail(now) if idp.profile.support_tail else "")


def tail(now: datetime) -> str:
    """Return what stands at the end of Entra's errors."""
    trace, correlation = (stable_uuid(name, now.isoformat()) for name in ("trace", "correlation"))
    return f" Trace ID: {trace} Correlation ID: {correlation} Timestamp: {now:%Y-%m-%d %H:%M:%SZ}"


def show(idp: Idp[Any], error: VendorError) -> NoReturn:
    """End the request with the vendor's own page. Raises ShownToPerson."""
    raise ShownToPerson(words_of(idp, error, idp.clock()), error.http)


def stop(idp: Idp[Any], cause: str) -> NoReturn:
    """End the request with the vendor's own page about one of the causes above. Raises ShownToPerson."""
    show(idp, error_of(idp, cause))
