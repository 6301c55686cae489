"""`POST /login/callback?connection=NAME`: the address that a customer's provider knows from before (issue 6, item 5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.support.auth0_export import CUSTOM_DOMAIN, TENANT, old_acs
from tests.support.certificates import make_certified
from tests.support.clock import SettableClock
from tests.support.whole_app import Api, whole_app

KEY = make_certified("idp")
FORM = {"SAMLResponse": "PHg+", "RelayState": "x" * 43}


@dataclass
class Old:
    """A gateway with one imported connection behind the old custom domain, and one that was never imported."""

    app: Flask
    api: Api
    connection_id: str
    import_id: str

    def post(self, query: str, *, host: str = CUSTOM_DOMAIN, form: Any = FORM, method: str = "POST") -> TestResponse:
        client = self.app.test_client()
        return client.open(f"/login/callback?{query}", method=method, data=form, headers={"Host": host})


@pytest.fixture
def old(database_url: str, clock: SettableClock, tmp_path: Path) -> Iterator[Old]:
    with whole_app(database_url, clock, tmp_path) as app:
        api = Api(app, clock)
        options = {"signInEndpoint": "https://idp.halden.example/sso", "signingCert": KEY.certificate_pem}
        raw = {"id": "con_1", "name": "halden", "strategy": "samlp", "options": options}
        body = {"tenant": TENANT, "custom_domains": [CUSTOM_DOMAIN], "connections": [raw]}
        [row] = api.ok("POST", "/auth0/imports", body)["connections"]
        yield Old(app, api, row["connection_id"], row["import_id"])


def test_the_same_post_goes_to_the_connections_own_acs(old: Old) -> None:
    """307, body and all: there the browser brings its cookie, and there every check runs."""
    answer = old.post("connection=halden")
    assert answer.status_code == 307
    for spelt in (CUSTOM_DOMAIN.upper(), f"{CUSTOM_DOMAIN}:443"):  # the same host, as proxies may write it
        assert old.post("connection=halden", host=spelt).status_code == 307
    assert answer.headers["Location"] == f"http://127.0.0.1:8000/sso/saml/{old.connection_id}/acs"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_it_is_not_asked_to_be_behind_the_name_alone(old: Old) -> None:
    """Only behind the host that the connection lists: our own host, another domain and a port are other addresses."""
    for host in ("127.0.0.1:8000", "evil.example", f"{CUSTOM_DOMAIN}:8443", TENANT, ""):
        assert_constant(old.post("connection=halden", host=host))


@pytest.mark.parametrize(
    "query",
    [
        "connection=nobody",
        "connection=HALDEN",
        "connection=",
        "",
        "connection=halden&connection=halden",
        "connection=other&connection=halden",
        "connection=halden&organization=org_1",
        "connection=halden%20",
        "connection=%68alden",
        "connection=halden%00",
        "CONNECTION=halden",
        "connection=halden&x=1",
        "connection[]=halden",
        "connection=" + "a" * 5000,
    ],
)
def test_every_other_name_gets_the_one_constant_error(old: Old, query: str) -> None:
    """Unknown, misspelt, repeated, escaped or more than the listed address: the same answer, byte for byte."""
    assert_constant(old.post(query))


def test_a_connection_that_was_not_imported_is_not_reachable(old: Old) -> None:
    """Although it lists the address: the route is for imports."""
    organization = old.api.ok("POST", "/organizations", {"name": "Nordwind"})["id"]
    settings = {"accepted_acs_urls": [old_acs("nordwind")]}
    body = {"adapter": "saml", "settings": settings, "name": "nordwind"}
    old.api.ok("POST", f"/organizations/{organization}/connections", body)
    assert_constant(old.post("connection=nordwind"))


def test_an_import_whose_address_was_taken_out_is_not_reachable(old: Old) -> None:
    """The list of accepted addresses is the connection's, and only operators change it."""
    changes = {"settings": {"accepted_acs_urls": None, "requested_acs_url": None}}
    old.api.ok("PATCH", f"/connections/{old.connection_id}", changes)
    assert_constant(old.post("connection=halden"))


def test_only_a_post_is_answered(old: Old) -> None:
    """There is nothing to read at the address."""
    for method in ("GET", "HEAD", "PUT", "DELETE"):
        answer = old.post("connection=halden", method=method, form=None)
        assert answer.status_code == 405, method


def test_a_draft_decides_nothing_at_the_old_address(old: Old) -> None:
    """The ACS refuses what it would refuse anyway: the address gives no way around being active."""
    answer = old.post("connection=halden")
    client = old.app.test_client()
    posted = client.post(answer.headers["Location"].removeprefix("http://127.0.0.1:8000"), data=FORM)
    if b"portico_reposted" in posted.data:
        again = {**FORM, "portico_reposted": "1"}
        posted = client.post(answer.headers["Location"].removeprefix("http://127.0.0.1:8000"), data=again)
    assert posted.status_code == 400


def test_refusals_are_traced_with_their_reference(old: Old) -> None:
    """An operator finds why by the reference on the page."""
    import re

    page = old.post("connection=nobody").text
    found = re.search(r"[0-9a-f]{32}", page)
    assert found is not None
    trace = old.api.ok("GET", f"/sign-ins/{found[0]}")
    assert trace["code"] == "connection-unknown"


def test_a_body_beyond_the_bounds_is_refused_where_it_arrives(old: Old) -> None:
    """S14: the bounds of every request hold here too."""
    answer = old.post("connection=nobody", form=urlencode({f"f{n}": "1" for n in range(300)}))
    assert answer.status_code in (400, 413)


def assert_constant(answer: TestResponse) -> None:
    """The one page, apart from its reference and time."""
    assert answer.status_code == 400
    assert "We could not sign you in" in answer.text
    assert "halden" not in answer.text
    assert "Location" not in answer.headers
