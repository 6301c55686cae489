"""Domain names have one form, and some belong to nobody (row T4)."""

from __future__ import annotations

import pytest

from app.errors import Invalid
from app.organizations import normalize_domain, parse_domain


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("EXAMPLE.com", "example.com"),
        ("example.com.", "example.com"),
        (" example.com ", "example.com"),
        ("sub.example.co.uk", "sub.example.co.uk"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("XN--BCHER-KVA.example", "xn--bcher-kva.example"),
        ("faß.example", "xn--fa-hia.example"),
        ("ｅｘａｍｐｌｅ。ｃｏｍ", "example.com"),
        ("contoso.onmicrosoft.com", "contoso.onmicrosoft.com"),
        ("acme.test", "acme.test"),
    ],
)
def test_every_spelling_of_a_domain_has_one_stored_form(typed: str, stored: str) -> None:
    """T4: case, trailing dot, IDN and full-width spellings cannot be claimed beside each other."""
    assert normalize_domain(typed) == stored
    assert normalize_domain(stored) == stored


def test_a_homograph_is_another_domain() -> None:
    """T4: Cyrillic letters that look Latin are stored as what they are."""
    assert normalize_domain("аррӏе.com") != "apple.com"
    assert normalize_domain("аррӏе.com").startswith("xn--")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "domain-syntax"),
        (".", "domain-syntax"),
        ("com", "domain-single-label"),
        ("localhost", "domain-single-label"),
        ("example..com", "domain-syntax"),
        (".example.com", "domain-syntax"),
        ("exa mple.com", "domain-syntax"),
        ("example.com/path", "domain-syntax"),
        ("https://example.com", "domain-syntax"),
        ("jane@example.com", "domain-syntax"),
        ("*.example.com", "domain-syntax"),
        ("_dmarc.example.com", "domain-syntax"),
        ("-a.example.com", "domain-syntax"),
        ("xn--a.example", "domain-syntax"),
        ("example.com:443", "domain-syntax"),
        ("exam\0ple.com", "domain-syntax"),
        ("\ud800.com", "domain-syntax"),
        ("a" * 64 + ".com", "domain-syntax"),
        (".".join(["a" * 60] * 6) + ".com", "domain-syntax"),
        ("192.168.0.1", "domain-address"),
        ("127.1", "domain-address"),
        ("0x7f.0x1", "domain-address"),
        ("[::1]", "domain-syntax"),
        ("::1", "domain-syntax"),
    ],
)
def test_what_is_no_domain_name_is_refused(typed: str, code: str) -> None:
    """Bad input is an Invalid on the field, never another exception."""
    with pytest.raises(Invalid) as refused:
        parse_domain(typed)
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [("domain", code)]


@pytest.mark.parametrize("suffix", ["co.uk", "com.au", "kawasaki.jp", "github.io", "herokuapp.com", "gov.br"])
def test_a_public_suffix_belongs_to_nobody(suffix: str) -> None:
    """T4: public suffixes are refused, ICANN's and private ones."""
    with pytest.raises(Invalid) as refused:
        normalize_domain(suffix)
    assert refused.value.problems[0].code == "domain-public-suffix"


@pytest.mark.parametrize(
    "domain",
    ["gmail.com", "GMAIL.com.", "outlook.com", "yahoo.co.uk", "proton.me", "qq.com", "web.de", "mail.gmail.com"],
)
def test_a_provider_of_mail_for_everybody_belongs_to_nobody(domain: str) -> None:
    """The plan, E-mail: free-mail domains are refused, also for an operator's vouch."""
    with pytest.raises(Invalid) as refused:
        normalize_domain(domain)
    assert refused.value.problems[0].code == "domain-free-mail"


def test_a_shared_parent_belongs_to_nobody_and_its_children_do() -> None:
    """Every Entra tenant has a name below onmicrosoft.com; the parent is nobody's."""
    with pytest.raises(Invalid):
        normalize_domain("onmicrosoft.com")
    assert normalize_domain("contoso.onmicrosoft.com")


def test_a_domain_that_only_ends_like_a_free_mail_name_is_free() -> None:
    """`notgmail.com` is not below `gmail.com`."""
    assert normalize_domain("notgmail.com") == "notgmail.com"
