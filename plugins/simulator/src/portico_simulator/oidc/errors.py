"""Errors of the protocol, and how a vendor words them."""

from __future__ import annotations

import re
from datetime import datetime

from portico_simulator.errors import tail, words_of
from portico_simulator.idp import Idp
from portico_simulator.profiles import OidcProfile, VendorError, find_caused

_NUMBER = re.compile(r"AADSTS(\d+)")


class OAuthError(Exception):
    """An error with a wire code (RFC 6749 4.1.2.1 and 5.2, OIDC Core 3.1.2.6).

    Args:
        code: of the wire.
        description: a constant sentence, for vendors that have no words of their own.
        cause: the more exact name under which a vendor lists its error; the wire code where there is none.
        said: the vendor's very error, when it was asked for by name.
    """

    def __init__(self, code: str, description: str, cause: str | None = None, said: VendorError | None = None) -> None:
        super().__init__(description)
        self.code, self.description, self.cause, self.said = code, description, cause or code, said


def vendor_error(idp: Idp[OidcProfile], error: OAuthError) -> VendorError | None:
    """Return the error as the vendor knows it, where it does."""
    return error.said or find_caused(idp.profile.errors, error.cause, error.code)


def describe(idp: Idp[OidcProfile], error: OAuthError, now: datetime) -> str:
    """Return the `error_description`: Entra's begins with its number and ends with what its support asks for."""
    known = vendor_error(idp, error)
    if known is not None:
        return words_of(idp, known, now)
    return error.description + (tail(now) if idp.profile.support_tail else "")


def number_of(idp: Idp[OidcProfile], error: OAuthError) -> int | None:
    """Return Entra's number for the error."""
    known = vendor_error(idp, error)
    found = _NUMBER.fullmatch(known.code) if known else None
    return int(found[1]) if found else None
