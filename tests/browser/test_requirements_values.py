"""Requirements 9, 10, 14, 15, 17, 18 and 19 of the interface: values that go to the provider and come back."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from app.portal.showing import fingerprint
from tests.browser.portal_walk import Admin
from tests.support.certificates import make_certified
from tests.support.vendors import Vendors

pytestmark = pytest.mark.browser

Visit = Callable[..., AbstractContextManager[Admin]]
CLIPBOARD = ("clipboard-read", "clipboard-write")
WHOLE = """code => { const style = getComputedStyle(code);
  return code.scrollWidth <= code.clientWidth + 1 && code.scrollHeight <= code.clientHeight + 1
    && style.textOverflow === 'clip' && style.userSelect === 'all'; }"""


@pytest.fixture
def customer(vendors: Vendors) -> str:
    """An organization without domain and connection."""
    return str(vendors.api.post("/organizations", name="Halden Freight")["id"])


@pytest.mark.parametrize("width", [320, 1280])
def test_9_every_value_is_shown_whole_and_copied_exactly(
    vendors: Vendors, visit: Visit, customer: str, width: int
) -> None:
    """Requirement 9: no ellipsis, selected at once, the exact bytes on the clipboard, and "Copied" is announced."""
    size = {"width": width, "height": 900}
    with visit("keycloak-saml", organization_id=customer, permissions=list(CLIPBOARD), viewport=size) as admin:
        admin.open(admin.link())
        admin.adapter = "adfs-saml"
        admin.choose()
        adfs = vendors.api.get(f"/connections/{admin.connection_id}")["service_provider"]
        adfs_root = admin.root
        admin.adapter = "keycloak-saml"
        admin.choose()
        keycloak = vendors.api.get(f"/connections/{admin.connection_id}")["service_provider"]
        domain = vendors.api.post(f"/organizations/{customer}/domains", domain=f"w{width}.example")
        wanted = {
            f"{adfs_root}/step-add-trust": {"v-metadata_url": adfs["metadata_url"]},
            f"{adfs_root}/step-copy-values": {"v-acs_url": adfs["acs_url"], "v-entity_id": adfs["entity_id"]},
            f"{admin.root}/step-certificate": {"v-certificate": keycloak["certificate"]},
            f"{admin.base}/setup/domains/w{width}.example": {
                "host-short": "_portico", "host": domain["txt_name"], "txt": domain["txt_value"],
            },
        }  # fmt: skip
        for address, values in wanted.items():
            admin.page.goto(address)
            assert admin.page.locator("[data-copy]").count() == len(values), address
            for place, value in values.items():
                code = admin.page.locator(f"#{place}")
                assert code.evaluate(WHOLE), (address, place)
                assert code.text_content() == value
                admin.page.locator(f"[data-copy={place}]").click()
                label = admin.page.locator(f"#{place}-name").inner_text()
                admin.page.locator("#copied[aria-live=polite]", has_text=f"Copied: {label}").wait_for(state="attached")
                assert admin.page.evaluate("navigator.clipboard.readText()") == value


NAMES = {
    "okta-saml": ("copy-values", {"acs_url": "Single sign-on URL", "entity_id": "Audience URI (SP Entity ID)"}),
    "entra-saml": ("copy-values", {
        "acs_url": "Reply URL (Assertion Consumer Service URL)", "entity_id": "Identifier (Entity ID)"}),
    "google-saml": ("copy-values", {"acs_url": "ACS URL", "entity_id": "Entity ID"}),
    "entra-oidc": ("register-app", {"redirect_uri": "Redirect URI"}),
    "okta-oidc": ("redirect-uri", {"redirect_uri": "Sign-in redirect URIs"}),
    "adfs-saml": ("add-trust", {"metadata_url": "Federation metadata address (host name or URL)"}),
}  # fmt: skip


def test_10_each_value_is_named_as_the_provider_names_its_field(visit: Visit, customer: str) -> None:
    """Requirement 10."""
    with visit(organization_id=customer) as admin:
        admin.open(admin.link())
        for adapter, (step, names) in NAMES.items():
            admin.adapter = adapter
            admin.choose()
            admin.go(f"step-{step}")
            for value, name in names.items():
                assert admin.page.locator(f"#v-{value}-name").inner_text() == name, adapter


def test_14_a_certificate_is_taken_in_any_form(vendors: Vendors, visit: Visit, customer: str) -> None:
    """Requirement 14: PEM, bare base64, stray blanks, a .cer file in DER."""
    made = [make_certified(f"idp-{n}.halden.example") for n in range(3)]
    bare = "".join(made[1].certificate_pem.splitlines()[1:-1])
    with visit("okta-saml", organization_id=customer) as admin:
        admin.open(admin.link())
        admin.choose()
        for written in (
            made[0].certificate_pem,
            "  " + " \n\t".join(bare[i : i + 50] for i in range(0, len(bare), 50)) + "\r\n ",
        ):
            admin.go("certificates")
            admin.page.locator("#certificate").fill(written)
            admin.press("Add it beside the old one")
            assert admin.page.locator("#problem").count() == 0
        der = b64decode("".join(made[2].certificate_pem.splitlines()[1:-1]))
        admin.page.locator("#file").set_input_files(
            {"name": "idp.cer", "mimeType": "application/x-x509-ca-cert", "buffer": der}
        )
        admin.press("Add it beside the old one")
        file = {"name": "idp.cer", "mimeType": "application/x-x509-ca-cert", "buffer": der}
        admin.go("step-check-values")
        admin.page.locator("#idp_entity_id").fill("http://www.okta.com/exk1a2b3c4d5e6f7G8h9")
        admin.page.locator("#sso_url").fill("https://halden.okta.com/app/x/sso/saml")
        admin.page.locator("#certificates_file").set_input_files(file)
        admin.press("Continue")
        assert "CN=idp-2.halden.example" in admin.page.locator("section[aria-labelledby=read]").inner_text()
        admin.go("certificates")
        listed = vendors.api.get(f"/connections/{admin.connection_id}/certificates")["items"]
        assert {one["subject"] for one in listed} == {f"CN=idp-{n}.halden.example" for n in range(3)}
        for one in listed:
            assert admin.page.get_by_text(fingerprint(one["sha256"])).count() == 1


def test_14_a_private_key_is_refused_and_not_kept(vendors: Vendors, visit: Visit, customer: str) -> None:
    """Requirement 14: with a warning; it is neither stored nor sent back."""
    made = make_certified("idp.halden.example")
    with visit("okta-saml", organization_id=customer) as admin:
        admin.open(admin.link())
        admin.choose()
        for page, field, button in (
            ("step-check-values", "certificates", "Continue"),
            ("certificates", "certificate", "Add it beside the old one"),
        ):
            admin.go(page)
            if page != "certificates":
                admin.page.locator("#idp_entity_id").fill("http://www.okta.com/exk1a2b3c4d5e6f7G8h9")
                admin.page.locator("#sso_url").fill("https://halden.okta.com/app/x/sso/saml")
            admin.page.locator(f"#{field}").fill(made.certificate_pem + made.key_pem)
            admin.press(button)
            assert "private key" in admin.page.locator("#problem").inner_text()
            assert admin.page.get_by_text("We threw the key away").count() == 1
            assert made.key_pem.splitlines()[3] not in admin.page.content()
        assert not vendors.api.get(f"/connections/{admin.connection_id}")["settings"]["certificates"]


def test_15_our_own_value_is_noticed_when_it_comes_back(vendors: Vendors, visit: Visit, customer: str) -> None:
    """Requirement 15: in every field of the provider's, with its name."""
    with visit("okta-saml", organization_id=customer) as admin:
        admin.open(admin.link())
        admin.choose()
        ours = vendors.api.get(f"/connections/{admin.connection_id}")["service_provider"]
        admin.go("step-check-values")
        admin.page.locator("#idp_entity_id").fill(ours["entity_id"])
        admin.page.locator("#sso_url").fill(ours["acs_url"])
        admin.page.locator("#certificates").fill(vendors.certificate_of("okta-saml"))
        admin.press("Continue")
        told = admin.page.locator("#problem li")
        assert told.count() == 2
        assert all("This is our own address." in text for text in told.all_inner_texts())
        admin.go("step-give-metadata")
        admin.page.locator("#metadata_url").fill(ours["metadata_url"])
        admin.press("Read it")
        assert "This is our own address." in admin.page.locator("#problem").inner_text()
        assert vendors.api.get(f"/connections/{admin.connection_id}")["settings"].get("idp_entity_id") is None


