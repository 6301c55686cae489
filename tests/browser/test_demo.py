"""`make demo`, driven as a newcomer would: three customers to the profile page and its trace, and the ways that must fail.

Requirement: item 11 of the first login, and its proof in headless Chromium.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.demo.addresses import addresses_from, taken_ports
from app.demo.runner import ROOT

pytestmark = pytest.mark.browser

Open = Callable[..., AbstractContextManager[Any]]
_START_S = 90


@dataclass(frozen=True)
class RunningDemo:
    """The demo as a process, with its addresses and what it printed."""

    process: subprocess.Popen[str]
    folder: Path
    app: str
    auth0: str
    gateway: str
    base: int
    printed: str


def four_free_ports() -> int:
    """Return the first of four free ports in a row, below those that the system gives to outgoing connections."""
    for _ in range(50):
        base = random.randrange(20_000, 32_000, 4)
        if not taken_ports(addresses_from(base)):
            return base
    raise AssertionError("no four free ports in a row")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    """The demo, started once for this module by the command behind `make demo`."""
    base = four_free_ports()
    folder = tmp_path_factory.mktemp("demo") / "instance"
    command = [sys.executable, "-u", "-m", "app.demo", "--port-base", str(base), "--folder", str(folder)]
    output = folder.parent / "printed.txt"
    with output.open("w") as printed:
        process = subprocess.Popen(command, cwd=ROOT, stdout=printed, stderr=subprocess.STDOUT, text=True)
    try:
        deadline = time.monotonic() + _START_S
        while "Stop with Ctrl-C" not in output.read_text():
            assert process.poll() is None, output.read_text()[-3000:]
            assert time.monotonic() < deadline, output.read_text()[-3000:]
            time.sleep(0.2)
        where = addresses_from(base)
        yield RunningDemo(process, folder, where.app, where.auth0, where.gateway, base, output.read_text())
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


CUSTOMERS = (
    ("halden", "Tessa Brandt", "tessa.brandt@haldenfreight.example", "Halden Freight", "Dispatch, Administrators"),
    ("brightwater", "Amara Okafor", "amara.okafor@brightwater.example", "Brightwater Clinics", None),
    ("norrland", "Sven Ekberg", "sven.ekberg@norrlandtimber.example", "Norrland Timber", "Sawmill, Foremen"),
)


def facts(page: Any) -> dict[str, str]:
    """Return the profile page's facts, by their names."""
    names = page.locator("dl.facts:not(.tall) dt").all_inner_texts()
    values = page.locator("dl.facts:not(.tall) dd").all_inner_texts()
    return dict(zip(names, values, strict=True))


@pytest.mark.parametrize(("choice", "person", "email", "organization", "groups"), CUSTOMERS)
def test_a_newcomer_reaches_the_profile_and_its_trace(
    demo: RunningDemo,
    open_chromium: Open,
    choice: str,
    person: str,
    email: str,
    organization: str,
    groups: str | None,
) -> None:
    """Okta over SAML, Entra ID over OIDC, AD FS over SAML: click, choose a person, see the profile and every step of it."""
    with open_chromium() as watched:
        page = watched.page
        page.goto(demo.app)
        page.get_by_role("link", name=f"Sign in as someone at {organization}").click()
        page.get_by_role("button", name=person).click()
        page.wait_for_url(f"{demo.app}/profile")
        seen = facts(page)
        assert seen["Name"] == person
        assert seen["E-mail"].split() == [email, "verified"]
        assert seen["Organization"] == organization
        assert seen["User ID"].startswith("oidc|portico|")
        if groups is not None:
            assert seen["Groups"] == groups
        page.get_by_role("link", name="See how you got here").click()
        page.wait_for_url(f"{demo.app}/sign-ins/*")
        assert page.get_by_role("heading", name="How this sign-in went").is_visible()
        assert page.locator("ol.trace > li").count() > 10
        assert page.locator("ol.trace .bad").count() == 0
        assert watched.complaints == []
        assert all(host == "127.0.0.1" or host.endswith(".localhost") for host in watched.hosts), watched.hosts


