"""A gateway and every vendor's simulator in this process, on one clock that a test may turn, spoken to over HTTP.

Nothing here needs a process of its own: what is proven is what an adapter makes of a vendor's habits.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests
from flask import Blueprint, Flask
from lxml import etree
from werkzeug.serving import make_server

from app.connections.models import Connection
from app.database import db
from portico_simulator import PROFILES, create_simulator, parse_config
from portico_simulator.app import describe
from tests.support.browser import Browser, Page, Step
from tests.support.clock import SettableClock
from tests.support.dns_server import NameServer, name_server
from tests.support.gateway import free_port
from tests.support.management import Management
from tests.support.refusals import expect_refusal
from tests.support.relying_party import Attempt, Login, RelyingParty
from tests.support.whole_app import Api, whole_app

_TOKEN = "registration-of-tests"


def _person(name: str, domain: str, **more: Any) -> dict[str, Any]:
    given = {"username": f"{name}@{domain}", "given_name": name.capitalize(), "family_name": "Lovelace"}
    return {**given, "email": f"{name}@{domain}", **more}


def persons(domain: str) -> list[dict[str, Any]]:
    """Return the accounts that every vendor has in these tests."""
    return [
        _person("ada", domain, groups=["Engineering", "Everyone"], roles=["Approver"]),
        _person("grace", domain, family_name="Hopper (200 groups)", group_count=200),
        _person("joan", domain, family_name="Clarke (201 groups)", group_count=201),
        _person("guest", domain, email="guest@elsewhere.example", guest=True),
        _person("nomail", domain, email=None),
        _person("outside", domain, assigned=False),
        _person("windows", domain, method="urn:federation:authentication:windows"),
    ]


@dataclass(frozen=True, slots=True)
class Vendor:
    """One connection of a customer to one vendor's simulator. `key` is the simulator's profile."""

    key: str
    adapter: str
    domain: str
    connection: dict[str, Any]

    @property
    def id(self) -> str:
        """Of the connection."""
        return str(self.connection["id"])


@dataclass
class Vendors:
    """The running pair. Connections are made by the management API, as an operator would."""

    gateway: Flask
    simulator: Flask
    clock: SettableClock
    api: Management
    relying_party: RelyingParty
    origin: str
    dns: NameServer
    _organizations: dict[str, str] = field(default_factory=dict)

    def describe(self, key: str) -> dict[str, str]:
        """Return what the vendor's console shows for copying."""
        return describe(self.simulator.extensions["idps"][key])

    def fetch(self, url: str) -> bytes:
        """Return a document of the simulator's."""
        port = url.removeprefix("http://idp.localhost:").partition("/")[0]
        direct = url.replace("idp.localhost", "127.0.0.1", 1)
        response = requests.get(direct, headers={"Host": f"idp.localhost:{port}"}, timeout=10)
        assert response.ok, f"{url}: {response.status_code}"
        return response.content

    def certificate_of(self, key: str) -> str:
        """Return the certificate that the vendor's console shows, as bare base64 on one line."""
        document = etree.fromstring(self.fetch(self.describe(key)["metadata_url"]).removeprefix(b"\xef\xbb\xbf"))
        found = document.findtext(".//{http://www.w3.org/2000/09/xmldsig#}X509Certificate")
        return "".join(str(found).split())

    def fetch_ours(self, url: str) -> str:
        """Return a document of the gateway's."""
        return requests.get(url, timeout=10).text

    def organization(self, key: str) -> str:
        """Return the customer that owns the domain of this simulator's directory."""
        if key not in self._organizations:
            self._organizations[key] = self.api.add_organization(f"{key}.example")["id"]
        return self._organizations[key]

    def connect(
        self,
        key: str,
        *,
        adapter: str | None = None,
        application: dict[str, Any] | None = None,
        by_metadata: bool = False,
        **settings: Any,
    ) -> Vendor:
        """Set both sides up, and turn the connection on.

        Args:
            key: of the simulator's profile.
            adapter: of the gateway; the same key where there is none.
            application: what the vendor's administrator registers beyond our addresses.
            by_metadata: the administrator imports our metadata instead of typing addresses.
            settings: of the connection, beyond what the vendor's own documents say.
        """
        made = self.draft(key, adapter=adapter, application=application, by_metadata=by_metadata, **settings)
        self.api.activate(made.id)
        return made

    def draft(
        self,
        key: str,
        *,
        adapter: str | None = None,
        application: dict[str, Any] | None = None,
        by_metadata: bool = False,
        **settings: Any,
    ) -> Vendor:
        """Set both sides up; the connection is a draft. Arguments are those of `connect`."""
        protocol = key.rpartition("-")[2]
        told = self.describe(key)
        given: dict[str, Any] = (
            {"metadata_xml": self.fetch(told["metadata_url"]).decode("utf-8-sig")}
            if protocol == "saml" and "metadata_url" not in settings
            else {}
            if protocol == "saml"
            else {"issuer": told["issuer"]}
        )
        draft = self.api.add_connection(self.organization(key), adapter or key, {**given, **settings}, activate=False)
        self._register(key, draft, application or {}, by_metadata)
        return Vendor(key, adapter or key, f"{key}.example", draft)

    def _register(self, key: str, draft: dict[str, Any], more: dict[str, Any], by_metadata: bool) -> None:
        ours, idp = draft["service_provider"], self.simulator.extensions["idps"][key]
        if by_metadata:
            idp.register({"metadata_xml": self.fetch_ours(ours["metadata_url"]), **more})
        elif key.endswith("saml"):
            idp.register({"entity_id": ours["entity_id"], "acs_urls": [ours["acs_url"]], **more})
        else:
            made = idp.register({"redirect_uris": [ours["redirect_uri"]], **more})
            credentials = {"client_id": made.client_id, "client_secret": made.client_secret}
            self.api.patch(f"/connections/{draft['id']}", settings=credentials)

    @contextmanager
    def behaving(self, key: str, **behaviour: Any) -> Iterator[None]:
        """Switch the simulator's behaviour for the length of the block."""
        self._control(key, "behaviour", behaviour)
        try:
            yield
        finally:
            self._control(key, "behaviour", {})

    def roll(self, key: str, step: str) -> None:
        """Let the simulator's keys go one step: publish, switch, retire."""
        self._control(key, "keys", {"step": step})

    def _control(self, key: str, what: str, body: dict[str, Any]) -> None:
        client = self.simulator.test_client()
        call = client.put if what == "behaviour" else client.post
        answered = call(f"/{key}/{what}", json=body, headers={"Authorization": f"Bearer {_TOKEN}"})
        assert answered.status_code == 200, answered.text

    def walk(self, vendor: Vendor, name: str = "ada", *, browser: Browser | None = None) -> tuple[Attempt, Page | Step]:
        """Begin at the client, sign in as this person where the vendor asks, and go on to the end."""
        browser = browser or Browser()
        attempt = self.relying_party.attempt(connection=vendor.id)
        end = browser.walk(attempt.url, stop=self.relying_party.client.redirect_uri)
        if isinstance(end, Page) and "/sign-in/" in end.url:
            step = self.type_name(end, f"{name}@{vendor.domain}")
            end = browser.walk(step, stop=self.relying_party.client.redirect_uri)
        return attempt, end

    def type_name(self, page: Page, username: str) -> Step:
        """Return the step of a person who types a user name into the vendor's page."""
        typed = next(form for form in page.forms if dict(form.fields).keys() == {"username"})
        typed.action = typed.action or page.url
        return page.submit(typed, username=username)

    def log_in(self, vendor: Vendor, name: str = "ada", *, browser: Browser | None = None) -> Login:
        """Return the finished login."""
        attempt, end = self.walk(vendor, name, browser=browser)
        assert isinstance(end, Step), self._why(end)
        return attempt.finish(end)

    def refuse(self, vendor: Vendor, name: str = "ada", code: str | None = None) -> dict[str, Any]:
        """Return the trace of a sign-in that comes back from the vendor and ends at the gateway."""
        _, end = self.walk(vendor, name)
        assert not (isinstance(end, Page) and end.url.startswith(self.origin)), f"it stayed there: {end.text[:600]}"
        return expect_refusal(end, self.api, code)

    def stay(self, vendor: Vendor, name: str = "ada") -> Page:
        """Return the vendor's own page, from which nothing comes back."""
        _, end = self.walk(vendor, name)
        assert isinstance(end, Page), "it came back"
        assert end.url.startswith(self.origin), end.text[:600]
        assert end.status >= 400, end.text[:600]
        return end

    def trace(self, vendor: Vendor) -> dict[str, Any]:
        """Return the latest trace of the connection."""
        newest = max(self.api.get("/sign-ins", connection_id=vendor.id)["items"], key=lambda row: row["started_at"])
        return self.api.trace(newest["id"])

    def subject_source(self, vendor: Vendor) -> str | None:
        """Return what identifies people on the connection, once somebody signed in."""
        with self.gateway.app_context():
            row = db.session.get(Connection, vendor.id)
            assert row is not None
            return row.subject_source

    def _why(self, end: Page) -> str:
        from tests.support.refusals import reference_of

        if end.url.startswith(self.origin):
            return end.text[:800]
        trace = self.api.trace(reference_of(end))
        return f"{trace['code']}: {trace['steps'][-1]}"


