"""Errors of the protocol, and how a vendor words them."""

from __future__ import annotations

from datetime import datetime

from portico_simulator.idp import Idp
from portico_simulator.people import stable_uuid
from portico_simulator.profiles import OidcProfile


class OAuthError(Exception):
    """An error with a wire code (RFC 6749 4.1.2.1 and 5.2, OIDC Core 3.1.2.6).

    Args:
        code: of the wire.
        description: a constant sentence.
        cause: the more exact name under which a vendor lists its number; the wire code where there is none.
    """

    def __init__(self, code: str, description: str, cause: str | None = None) -> None:
        super().__init__(description)
        self.code, self.description, self.cause = code, description, cause or code


def number_of(idp: Idp[OidcProfile], error: OAuthError) -> int | None:
    """Return the vendor's number for the error, where it numbers its errors."""
    codes = idp.profile.error_codes
    return codes.get(error.cause, codes.get(error.code))


def describe(idp: Idp[OidcProfile], error: OAuthError, now: datetime) -> str:
    """Return the `error_description`: Entra's begins with its number and ends with what its support asks for."""
    number = number_of(idp, error)
    if number is None:
        return error.description
    trace, correlation = (stable_uuid(name, now.isoformat()) for name in ("trace", "correlation"))
    stamp = now.strftime("%Y-%m-%d %H:%M:%SZ")
    return f"AADSTS{number}: {error.description} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {stamp}"
