"""Which URLs a connection may name."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

_VISIBLE = re.compile(r"[\x21-\x7e]{1,2048}")
_OURS = re.compile(r"/sso/saml/con-[^/]+/(?:acs|metadata|slo)$")


def url_problem(value: str) -> str:
    """Return why `value` is no absolute https URL, or an empty string.

    Plain http is let through for loopback hosts only; whether it may be used at all is the gateway's decision
    (`Http.check_browser_url`).
    """
    if not _VISIBLE.fullmatch(value) or "\\" in value:
        return "This is not a URL."
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        return "This is not a URL."
    if parts.scheme not in ("https", "http") or not host or not port_is_fine:
        return "Give an absolute URL that begins with https://."
    if parts.username is not None or parts.password is not None or parts.fragment:
        return "The URL may hold no user name and no fragment."
    if parts.scheme == "http" and not is_loopback(host):
        return "Give a URL that begins with https://."
    return ""


def is_loopback(host: str) -> bool:
    """Return whether `host` names this machine (RFC 6761 6.3)."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_our_own(value: str) -> bool:
    """Return whether `value` looks like an address that we hand out, pasted back to us."""
    return _OURS.search(value) is not None
