"""The operator's brand, and a customer's own: by the API, on the portal, on sign-in pages, in mails. Item 9."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from app.settings import Settings
from app.web.actions import render_start
from portico_sdk import Redirect
from tests.support.clock import SettableClock
from tests.support.visitor import Visitor
from tests.support.whole_app import whole_app


def logo(size: tuple[int, int] = (400, 100), color: str = "#6b2a7a") -> str:
    written = BytesIO()
    Image.new("RGB", size, color).save(written, "PNG")
    return base64.b64encode(written.getvalue()).decode()


@pytest.fixture
def branded(database_url: str, clock: SettableClock, tmp_path: Path) -> Iterator[Flask]:
    """An installation of Ledgerline's."""
    own = tmp_path / "logo.png"
    own.write_bytes(base64.b64decode(logo((100, 100), "#0b5c66")))
    said: dict[str, Any] = {"brand_name": "Ledgerline", "brand_color": "#a03060", "brand_logo": str(own)}
    said |= {
        "brand_introduction": "Welcome to Ledgerline.\n\nIt takes a while.",
        "brand_support_email": "help@l.example",
    }
    with whole_app(database_url, clock, tmp_path, **said) as app:
        yield app


def put(visitor: Visitor, status: int = 200, **said: Any) -> Any:
    path = f"/organizations/{visitor.organization}/branding"
    if status == 200:
        return visitor.api.ok("PUT", path, said)
    return visitor.api.refused("PUT", path, said)


def test_the_installations_brand_is_everywhere(branded: Flask, clock: SettableClock) -> None:
    """Name, colour, logo, support address and introduction: on the link's page, in the portal, where people sign in."""
    visitor = Visitor(branded, clock)
    door = visitor.get(visitor.path)
    assert "<p>Welcome to Ledgerline.</p><p>It takes a while.</p>" in door
    visitor.enter()
    portal = visitor.get("/setup/")
    assert "help@l.example" in portal
    assert " – Ledgerline</title>" in portal
    for page in (door, portal, visitor.get("/nowhere", 404)):
        assert "Ledgerline" in page
        for address in re.findall(r'"(/theme/installation/[0-9a-f]+\.(?:css|png))"', page):
            served = visitor.client.get(address)
            assert served.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert len(re.findall(r"/theme/installation/[0-9a-f]+\.(?:css|png)", page)) == 2


def test_an_organization_has_a_brand_of_its_own(branded: Flask, clock: SettableClock) -> None:
    """What it does not say stays the installation's."""
    visitor, other = Visitor(branded, clock), Visitor(branded, clock)
    put(visitor, product_name="Halden Hub", logo=logo(), introduction="Only <b>text</b>.")
    door = visitor.get(visitor.path)
    assert "Only &lt;b&gt;text&lt;/b&gt;." in door
    assert 'alt="Halden Hub"' in door
    assert "/theme/installation/" in door, "the colour"
    visitor.enter()
    assert " – Halden Hub</title>" in visitor.get("/setup/")
    assert visitor.organization not in other.get(other.path)
    assert "Halden Hub" not in other.get(other.path)


def test_a_logo_is_served_from_our_own_origin_under_a_name_of_its_content(branded: Flask, clock: SettableClock) -> None:
    """Content type, nosniff, immutable; the address of an older logo is dead."""
    visitor = Visitor(branded, clock)
    put(visitor, logo=logo(), color="#ffee00")
    addresses = re.findall(rf"/theme/{visitor.organization}/[0-9a-f]+\.(?:css|png)", visitor.get(visitor.path))
    assert [one[-4:] for one in addresses] == [".css", ".png"]
    style, picture = (visitor.client.get(address) for address in addresses)
    assert style.content_type == "text/css; charset=utf-8"
    assert picture.content_type == "image/png"
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in picture.headers["Cache-Control"]
    put(visitor, logo=logo(color="#112233"), color="#123456")
    for address in addresses:
        visitor.get(address, 404)


def test_no_address_of_a_brand_tells_whose_customers_there_are(branded: Flask, clock: SettableClock) -> None:
    """Another's id, an unknown one, or a wrong fingerprint: nothing is there, and it all looks the same."""
    visitor, other = Visitor(branded, clock), Visitor(branded, clock)
    put(visitor, logo=logo(), color="#ffee00")
    addresses = re.findall(rf"/theme/{visitor.organization}/[0-9a-f]+\.(?:css|png)", visitor.get(visitor.path))
    seen = set()
    for address in addresses:
        for owner in (other.organization, "org-" + "a" * 26, "installation", "%00", ".."):
            seen.add(re.sub("[0-9a-f]{32}", "", visitor.get(address.replace(visitor.organization, owner), 404)))
        seen.add(re.sub("[0-9a-f]{32}", "", visitor.get(re.sub(r"/[0-9a-f]+\.", "/0f0f0f0f0f0f0f0f.", address), 404)))
    assert len({re.sub("<code.*?</code>|datetime=.*?>", "", page) for page in seen}) == 1


