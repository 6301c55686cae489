"""Domain names in the one form that is stored and compared: A-labels, lower case, no trailing dot."""

from __future__ import annotations

import ipaddress
from functools import cache, lru_cache

import idna
from publicsuffixlist import PublicSuffixList

from app.errors import Invalid, Problem
from app.organizations.free_mail import is_free_mail

MAX_TYPED = 300


@lru_cache(maxsize=4096)  # a sign-in asks three times for the same name, and the next one from there again
def parse_domain(text: str) -> str:
    """Return the name in its stored form: two labels or more, each valid in IDNA 2008 after UTS 46 mapping.

    Says nothing about who may own it: for comparing, not for claiming.

    Raises:
        Invalid: not a domain name, an IP address, or a single label.

    Spec: RFC 5890 2.3.2.1, UTS 46 4.
    """
    if not text or len(text) > MAX_TYPED:
        raise _invalid("domain-syntax", "Write a domain such as example.com.")
    try:
        domain = idna.encode(text.strip().removesuffix("."), uts46=True, std3_rules=True).decode().lower()
    except (idna.IDNAError, UnicodeError, IndexError):  # idna.IDNAError is a UnicodeError; kept for the reader
        raise _invalid("domain-syntax", "This is not a domain name.") from None
    if len(domain) > 253:
        raise _invalid("domain-syntax", "This is too long for a domain name.")
    if _is_address(domain):
        raise _invalid("domain-address", "An IP address is not a domain.")
    if "." not in domain:
        raise _invalid("domain-single-label", "Write the whole domain, such as example.com.")
    return domain


def normalize_domain(text: str) -> str:
    """Return the stored form of a domain that one organization may own.

    Raises:
        Invalid: as parse_domain; or a public suffix (also of its private section), or a provider of mail for everybody.

    Spec: publicsuffix.org/list
    """
    domain = parse_domain(text)
    if is_free_mail(domain):
        raise _invalid("domain-free-mail", "Anybody can have an address there: it cannot belong to one organization.")
    if _public_suffixes().privatesuffix(domain) is None:
        raise _invalid("domain-public-suffix", "Others register their domains below this one: nobody owns it alone.")
    return domain


def _is_address(domain: str) -> bool:
    """Whether resolvers would read it as an address: also the short, octal and hexadecimal forms (WHATWG URL 3.5)."""
    try:
        ipaddress.ip_address(domain)
    except ValueError:
        last = domain.rsplit(".", 1)[-1]
        return last.isdigit() or last.startswith("0x")
    return True


@cache
def _public_suffixes() -> PublicSuffixList:
    """The list bundled with the package, read at first use; unknown top-level domains count as public suffixes."""
    return PublicSuffixList()


def _invalid(code: str, message: str) -> Invalid:
    return Invalid(Problem("domain", code, message))