def test_a_guests_address_is_refused_with_the_reason_in_the_trace(demo: RunningDemo, open_chromium: Open) -> None:
    """The person gets one sentence and a reference; the trace behind it names the domain that nobody vouched for."""
    with open_chromium() as watched:
        page = watched.page
        page.goto(f"{demo.app}/sign-in/guest")
        page.get_by_role("button", name="Noor Visser").click()
        page.get_by_role("heading", name="We could not sign you in").wait_for()
        watched.expect_status(400)
        assert "partner.example" not in page.locator("main").inner_text()
        page.get_by_role("link", name="Back to the application").click()
        page.get_by_role("link", name="See why").click()
        page.get_by_role("heading", name="Why this sign-in was refused").wait_for()
        assert "partner.example" in page.locator(".problem").inner_text()
        watched.expect_status(403)
        assert watched.complaints == []


def test_the_wrong_organization_is_refused_by_the_tenants_action(demo: RunningDemo, open_chromium: Open) -> None:
    """Changing `organization=` in a URL lets nobody into another customer's organization at Auth0."""
    with open_chromium() as watched:
        page = watched.page
        page.goto(f"{demo.app}/sign-in/wrong-door")
        page.get_by_role("button", name="Tessa Brandt").click()
        page.get_by_role("heading", name="You are not signed in").wait_for()
        watched.expect_status(403)
        assert watched.complaints == []
        page.goto(demo.auth0 + "/logs")
        assert "This account belongs to another organization." in page.locator("main").inner_html()


def test_an_e_mail_address_finds_its_customer(demo: RunningDemo, open_chromium: Open) -> None:
    """Portico's own page, and Auth0's identifier-first page, lead to the identity provider of the address's domain."""
    with open_chromium() as watched:
        page = watched.page
        for choice in ("portico-asks", "auth0-asks"):
            page.goto(f"{demo.app}/sign-in/{choice}")
            page.get_by_label("Work e-mail").fill("sven.ekberg@norrlandtimber.example")
            page.get_by_role("button", name="Continue").click()
            page.get_by_role("heading", name="Sign in to Norrland Timber").wait_for()
        assert watched.complaints == []


def test_signing_out_and_being_somebody_else(demo: RunningDemo, open_chromium: Open) -> None:
    """A change of customer asks again although Auth0 still has a session; after signing out nobody is known."""
    with open_chromium() as watched:
        page = watched.page
        for choice, person, *_ in CUSTOMERS[:2]:
            page.goto(f"{demo.app}/sign-in/{choice}")
            page.get_by_role("button", name=person).click()
            page.wait_for_url(f"{demo.app}/profile")
            assert page.get_by_role("heading", name=f"Welcome, {person.split()[0]}").is_visible()
        page.get_by_role("link", name="Sign out").click()
        page.wait_for_url(f"{demo.app}/")
        page.goto(f"{demo.app}/profile")
        assert page.url == f"{demo.app}/"
        assert watched.complaints == []


def test_signing_in_again_offers_another_person(demo: RunningDemo, open_chromium: Open) -> None:
    """After signing out the customer's own session is silent; `prompt=login` goes all the way to the provider."""
    with open_chromium() as watched:
        page = watched.page
        page.goto(f"{demo.app}/sign-in/norrland")
        page.get_by_role("button", name="Sven Ekberg").click()
        page.wait_for_url(f"{demo.app}/profile")
        page.get_by_role("link", name="Sign out").click()
        page.wait_for_url(f"{demo.app}/")
        page.goto(f"{demo.app}/sign-in/norrland")
        page.wait_for_url(f"{demo.app}/profile")
        page.get_by_role("link", name="Sign in again").click()
        page.get_by_role("button", name="Aino Lahti").click()
        page.wait_for_url(f"{demo.app}/profile")
        assert page.get_by_role("heading", name="Welcome, Aino").is_visible()
        assert watched.complaints == []


def test_on_http_the_answer_is_posted_once_more_by_our_own_page(demo: RunningDemo, open_chromium: Open) -> None:
    """Without TLS the cookie is Lax and stays at home on the cross-site POST: nothing is consumed until it comes along."""
    with open_chromium() as watched:
        page, posts = watched.page, []

        def note(request: Any) -> None:
            if request.method == "POST" and request.url.startswith(f"{demo.gateway}/sso/saml/"):
                posts.append(request)

        page.on("request", note)
        page.goto(f"{demo.app}/sign-in/halden")
        page.get_by_role("button", name="Tessa Brandt").click()
        page.wait_for_url(f"{demo.app}/profile")
        first, second = (request.all_headers() for request in posts)
        assert (first["sec-fetch-site"], "cookie" in first) == ("cross-site", False)
        assert (second["sec-fetch-site"], "portico-" in second["cookie"]) == ("same-origin", True)
        assert watched.complaints == []


