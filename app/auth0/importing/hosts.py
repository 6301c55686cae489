"""Hosts as an operator types them: of the tenant, and of its custom domains."""

from __future__ import annotations

from urllib.parse import urlsplit

from app.auth0.origin import parse_origin


def parse_host(text: str, field: str) -> str:
    """Return the host, lower case, with its port where it has one. Raises Invalid naming `field`."""
    return urlsplit(parse_origin(text, field)).netloc
