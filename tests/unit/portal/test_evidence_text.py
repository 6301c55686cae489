"""How evidence is shown: a response in lines, and the difference of two values. Requirements 28 and 29."""

from __future__ import annotations

from app.portal.evidence_text import Difference, differ, lay_out


def test_a_response_is_laid_out_and_every_character_of_it_is_there() -> None:
    raw = '<?xml version="1.0"?><r:Response ID="1"><Issuer>https://idp</Issuer><A><B/><C></C></A></r:Response>'
    assert lay_out(raw) == (
        '<?xml version="1.0"?>\n<r:Response ID="1">\n  <Issuer>https://idp</Issuer>\n  <A>\n    <B/>\n    <C></C>\n'
        "  </A>\n</r:Response>"
    )
    assert "".join(line.strip() for line in lay_out(raw).splitlines()) == raw


def test_lines_inside_a_certificate_are_no_layout() -> None:
    raw = '<?xml version="1.0"?>\n<r><X509Certificate>' + "AAAA\n" * 20 + "</X509Certificate><a>1</a></r>"
    assert lay_out(raw).endswith("  <a>1</a>\n</r>")


def test_what_is_laid_out_already_and_what_is_no_xml_stays() -> None:
    for raw in (
        "",
        "{}",
        "<a>\n<b/>\n<c/>\n<d/>\n<e/>\n</a>",
        "<",
        "</a></a>",
        "<a",
        "x" * 200_000,
        "<" * 100_000,
        "<a" * 50_000,
    ):
        assert lay_out(raw).replace("\n", "") == raw.replace("\n", "")


def test_only_what_differs_is_marked() -> None:
    one, other = "https://sso.example/con-1/metadata", "https://sso.example/con-1/acs"
    assert differ(one, other) == Difference("https://sso.example/con-1/", "metadata", "acs", "")
    assert differ("https://a.example/", "https://a.example") == Difference("https://a.example", "/", "", "")
    assert differ("2026-01-01T10:00Z", "2026-01-02T10:00Z") == Difference("2026-01-0", "1", "2", "T10:00Z")


def test_values_that_share_nothing_are_not_marked() -> None:
    for one, other in (("a", "a"), ("", "x"), ("x", ""), ("RS256", "none"), ("abc", "xyz")):
        assert differ(one, other) is None