def test_it_works_without_javascript(demo: RunningDemo, open_chromium: Open) -> None:
    """Every automatic step has a button: the SAML answer, and the page that posts it once more to the gateway."""
    with open_chromium(java_script_enabled=False) as watched:
        page = watched.page
        page.goto(f"{demo.app}/sign-in/halden")
        page.get_by_role("button", name="Tessa Brandt").click()
        for _ in range(4):
            if page.url == f"{demo.app}/profile":
                break
            page.get_by_role("button", name="Continue").click()
            page.wait_for_load_state()
        assert page.get_by_role("heading", name="Welcome, Tessa").is_visible()
        assert watched.complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_scrolls_sideways(demo: RunningDemo, open_chromium: Open, theme: str, width: int) -> None:
    """Every page of the demo fits 320 and 1280 pixels, in both themes."""
    with open_chromium(viewport={"width": width, "height": 800}, color_scheme=theme) as watched:
        page = watched.page

        def check() -> None:
            assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url

        page.goto(f"{demo.app}/sign-in/halden")
        check()
        page.get_by_role("button", name="Tessa Brandt").click()
        page.wait_for_url(f"{demo.app}/profile")
        check()
        page.get_by_role("link", name="See how you got here").click()
        page.wait_for_load_state()
        check()
        addresses = addresses_from(demo.base)
        for url in (demo.app, f"{demo.app}/sign-ins", f"{demo.auth0}/logs", addresses.simulator):
            page.goto(url)
            check()
        page.goto(f"{demo.app}/sign-in/auth0-asks?x")
        check()
        assert page.locator("html").get_attribute("data-bs-theme") in (theme, None)


def test_it_says_where_to_go_and_keeps_its_secrets(demo: RunningDemo) -> None:
    """The printed text has the address to open and the way to stop, and no key, secret or token."""
    assert f"Open {demo.app}" in demo.printed
    assert "Stop with Ctrl-C" in demo.printed
    folder = demo.folder
    tenant = json.loads((folder / "standin.json").read_text())
    ledgerline = json.loads((folder / "ledgerline.json").read_text())
    for secret in (tenant["connection"]["client_secret"], ledgerline["client_secret"], ledgerline["portico_api_key"]):
        assert secret not in demo.printed
        for log in folder.glob("*.log"):
            assert secret not in log.read_text(), log.name


def test_the_trust_is_set_up_and_proven_by_the_commands_it_prints(demo: RunningDemo, open_chromium: Open) -> None:
    """`portico auth0 connect`, a login by the new client, `verify`: on the demo's own tenant (issue 6, proof)."""
    environment = dict(line.split("=", 1) for line in (demo.folder / "portico.env").read_text().split())
    (typed,) = (line for line in demo.printed.splitlines() if "portico auth0 connect" in line)

    def portico(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "app.cli", *arguments]
        environ = {"PATH": os.environ["PATH"]} | environment
        return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=90)

    connected = portico(*typed.split()[1:], "--yes")
    assert connected.returncode == 0, connected.stderr
    with open_chromium() as watched:
        page = watched.page
        page.goto(f"{demo.app}/sign-in/halden")
        page.get_by_role("button", name="Jonas Weir").click()
        page.wait_for_url(f"{demo.app}/profile")
        assert facts(page)["Organization"] == "Halden Freight"
    verified = portico("auth0", "verify", "--json")
    assert verified.returncode == 0, verified.stdout
    assert environment["PORTICO_AUTH0_CLIENT_SECRET"] not in connected.stdout + connected.stderr + demo.printed


def test_a_second_demo_on_the_same_ports_says_so(demo: RunningDemo, tmp_path: Path) -> None:
    """Ports in use: one sentence, exit status 1, and the running demo is untouched."""
    command = [sys.executable, "-m", "app.demo", "--port-base", str(demo.base), "--folder", str(tmp_path / "second")]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert "In use already" in ended.stdout
    assert not (tmp_path / "second").exists()
    assert demo.process.poll() is None


def test_it_stops_completely(demo: RunningDemo) -> None:
    """SIGTERM, as Ctrl-C, ends every process with status 0 and frees every port. (The last test of this module.)"""
    demo.process.send_signal(signal.SIGTERM)
    assert demo.process.wait(30) == 0
    assert taken_ports(addresses_from(demo.base)) == ()
