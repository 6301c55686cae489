"""An administrator in Chromium: opens a link, follows the wizard, and does the provider's side in its simulator."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from app.mail import deliver_due, list_development_mail
from tests.support.chromium import Chromiums
from tests.support.vendors import Vendors

OWN_HOSTS = {"127.0.0.1", "idp.localhost"}


def _look_at_nothing(_name: str) -> None: ...


@dataclass
class Admin:
    """One visit to one organization's setup.

    Args:
        look: called with its name at each page of the wizard, as a person sees it there.
    """

    vendors: Vendors
    page: Any
    key: str
    adapter: str
    organization_id: str
    scripts: bool = True
    application: dict[str, Any] = field(default_factory=dict)
    credentials: dict[str, str] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    last_connection: str = ""
    look: Callable[[str], None] = _look_at_nothing

    @property
    def base(self) -> str:
        """The gateway's own address."""
        return str(self.vendors.gateway.extensions["portico"].settings.base_url)

    def link(self, *features: str, **more: Any) -> str:
        """Have the SaaS team make a link, and return its address."""
        made = self.vendors.api.post(
            f"/organizations/{self.organization_id}/setup-links", features=list(features) or ["sso", "domains"], **more
        )
        return str(made["url"])

    def open(self, url: str) -> None:
        """Open the link and go on."""
        self.page.goto(url)
        self.page.get_by_role("button", name="Continue").click()
        self.page.wait_for_url(re.compile(r"/setup/(?![\w-]{43}$)"))

    def choose(self) -> None:
        """Choose the provider."""
        self.page.goto(self.base + "/setup/provider")
        self.page.locator(f"#p-{self.adapter}").check()
        self.page.get_by_role("button", name="Continue").click()
        self.page.wait_for_url("**/tasks")
        self.last_connection = self.connection_id

    @property
    def root(self) -> str:
        """The address below which the pages of the connection are."""
        return f"{self.base}/setup/{self.connection_id}"

    def go(self, path: str, *, status: int = 200) -> None:
        """Open a page of the visit, which answers with this status."""
        answer = self.page.goto(self.base + path if path.startswith("/") else f"{self.root}/{path}")
        assert answer.status == status, (path, answer.status)

    def press(self, name: str) -> None:
        """Press the button of this name, and wait for the page that answers."""
        with self.page.expect_navigation(wait_until="load"):
            self.page.locator("main").get_by_role("button", name=name, exact=True).click()

    def prove(self) -> None:
        """Enter the code that is mailed to the link's contact."""
        self.go("/setup/code")
        self.press("Mail me a code")
        self.page.locator("#code").fill(re.search(r"\b\d{6}\b", self.code_mail().text)[0])  # type: ignore[index]
        self.press("Continue")
        self.page.wait_for_url(re.compile(r"/(tasks|overview|provider|domains|certificates)$"))

    def code_mail(self) -> Any:
        """Return the newest mail with a code for this organization: mails of one second have no order."""
        name = str(self.vendors.api.get(f"/organizations/{self.organization_id}")["name"])
        coded = (mail for mail in self.mails() if re.search(r"\b\d{6}\b", mail.text))
        return next(mail for mail in coded if name in mail.subject)

    def mails(self) -> list[Any]:
        """Return every mail so far, the newest first."""
        gateway = self.vendors.gateway
        with gateway.app_context():
            deliver_due(gateway.extensions["portico"].outbox, self.vendors.clock())
        return list_development_mail(gateway.extensions["portico"].settings.instance_path)

    @property
    def connection_id(self) -> str:
        """The connection that the visit was about last, as the address said."""
        found = re.search(r"con-[a-z0-9]+", self.page.url)
        self.last_connection = found[0] if found else self.last_connection
        assert self.last_connection, self.page.url
        return self.last_connection

    def walk(self) -> None:
        """Follow the tasks until the test can begin."""
        self.page.goto(f"{self.base}/setup/{self.connection_id}/tasks")
        for _ in range(20):
            links = self.page.locator("ol.rows a[href*='/step-']")
            paths = [str(link.get_attribute("href")) for link in links.all()]
            todo = [path for path in paths if path not in self.seen]
            if not todo:
                return
            self.seen.append(todo[0])
            self.page.goto(self.base + todo[0])
            step = todo[0].rpartition("/step-")[2]
            self.look(step)
            self._do(step)
            self.page.goto(f"{self.base}/setup/{self.connection_id}/tasks")
        raise AssertionError("the wizard has no end")

    def _do(self, step: str) -> None:
        page = self.page
        if page.locator("#metadata_url").count():
            page.locator("#metadata_url").fill(self.vendors.describe(self.key)["metadata_url"])
            self.press("Read it")
            self.look(f"{step}-read")
            self.press("Save and continue")
        elif page.locator("a[href='?way=file']").count():
            raise AssertionError("unexpected page")
        else:
            self._bring_back()
            if not self._compare(step):
                with page.expect_navigation(wait_until="load"):
                    page.locator("main form:last-of-type .btn-primary").click()
                self._compare(step)
        assert page.locator(".problem").count() == 0, page.locator(".problem").inner_text()

    def _compare(self, step: str) -> bool:
        """Save what is shown before it is stored; False where nothing is."""
        if not self.page.locator("h1", has_text="Compare before you save").count():
            return False
        self.look(f"{step}-read")
        self.press("Save and continue")
        return True

    def _bring_back(self) -> None:
        ours = self._ours()
        if self.page.locator("#issuer").count():
            self.page.locator("#issuer").fill(self.vendors.describe(self.key)["issuer"])
        if self.page.locator("#client_id, #client_secret").count():
            if not self.credentials:
                made = self._idp().register({"redirect_uris": [ours["redirect_uri"]], **self.application})
                self.credentials = {"client_id": made.client_id, "client_secret": made.client_secret}
            for name, value in self.credentials.items():
                if self.page.locator(f"#{name}").count():
                    self.page.locator(f"#{name}").fill(value)
        if self.page.locator("#file").count():
            document = self.vendors.fetch(self.vendors.describe(self.key)["metadata_url"])
            self.page.locator("#file").set_input_files(
                {"name": "metadata.xml", "mimeType": "text/xml", "buffer": document}
            )
            self.press("Read the file")

    def adopt(self, **settings: Any) -> None:
        """Have everything up to the test done already, by the management API, and open a link to it."""
        made = self.vendors.draft(self.key, adapter=self.adapter, application=self.application, **settings)
        self.last_connection = made.id
        self.open(self.link(contact="mira@halden.example"))

    def register_saml(self) -> None:
        """Do the provider's side of a SAML application."""
        ours = self._ours()
        self._idp().register({"entity_id": ours["entity_id"], "acs_urls": [ours["acs_url"]], **self.application})

    def test(self, name: str = "ada") -> None:
        """Run the test sign-in as this person."""
        page = self.page
        page.goto(f"{self.base}/setup/{self.connection_id}/test")
        back = re.compile(r"/setup/con-[a-z0-9]+/test/[0-9a-f]{32}$")
        page.context.clear_cookies(domain="idp.localhost")
        page.get_by_role("button", name="Start the test").click()
        page.wait_for_url("**/sign-in/**")
        page.locator("input[name=username]").fill(f"{name}@{self.key}.example")
        page.locator("input[name=username]").press("Enter")
        for _ in range(
            0 if self.scripts else 3
        ):  # pages that post by themselves have a button for those without scripts
            page.wait_for_load_state("load")
            if not back.search(page.url):
                page.locator("form button").first.click()
        page.wait_for_url(back)

    def activate(self) -> None:
        """Turn it on."""
        page = self.page
        page.goto(f"{self.base}/setup/{self.connection_id}/activate")
        page.get_by_role("button", name="Turn on single sign-on").click()
        page.wait_for_url("**/done")

    def _ours(self) -> dict[str, str]:
        found: dict[str, str] = self.vendors.api.get(f"/connections/{self.connection_id}")["service_provider"]
        return found

    def _idp(self) -> Any:
        return self.vendors.simulator.extensions["idps"][self.key]


@contextmanager
def visiting(
    vendors: Vendors,
    chromium: Chromiums,
    key: str = "okta-saml",
    *,
    adapter: str = "",
    organization_id: str = "",
    **context: Any,
) -> Iterator[Admin]:
    """An administrator in a new profile, whose every page is watched.

    Args:
        key: of the simulator.
        adapter: where it is not the same.
        organization_id: default: the one that owns the simulator's domain.
        context: of the profile.
    """
    scripts = bool(context.get("java_script_enabled", True))
    with chromium(**context) as watched:
        watched.weigh()
        owner = organization_id or vendors.organization(key)
        yield Admin(vendors, watched.page, key, adapter or key, owner, scripts)
        watched.check(OWN_HOSTS)
