"""Cookies: names and attributes that browsers enforce for us (RFC 6265bis 4.1.3.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import Request, Response

_VALUE = re.compile(r"[A-Za-z0-9_-]{22,128}")


@dataclass(frozen=True, slots=True)
class Cookie:
    """One cookie of ours: `__Host-portico-NAME` on https, `portico-NAME` on http, where no prefix is possible.

    Args:
        secure: whether browsers reach us by https.
        cross_site: whether it must come with a POST from another site (the ACS); `SameSite=None` then, on https.
        max_age_s: None ends it with the browser.
    """

    purpose: str
    secure: bool
    cross_site: bool = False
    max_age_s: int | None = None

    @property
    def name(self) -> str:
        return f"{'__Host-' if self.secure else ''}portico-{self.purpose}"

    def read(self, request: Request) -> str | None:
        """Return the value when it has the shape of one of ours, else None. Does not check that we gave it out."""
        value = request.cookies.get(self.name)
        return value if value and _VALUE.fullmatch(value) else None

    def write(self, response: Response, value: str) -> None:
        """Set it. `value` is 22 to 128 characters of `[A-Za-z0-9_-]`; raises ValueError otherwise."""
        if not _VALUE.fullmatch(value):
            raise ValueError(f"not a value for {self.name}")
        response.set_cookie(
            self.name,
            value,
            max_age=self.max_age_s,
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="None" if self.secure and self.cross_site else "Lax",
        )

    def clear(self, response: Response) -> None:
        response.delete_cookie(
            self.name,
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="None" if self.secure and self.cross_site else "Lax",
        )


def session_cookie(*, secure: bool) -> Cookie:
    """The cookie of sessions: a new value after every sign-in. The sign-in ends in a POST from another site, too."""
    return Cookie("session", secure=secure, cross_site=True, max_age_s=24 * 3600)


def browser_cookie(*, secure: bool) -> Cookie:
    """The cookie that binds pending sign-ins to this browser; one value carries many of them (tabs)."""
    return Cookie("browser", secure=secure, cross_site=True, max_age_s=24 * 3600)
