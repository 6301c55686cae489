"""What both protocols share. Paths and identifiers of profiles are templates over `Idp.names`: {base}, {tenant}, ..."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from portico_simulator.behaviour import Where

UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
EMAIL_ADDRESS = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"


@dataclass(frozen=True, slots=True)
class VendorError:
    """An error as the vendor words it.

    Args:
        code: its own name or number for it; empty where it has none.
        text: what it says beside.
        cause: what makes the simulator answer so by itself; empty: only on demand (`fail_with`).
        at: where it appears. A `page` is the vendor's own: nothing reaches the application.
        status: SAML status, last segments of the URNs, outer first.
        oauth: the OAuth error code.
        http: the status of a page.
    """

    code: str
    text: str
    cause: str = ""
    at: Where = "answer"
    status: tuple[str, ...] = ("Responder",)
    oauth: str = "access_denied"
    http: int = 400

    @property
    def words(self) -> str:
        """Code and text, as they stand on a page or in a message."""
        return f"{self.code}: {self.text}" if self.code else self.text


def find_named(errors: Iterable[VendorError], code: str) -> VendorError | None:
    """Return the error of this code."""
    return next((error for error in errors if error.code == code and code), None)


def find_caused(errors: Iterable[VendorError], *causes: str) -> VendorError | None:
    """Return the error that the first of the causes with an error leads to."""
    known = {error.cause: error for error in reversed(tuple(errors)) if error.cause}
    return next((known[cause] for cause in causes if cause in known), None)
