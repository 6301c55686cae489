"""How a tenant is named: `acme.eu.auth0.com`, and from that the one origin that is asked."""

from __future__ import annotations

from urllib.parse import urlsplit

from app.errors import Invalid, Problem
from app.outbound.target import UnsafeUrl, parse_target
from app.settings import is_loopback_host


def parse_origin(text: str, field: str = "domain") -> str:
    """Return the origin, lower case and without a trailing slash, of a tenant or custom domain.

    Args:
        text: a host name as Auth0 shows it, or its https origin. `http://` is for a stand-in on this machine.

    Raises Invalid.
    """
    typed = text.strip().lower().rstrip("/")
    url = typed if "://" in typed else f"https://{typed}"
    try:
        target = parse_target(url)
        parts = urlsplit(url)
    except (UnsafeUrl, ValueError):
        raise _wrong(field) from None
    if parts.path or parts.query or parts.fragment or target.fragment:
        raise _wrong(field)
    if target.scheme == "http" and not is_loopback_host(target.host):
        raise _wrong(field)
    is_name = "." in target.host and target.address is None
    if not is_name and not is_loopback_host(target.host):
        raise _wrong(field)
    return f"{parts.scheme}://{parts.netloc}"


def _wrong(field: str) -> Invalid:
    return Invalid(Problem(field, "auth0-domain", "Give the tenant's domain, such as acme.eu.auth0.com."))