def test_an_expired_link_shows_no_customers_brand(branded: Flask, clock: SettableClock) -> None:
    visitor = Visitor(branded, clock)
    put(visitor, product_name="Halden Hub", color="#ffee00")
    clock.advance(8 * 86_400)
    page = visitor.get(visitor.path, 410)
    assert "Halden" not in page
    assert visitor.organization not in page


def test_the_api_gives_back_what_it_took(branded: Flask, clock: SettableClock) -> None:
    """GET, PUT the same, GET: the same; DELETE: everything is the installation's."""
    visitor = Visitor(branded, clock)
    path = f"/organizations/{visitor.organization}/branding"
    nothing = {"product_name": None, "logo": None, "color": None, "introduction": None, "updated_at": None}
    assert visitor.api.ok("GET", path) == nothing
    made = put(visitor, product_name="Halden Hub", logo=logo(), color="#FFEE00", introduction=" One \n\n\n two\nthree ")
    assert (made["color"], made["introduction"]) == ("#ffee00", "One\n\ntwo three")
    again = {name: value for name, value in made.items() if name != "updated_at"}
    assert put(visitor, **again) == made
    assert visitor.api.ok("GET", path) == made
    visitor.api.ok("DELETE", path)
    visitor.api.ok("DELETE", path)
    assert visitor.api.ok("GET", path) == nothing
    names = [one["name"] for one in visitor.api.ok("GET", "/audit-events?limit=200")["items"]]
    assert names.count("branding.changed") == 1
    assert names.count("branding.deleted") == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"color": "red"}, "color"),
        ({"color": "#12345g"}, "color"),
        ({"logo": base64.b64encode(b"<svg/>").decode()}, "logo"),
        ({"product_name": "a\nb"}, "product_name"),
        ({"introduction": "a\x07b"}, "introduction"),
        ({"introduction": "x" * 1001}, "introduction"),
    ],
)
def test_what_cannot_be_shown_is_refused_by_name(
    branded: Flask, clock: SettableClock, said: dict[str, str], field: str
) -> None:
    visitor = Visitor(branded, clock)
    status, problem = put(visitor, 422, **said)
    assert (status, problem["errors"][0]["field"]) == (422, field)


def test_mail_is_headed_by_the_brand(branded: Flask, clock: SettableClock) -> None:
    """The organization's where it has one; buttons in its colour can be read."""
    visitor = Visitor(branded, clock)
    put(visitor, product_name="Halden Hub", color="#ffee00")
    visitor.link(features=["sso"], contact="mira@halden.example")
    visitor.api.ok("POST", f"/organizations/{visitor.organization}/setup-links/{visitor.made['id']}/resend")
    gateway = branded.extensions["portico"]
    with branded.app_context():
        from app.database import db
        from app.mail.models import OutgoingMail

        mail = gateway.outbox.open(db.session.query(OutgoingMail).first())
    assert "Halden Hub" in mail.html
    assert mail.text.endswith("-- \nHalden Hub")
    assert "#ffee00" not in mail.html, "yellow on white cannot be read"
    assert mail.logo.startswith(b"\x89PNG")  # the installation's: this organization has none of its own
    assert 'src="cid:logo@portico"' in mail.html


def test_an_unusable_logo_of_the_installation_stops_the_start(tmp_path: Path) -> None:
    from app.organizations import make_brands

    bad = tmp_path / "logo.svg"
    bad.write_text("<svg/>")
    with pytest.raises(ValueError, match="PORTICO_BRAND_LOGO"):
        make_brands(Settings(brand_logo=str(bad)))


def test_where_people_sign_in_the_product_has_its_name(branded: Flask, clock: SettableClock) -> None:
    """The page that asks for the work e-mail knows no organization yet: it shows the installation's brand."""
    visitor = Visitor(branded, clock)
    put(visitor, product_name="Halden Hub")
    uri = "https://tenant.example/login/callback"
    client = visitor.api.ok("POST", "/clients", {"name": "App", "redirect_uris": [uri], "require_pkce": False})
    asked = {"client_id": client["client_id"], "redirect_uri": uri, "response_type": "code", "scope": "openid"}
    page = visitor.client.get("/oauth2/authorize", query_string=asked)
    assert page.status_code == 200
    assert "Work e-mail" in page.text
    assert "Ledgerline" in page.text
    assert re.search(r"/theme/installation/[0-9a-f]+\.css", page.text)
    assert "Halden" not in page.text


def test_the_page_that_opens_the_application_has_the_organizations_brand(branded: Flask, clock: SettableClock) -> None:
    """After a response that nobody asked for, the organization is known."""
    visitor = Visitor(branded, clock)
    put(visitor, product_name="Halden Hub", color="#ffee00")
    brand = branded.extensions["portico"].brands
    with branded.test_request_context():
        page = render_start(Redirect("https://app.example/login"), brand.of(visitor.organization)).get_data(
            as_text=True
        )
    assert "Halden Hub" in page
    assert f"/theme/{visitor.organization}/" in page