def test_17_a_secret_is_asked_for_once_with_its_end(vendors: Vendors, visit: Visit, customer: str) -> None:
    """Requirement 17: a password field, shown never again, its end asked for and kept."""
    secret = "kX8~correct.horse.battery"
    with visit("entra-oidc", organization_id=customer) as admin:
        admin.open(admin.link())
        admin.choose()
        admin.go("step-secret")
        assert admin.page.locator("#client_secret").get_attribute("type") == "password"
        admin.page.locator("#client_secret").fill(secret)
        admin.page.locator("#client_secret_ends").fill("2030-01-20")
        admin.press("Save and continue")
        admin.go("step-secret")
        assert secret not in admin.page.content()
        assert admin.page.locator("#client_secret").input_value() == ""
        assert admin.page.get_by_text("We have one, and never show it again.").count() == 1
        assert admin.page.locator("#client_secret_ends").input_value() == "2030-01-20"
        admin.press("Save and continue")  # empty keeps it
        described = vendors.api.get(f"/connections/{admin.connection_id}")
        assert described["secrets"] == ["client_secret"]
        assert described["secret_expiries"] == {"client_secret": "2030-01-20"}
        for page in ("guide", "tasks", "activate"):
            admin.go(page)
            assert secret not in admin.page.content()


def test_18_every_picture_is_ours_and_says_what_it_shows(visit: Visit, customer: str) -> None:
    """Requirement 18: SVG in the page or from this origin, named or hidden; no request leaves the origin."""
    with visit("entra-saml", organization_id=customer) as admin:
        admin.open(admin.link())
        admin.choose()
        for page in ("tasks", "step-create-app", "step-copy-values", "step-give-metadata", "mapping", "test", "guide"):
            admin.go(page)
            unnamed = admin.page.evaluate("""[...document.querySelectorAll('svg, img')].filter(one =>
                one.tagName === 'IMG' ? !one.hasAttribute('alt') || new URL(one.src).origin !== location.origin
                : !one.closest('[aria-hidden=true]') && !one.getAttribute('aria-label')
                  && !one.getAttribute('aria-labelledby') && !one.querySelector('title')).map(one => one.outerHTML)""")
            assert unnamed == [], page
            assert admin.page.evaluate("performance.getEntriesByType('resource').every(e => e.name.startsWith(origin))")


def test_19_people_are_assigned_before_the_test(visit: Visit, customer: str) -> None:
    """Requirement 19: in the list of every provider, and on the page of the test."""
    with visit(organization_id=customer) as admin:
        admin.open(admin.link())
        for adapter in ("okta-saml", "entra-saml", "entra-oidc", "google-saml", "adfs-saml", "saml", "oidc"):
            admin.adapter = adapter
            admin.choose()
            links = admin.page.locator("ol.rows > li")
            paths = [links.nth(n).inner_html() for n in range(links.count())]
            assign = next(n for n, row in enumerate(paths) if "/step-assign" in row)
            assert assign < next(n for n, row in enumerate(paths) if "Test a sign-in" in row), adapter
        admin.go("test")
        assert "Assign yourself first" in admin.page.locator("aside").inner_text()