@contextmanager
def run_vendors(
    database_url: str,
    folder: Path,
    *,
    allow: tuple[str, ...] = (),
    profiles: Mapping[str, str] | None = None,
    pages: Blueprint | None = None,
    **more: Any,
) -> Iterator[Vendors]:
    """Run both for the length of the block.

    Args:
        profiles: of the simulated providers by id, which ends with `saml` or `oidc`; default: one of each.
        allow: further origins that the gateway may fetch from.
        pages: further pages of the gateway, for what a test cannot reach otherwise.
        more: settings of the gateway, and the `resolver` of `whole_app`.
    """
    clock = SettableClock(datetime.now(UTC).replace(microsecond=0))
    ports = free_port(), free_port()
    origin, base_url = f"http://idp.localhost:{ports[0]}", f"http://127.0.0.1:{ports[1]}"
    idps = [
        {"id": key, "profile": profile, "domain": f"{key}.example", "persons": persons(f"{key}.example")}
        for key, profile in (profiles or {name: name for name in PROFILES}).items()
    ]
    raw = {"base_url": origin, "admin_token": _TOKEN, "idps": idps}
    simulator = create_simulator(parse_config(raw), now=clock)
    with ExitStack() as stack:
        names = stack.enter_context(name_server())
        asked = (f"{names.address[0]}:{names.address[1]}",)
        settings = {"base_url": base_url, "outbound_allow": (origin, *allow), "dns_servers": asked, **more}
        gateway = stack.enter_context(whole_app(database_url, clock, folder, **settings))
        if pages is not None:
            gateway.register_blueprint(pages)
        with gateway.app_context():
            gateway.extensions["portico"].keys.ensure(clock())
        _serve(stack, simulator, ports[0], threaded=True)
        _serve(stack, gateway, ports[1], threaded=False)
        api = Management(base_url, Api(gateway, clock).key)
        party = RelyingParty(base_url, api.add_client(), lambda: clock().timestamp())
        yield Vendors(gateway, simulator, clock, api, party, origin, names)


def _serve(stack: ExitStack, app: Flask, port: int, *, threaded: bool) -> None:
    server = make_server("127.0.0.1", port, app, threaded=threaded)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()

    def stop() -> None:
        server.shutdown()
        thread.join(5)
        server.server_close()

    stack.callback(stop)
