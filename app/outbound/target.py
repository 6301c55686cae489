"""Reading a URL as the origin it addresses, so strictly that no other parser can read another host out of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.outbound.addresses import Address, parse_address

DEFAULT_PORTS = {"https": 443, "http": 80}
_MAX_URL = 4096
_PRINTABLE = re.compile(r"[\x21-\x7e]+")
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*")
# Parsers of the WHATWG kind read a host that ends in a number as an IPv4 address: 2130706433, 0x7f.1, 0177.0.0.1.
_NUMERIC_END = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")


class UnsafeUrl(ValueError):
    """The URL is not one that may be used; the message says why, without quoting it."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a URL leads. `address` is set when the host is an IP address."""

    scheme: str
    host: str
    port: int
    address: Address | None = None
    fragment: bool = False

    @property
    def origin(self) -> str:
        """`scheme://host:port`, the port always written."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    @property
    def is_local_name(self) -> bool:
        """True for `localhost` and names below it (RFC 6761 6.3)."""
        return self.host == "localhost" or self.host.endswith(".localhost")


def parse_target(url: str) -> Target:
    """Return where `url` leads, for an absolute http or https URL in the one spelling every parser agrees on.

    Raises UnsafeUrl.
    """
    if len(url) > _MAX_URL or not _PRINTABLE.fullmatch(url) or "\\" in url:
        raise UnsafeUrl("it is too long or contains blanks, control or non-ASCII characters")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UnsafeUrl("it is malformed") from error
    if parts.scheme not in DEFAULT_PORTS or not url[len(parts.scheme) :].startswith("://"):
        raise UnsafeUrl("only absolute https addresses are used")
    if "@" in parts.netloc:
        raise UnsafeUrl("it carries a user name")
    host = (parts.hostname or "").lower()
    address = _literal(host, bracketed=parts.netloc.startswith("["))
    if port == 0 or parts.netloc.endswith(":"):
        raise UnsafeUrl("its port is not usable")
    return Target(parts.scheme, host, port or DEFAULT_PORTS[parts.scheme], address, "#" in url)


def _literal(host: str, *, bracketed: bool) -> Address | None:
    if bracketed or _NUMERIC_END.fullmatch(host):
        if "%" in host:  # a zone (fe80::1%eth0) is local by definition
            raise UnsafeUrl("its host is an address of one network interface")
        try:
            return parse_address(host)
        except ValueError as error:
            raise UnsafeUrl("its host is a number in an unusual form") from error
    if not _NAME.fullmatch(host):
        raise UnsafeUrl("its host name is not valid")
    return None
