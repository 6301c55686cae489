"""The offline guide as PDF: this customer's values, whole and copyable, in the visitor's language. Item 2."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from pypdf import PdfReader

from app.portal.guide import Guide, Section
from app.portal.guide_pdf import write_pdf
from app.portal.pace import MOST
from app.translations import Words
from tests.support.clock import SettableClock
from tests.support.visitor import Visitor
from tests.support.whole_app import whole_app

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def app(database_url: str, clock: SettableClock, tmp_path: Path) -> Iterator[Flask]:
    with whole_app(database_url, clock, tmp_path, brand_name="Ledgerline") as made:
        yield made


def read(visitor: Visitor, path: str, **headers: str) -> tuple[PdfReader, str]:
    answer = visitor.client.get(path, headers=headers)
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"
    document = PdfReader(BytesIO(answer.data))
    return document, "\n".join(page.extract_text() for page in document.pages)


@pytest.mark.parametrize(
    "adapter", ["okta-saml", "entra-saml", "entra-oidc", "adfs-saml", "google-saml", "saml", "oidc"]
)
def test_every_providers_steps_are_in_it_with_this_customers_values(
    app: Flask, clock: SettableClock, adapter: str
) -> None:
    """In the wizard's order; each value on one line, so that it copies as it is; pages are numbered."""
    visitor = Visitor(app, clock)
    visitor.enter()
    root = visitor.choose(adapter)
    visitor.post("/setup/domains", domain="halden.example")
    document, text = read(visitor, f"{root}/guide.pdf")
    page = visitor.get(f"{root}/guide")
    values = re.findall(r"<code[^>]*>(http[^<]+)</code>", page)
    assert values, "every provider gets some"
    lines = [line.strip() for line in text.splitlines()]
    for value in values:
        assert value in lines, value
    titles = [html.unescape(one) for one in re.findall(r"<h2>(\d+\. [^<]+)</h2>", page)]
    bookmarks = [str(one.title) for one in document.outline if not isinstance(one, list)]
    assert bookmarks[: len(titles)] == titles
    assert "Verify the domain halden.example" in text
    assert "_portico.halden.example" in lines
    for number, sheet in enumerate(document.pages, 1):
        assert f"Page {number} of {len(document.pages)}" in sheet.extract_text()
    assert document.metadata is not None
    assert document.metadata.author == "Ledgerline"


def test_readers_find_title_language_and_order(app: Flask, clock: SettableClock) -> None:
    """Shown in the title of the window; sections in order; and no tags rather than a few, as 0026 says."""
    visitor = Visitor(app, clock)
    visitor.enter()
    document, text = read(visitor, f"{visitor.choose('okta-saml')}/guide.pdf")
    root = document.trailer["/Root"]
    assert (document.metadata or {})["/Title"] == "Set up single sign-on for Halden 0"
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] is not False
    assert "/MarkInfo" not in root
    assert "/StructTreeRoot" not in root
    starts = [text.index(str(one.title)) for one in document.outline if not isinstance(one, list)]
    assert len(starts) > 5
    assert starts == sorted(starts)


def test_a_link_has_a_few_made_in_a_minute(app: Flask, clock: SettableClock) -> None:
    """It costs time: then 429 with the constant sentence and when to come again; for each link, whatever visits it has."""
    visitor, other = Visitor(app, clock), Visitor(app, clock)
    visitor.enter()
    other.enter()
    path, others = f"{visitor.choose('oidc')}/guide.pdf", f"{other.choose('oidc')}/guide.pdf"
    assert [visitor.client.get(path).status_code for _ in range(MOST)] == [200] * MOST
    clock.advance(20)
    visitor.enter()
    refused = visitor.client.get(path)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "40")
    assert "Too many requests. Try again in a minute</h1>" in refused.text
    visitor.get(path.replace(".pdf", ""))
    assert other.client.get(others).status_code == 200
    clock.advance(41)
    assert visitor.client.get(path).status_code == 200


def test_it_speaks_german_with_its_letters(app: Flask, clock: SettableClock) -> None:
    """Umlauts and sharp s, from fonts that are embedded."""
    visitor = Visitor(app, clock)
    visitor.enter()
    root = visitor.choose("okta-saml")
    document, text = read(visitor, f"{root}/guide.pdf", **{"Accept-Language": "de"})
    assert document.trailer["/Root"]["/Lang"] == "de"
    assert re.search("[äöüß]", text)
    fonts = document.pages[0]["/Resources"]["/Font"].values()
    assert all("/DescendantFonts" in font.get_object() for font in fonts), "no core font, which is not embedded"


def test_links_lead_to_the_steps_and_nowhere_else(app: Flask, clock: SettableClock) -> None:
    visitor = Visitor(app, clock)
    visitor.enter()
    root = visitor.choose("okta-saml")
    document, _ = read(visitor, f"{root}/guide.pdf")
    links = {
        note.get_object()["/A"]["/URI"]
        for page in document.pages
        for note in page.get("/Annots", [])
        if "/A" in note.get_object()
    }
    assert f"http://127.0.0.1:8000{root}/step-copy-values" in links
    assert all(link.startswith("http://127.0.0.1:8000/setup/") for link in links)
    assert visitor.path.rpartition("/")[2] not in str(links), "the link's token is in no document"


def test_it_is_scoped_like_the_page(app: Flask, clock: SettableClock) -> None:
    """Row T9: not for another organization's link, a link for domains, or one step of something else."""
    visitor, other = Visitor(app, clock), Visitor(app, clock)
    visitor.enter()
    other.enter()
    path = f"{visitor.choose('okta-saml')}/guide.pdf"
    other.get(path, 404)
    visitor.client.delete_cookie("portico-setup")
    visitor.get(path, 401)
    visitor.link(features=["domains"])
    visitor.enter()
    visitor.get(path, 404)


def test_it_holds_no_secret(app: Flask, clock: SettableClock) -> None:
    visitor = Visitor(app, clock)
    visitor.enter()
    root = visitor.choose("okta-oidc")
    settings = {"client_id": "abc", "client_secret": "correct-horse-battery"}
    visitor.api.ok("PATCH", f"/connections/{root.removeprefix('/setup/')}", {"settings": settings})
    assert "correct-horse" not in read(visitor, f"{root}/guide.pdf")[1]


def test_values_of_any_length_and_names_of_any_script_are_drawn() -> None:
    """Nothing is hyphenated or shortened, and nothing raises: letters that no font has are boxes."""
    long = "https://sso.example/" + "a1b2" * 60
    pem = "-----BEGIN CERTIFICATE-----\n" + "\n".join(["M" * 64] * 90) + "\n-----END CERTIFICATE-----"
    odd = "Škoda Łódź Ελλάς Київ 日本 🙂 \x00 ‮"
    section = Section(
        odd, "word " * 1500, (("Long", long), ("Certificate", pem)), ((odd, odd),), (), (odd,), "/setup/", True
    )
    guide = Guide(odd, odd, (odd,), (section,) * 3)
    raw = write_pdf(guide, Words("de"), brand=odd, fill="#0b5c66", base_url="https://sso.example", now=NOW)
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(raw)).pages).replace("\n", "")
    assert text.count(long) == 3
    assert text.count("M" * 64 * 2) >= 3
    assert "Škoda Łódź Ελλάς Київ" in text
