"""E-mail addresses as they may stand in a header and be written to."""

from __future__ import annotations

import re

from app.errors import Invalid, Problem

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}", re.IGNORECASE)


def parse_address(text: str, field: str = "email") -> str:
    """Return one plain address, its domain as A-label in lower case; never a list, a name or a header.

    Raises:
        Invalid: anything else, naming `field`.

    Spec: RFC 5321 4.1.2, without quoted local parts and address literals.
    """
    local, at, domain = text.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        domain = ""
    if not at or len(local) > 64 or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise Invalid(Problem(field, "email-syntax", "Write one e-mail address, such as name@example.com."))
    return f"{local}@{domain}"
