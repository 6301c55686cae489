"""Addresses that a client registers. What passes here is kept and later compared byte for byte."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from app.errors import Problem
from app.settings import is_loopback_host

MAX_LENGTH = 2000
MAX_COUNT = 50
_CHARACTERS = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()+,;=%]+")  # RFC 3986, without "*"


def uri_problems(field: str, value: object, *, fragment: bool = False) -> Iterator[Problem]:
    """Yield what is wrong with one address.

    It must be absolute, https (http only where the host can only be this machine, RFC 8252 8.3), without user, wildcard and
    fragment, and written in the characters of RFC 3986: no browser then reads it differently than we do.

    Spec: OIDC Registration 2, RFC 9700 2.1
    """
    if not isinstance(value, str) or len(value) > MAX_LENGTH or not _CHARACTERS.fullmatch(value):
        yield Problem(field, "uri-syntax", "Write an absolute URL, in ASCII and without wildcards.")
        return
    parts = _split(value)
    if parts is None or not parts.hostname or "@" in parts.netloc or "[" in parts.path + parts.query:
        yield Problem(field, "uri-syntax", "Write an absolute URL with a host name and without a user.")
    elif parts.scheme != "https" and not (parts.scheme == "http" and is_loopback_host(parts.hostname)):
        yield Problem(field, "uri-scheme", "The URL must begin with https:// (http:// only for this machine).")
    elif "#" in value and not fragment:
        yield Problem(field, "uri-fragment", "The URL must not have a fragment (#).")
    elif any(segment in (".", "..") for segment in re.split(r"/|%2f", parts.path.replace("%2e", "."), flags=re.I)):
        yield Problem(field, "uri-syntax", "The URL must not have . or .. in its path.")


def uris_problems(field: str, values: object) -> Iterator[Problem]:
    """Yield what is wrong with a list of addresses."""
    if not isinstance(values, list) or len(values) > MAX_COUNT:
        yield Problem(field, "uri-list", f"Give a list of at most {MAX_COUNT} URLs.")
        return
    if len({str(value) for value in values}) != len(values):
        yield Problem(field, "uri-repeated", "The list names an URL twice.")
    for position, value in enumerate(values):
        yield from uri_problems(f"{field}[{position}]", value)


def origins_problems(field: str, values: object) -> Iterator[Problem]:
    """Yield what is wrong with a list of origins, each in the one spelling that `origin_of` gives."""
    if not isinstance(values, list) or len(values) > MAX_COUNT:
        yield Problem(field, "uri-list", f"Give a list of at most {MAX_COUNT} origins.")
        return
    if len({str(value) for value in values}) != len(values):
        yield Problem(field, "uri-repeated", "The list names an origin twice.")
    for position, value in enumerate(values):
        if origin_of(value) != value:
            message = "Write an origin such as https://tenant.example: lower case, no path, no default port."
            yield Problem(f"{field}[{position}]", "origin-syntax", message)


def origin_of(value: object) -> str | None:
    """Return scheme, host and port of an address that could be registered, or None when it could not."""
    if next(uri_problems("uri", value), None) is not None:
        return None
    parts = urlsplit(str(value))
    port = parts.port
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    default = {"https": 443, "http": 80}[parts.scheme]
    return f"{parts.scheme}://{host}" + ("" if port in (None, default) else f":{port}")


def _split(value: str) -> SplitResult | None:
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return None
    return parts
