"""Requirements 11, 12, 13 and 16 of the interface: what a provider publishes, read before it is stored."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest

from tests.browser.portal_walk import Admin
from tests.security.loopback import Answer, Request, Server, authority, serve
from tests.support.databases import Databases
from tests.support.vendors import Vendors, run_vendors

pytestmark = pytest.mark.browser

Visit = Callable[..., AbstractContextManager[Admin]]
MD = "urn:oasis:names:tc:SAML:2.0:metadata"
APPLICATION = f"""<EntityDescriptor xmlns="{MD}" entityID="https://app.example"><SPSSODescriptor
 protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><AssertionConsumerService index="0"
 Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://app.example/acs"/></SPSSODescriptor>
</EntityDescriptor>""".encode()
HTML = b"<!doctype html><html><title>Sign in to the console</title></html>"
ANSWERS = {
    "/missing": Answer(HTML, 404),
    "/fault": Answer(HTML, 503),
    "/closed": Answer(HTML, 403),
    "/moved": Answer(b"", 302, {"Location": "https://elsewhere.example/"}),
    "/console": Answer(HTML),
    "/large": Answer(b"<EntityDescriptor>" + b" " * 1_200_000),
    "/application": Answer(APPLICATION),
    "/feed": Answer(b'<rss version="2.0"><channel/></rss>'),
    "/damaged": Answer(b"<EntityDescriptor><KeyDescriptor>"),
    "/empty": Answer(b""),
}


def answer(request: Request) -> Answer:
    """What the server of this module says."""
    if request.path == "/slash/.well-known/openid-configuration":
        return Answer(b'{"issuer": "%s/slash/"}' % f"http://{request.headers['host']}".encode())
    return ANSWERS.get(request.path, Answer(b"", 404))


def resolve(host: str, port: int) -> Sequence[str]:
    """What DNS knows in this module."""
    if host == "adfs.halden.example":
        return ["192.168.20.4"]
    raise socket.gaierror(host)


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Server]]:
    """One that answers, and one whose certificate nobody trusts."""
    _, tls = authority(tmp_path_factory.mktemp("tls"), "127.0.0.1")
    with serve(answer) as plain, serve(answer, tls) as untrusted:
        yield plain, untrusted


@pytest.fixture(scope="module")
def vendors(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory, servers: tuple[Server, Server]
) -> Iterator[Vendors]:
    """The same as elsewhere, with both servers allowed and a DNS of its own."""
    folder: Path = tmp_path_factory.mktemp("vendors")
    allow = tuple(server.origin for server in servers)
    with ExitStack() as stack:
        url = stack.enter_context(databases.database("sqlite"))
        yield stack.enter_context(run_vendors(url, folder, allow=allow, resolver=resolve))


@pytest.fixture
def customer(vendors: Vendors) -> str:
    """An organization without domain and connection."""
    return str(vendors.api.post("/organizations", name="Halden Freight")["id"])


def stored(admin: Admin) -> dict[str, object]:
    """The settings of the connection that say who its provider is."""
    settings = admin.vendors.api.get(f"/connections/{admin.connection_id}")["settings"]
    return {name: settings[name] for name in ("idp_entity_id", "sso_url", "metadata_url") if settings.get(name)}


def test_11_three_ways_in_show_the_same(vendors: Vendors, visit: Visit, customer: str) -> None:
    """Requirement 11: by address, from a file, by hand; what was read is shown in the same words."""
    document = vendors.fetch(vendors.describe("okta-saml")["metadata_url"])
    with visit("okta-saml", organization_id=customer) as admin:
        admin.open(admin.link())
        admin.choose()
        page = admin.page
        admin.go("step-give-metadata")
        ways = page.get_by_role("navigation", name="Ways to give us the details")
        assert ways.get_by_role("link").all_inner_texts() == ["Address", "File", "Type them in"]
        page.locator("#metadata_url").fill(vendors.describe("okta-saml")["metadata_url"])
        admin.press("Read it")
        by_address = page.locator("section[aria-labelledby=read]").inner_text()
        certificate = page.locator("table").inner_text()
        ways.get_by_role("link", name="File").click()
        page.locator("#file").set_input_files({"name": "idp.xml", "mimeType": "text/xml", "buffer": document})
        admin.press("Read it")
        assert page.locator("section[aria-labelledby=read]").inner_text() == by_address
        admin.press("Save and continue")
        by_file = stored(admin)
        admin.choose()
        admin.go("step-give-metadata")
        ways.get_by_role("link", name="Type them in").click()
        page.locator("#idp_entity_id").fill(str(by_file["idp_entity_id"]))
        page.locator("#sso_url").fill(str(by_file["sso_url"]))
        page.locator("#certificates").fill(vendors.certificate_of("okta-saml"))
        vendors.api.patch(f"/connections/{admin.connection_id}", settings={"idp_entity_id": "https://other.example"})
        admin.press("Continue")
        assert page.locator("section[aria-labelledby=read]").inner_text() == by_address
        assert stored(admin)["idp_entity_id"] == "https://other.example"  # nothing is kept before it was seen
        page.go_back()
        assert page.locator("#certificates").input_value().strip() == vendors.certificate_of("okta-saml").strip()
        page.locator("#idp_entity_id").fill(str(by_file["idp_entity_id"]))
        admin.press("Continue")
        admin.press("Change")
        assert page.locator("#idp_entity_id").input_value() == by_file["idp_entity_id"]
        admin.press("Continue")
        admin.press("Save and continue")
        assert stored(admin) == by_file
        admin.go("step-check-values")
        assert page.locator("table").inner_text() == certificate


def test_12_the_preview_says_what_would_be_stored(vendors: Vendors, visit: Visit, customer: str) -> None:
    """Requirement 12: entity ID, address and binding, certificates with subject, SHA-256, dates and days; nothing kept."""
    with visit("entra-saml", organization_id=customer) as admin:
        admin.open(admin.link())
        admin.choose()
        admin.go("step-give-metadata")
        admin.page.locator("#metadata_url").fill(vendors.describe("entra-saml")["metadata_url"])
        admin.press("Read it")
        assert stored(admin) == {}
        parsed = vendors.api.post("/metadata/parse", url=vendors.describe("entra-saml")["metadata_url"])["entities"][0]
        shown = admin.page.locator("section[aria-labelledby=read]").inner_text()
        assert parsed["entity_id"] in shown
        assert parsed["settings"]["sso_url"] in shown
        assert "HTTP-Redirect" in shown or "HTTP-POST" in shown
        assert "Signed requests" in shown
        for one in parsed["certificates"]:
            assert one["subject"] in shown
            assert ":".join(re.findall("..", one["sha256"])).upper() in shown
        assert re.search(r"\d+ \w+ \d{4} to \d+ \w+ \d{4}", shown)
        assert re.search(r"\d+ days", shown)
        admin.press("Save and continue")
        assert stored(admin)["idp_entity_id"] == parsed["entity_id"]


def test_12_a_document_of_several_providers_asks_which(vendors: Vendors, visit: Visit, customer: str) -> None:
    """Requirement 12: nothing is stored before one was chosen; the one that was chosen is."""
    both = [
        vendors.fetch(vendors.describe(key)["metadata_url"]).decode("utf-8-sig") for key in ("okta-saml", "adfs-saml")
    ]
    inner = "".join(re.sub(r"^\s*<\?xml.*?\?>", "", one) for one in both)
    document = f'<EntitiesDescriptor xmlns="{MD}">{inner}</EntitiesDescriptor>'.encode()
    wanted = vendors.describe("adfs-saml")["entity_id"]
    with visit("okta-saml", adapter="saml", organization_id=customer) as admin:
        admin.open(admin.link())
        admin.choose()
        admin.go("tasks")
        path = admin.page.locator("a[href*='metadata']").first.get_attribute("href")
        admin.go(f"{path}?way=file")
        admin.page.locator("#file").set_input_files({"name": "idps.xml", "mimeType": "text/xml", "buffer": document})
        admin.press("Read it")
        asked = admin.page.get_by_role("group", name="The document names 2 providers. Which one is yours?")
        assert asked.get_by_role("radio").count() == 2
        admin.press("Continue")
        assert "Choose yours." in admin.page.locator("#problem").inner_text()
        assert stored(admin) == {}
        asked.get_by_role("radio", name=wanted).check()
        admin.press("Continue")
        assert stored(admin) == {}
        assert wanted in admin.page.locator("section[aria-labelledby=read] dl.facts").inner_text()
        asked.get_by_role("radio").first.check()  # another one than was shown is shown first, not stored
        admin.press("Save and continue")
        assert stored(admin) == {}
        asked.get_by_role("radio", name=wanted).check()
        admin.press("Save and continue")
        admin.press("Save and continue")
        assert stored(admin)["idp_entity_id"] == wanted


FAILURES = {
    "https://adfs.unknown.example/metadata": "name is not in public DNS",
    "https://adfs.halden.example/metadata": "private network",
    "https://10.0.0.7/metadata": "private network",
    "http://adfs.halden.example/metadata": "https://",
    "{untrusted}/application": "certificate is not trusted",
    "{plain}/missing": "nothing at this address (status 404)",
    "{plain}/fault": "a fault of its own (status 503)",
    "{plain}/closed": "asks for a sign-in there (status 403)",
    "{plain}/moved": "leads to another address (status 302)",
    "{plain}/console": "shows a web page, not metadata",
    "{plain}/large": "larger than 1 MB",
    "{plain}/application": "metadata of an application",
    "{plain}/feed": "not SAML metadata: it begins with rss",
    "{plain}/damaged": "The XML is damaged",
    "{plain}/empty": "The document is empty",
}


def test_13_why_an_address_cannot_be_read_is_told(visit: Visit, customer: str, servers: tuple[Server, Server]) -> None:
    """Requirement 13: DNS, blocked address, TLS, status, a web page, too large, no provider: each in its own words."""
    plain, untrusted = servers
    wrong: dict[str, str] = {}
    told: set[str] = set()
    with visit("okta-saml", organization_id=customer) as admin:
        admin.open(admin.link())
        admin.choose()
        admin.go("step-give-metadata")
        for form, words in FAILURES.items():
            address = form.format(plain=plain.origin, untrusted=untrusted.origin)
            admin.page.locator("#metadata_url").fill(address)
            admin.press("Read it")
            said = admin.page.locator("#problem li").inner_text()
            assert admin.page.locator("#metadata_url").input_value() == address
            told.add(said)
            if words not in said or "PORTICO" in said:
                wrong[form] = said
        assert stored(admin) == {}
    assert wrong == {}
    assert len(told) == len(FAILURES) - 1  # two addresses of private networks


def test_16_the_issuer_is_enough_and_a_wrong_one_is_put_right(
    vendors: Vendors, visit: Visit, customer: str, servers: tuple[Server, Server]
) -> None:
    """Requirement 16: no endpoint is asked for; a slash too few is told with the right value."""
    with visit("generic-oidc", adapter="oidc", organization_id=customer) as admin:
        admin.open(admin.link())
        admin.choose()
        asked: set[str] = set()
        for path in [link.get_attribute("href") for link in admin.page.locator("a[href*='/step-']").all()]:
            admin.go(str(path))
            asked |= {str(one.get_attribute("name")) for one in admin.page.locator("main form .form-control").all()}
        assert asked == {"issuer", "client_id", "client_secret", "client_secret_ends"}
        admin.go("step-issuer")
        wrong = f"{servers[0].origin}/slash"
        admin.page.locator("#issuer").fill(wrong)
        admin.press("Save and continue")
        assert f"Your provider calls itself {wrong}/." in admin.page.locator("#problem").inner_text()
        assert admin.page.locator("#issuer").input_value() == wrong
        admin.page.locator("#issuer").fill(f"{servers[0].origin}/other")
        admin.press("Save and continue")
        assert "(status 404)" in admin.page.locator("#problem").inner_text()
        admin.page.locator("#issuer").fill(
            vendors.describe("generic-oidc")["issuer"] + "/.well-known/openid-configuration"
        )
        admin.press("Save and continue")
        assert admin.page.locator("#problem").count() == 0
        settings = vendors.api.get(f"/connections/{admin.connection_id}")["settings"]
        assert settings["issuer"] == vendors.describe("generic-oidc")["issuer"]


@pytest.mark.parametrize(
    ("issuer", "told"),
    [
        ("https://login.microsoftonline.com/common/v2.0", "Directory (tenant) ID in the place of “common”"),
        (
            "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555",
            "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0",
        ),
    ],
)
def test_16_entras_shared_and_old_issuers_are_put_right(visit: Visit, customer: str, issuer: str, told: str) -> None:
    """Requirement 16: Entra's common authority and version 1, with the right value."""
    with visit("entra-oidc", organization_id=customer) as admin:
        admin.open(admin.link())
        admin.choose()
        admin.go("step-tenant")
        admin.page.locator("#issuer").fill(issuer)
        admin.page.locator("#client_id").fill("66666666-2222-3333-4444-555555555555")
        admin.press("Save and continue")
        assert told in admin.page.locator("#problem").inner_text()
