"""A stranger's plug-in: installed from its own folder, named by the operator, used in a login; broken ones beside it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.settings import ROOT
from tests.support.browser import Browser
from tests.support.databases import Databases
from tests.support.gateway import Gateway, portico
from tests.support.refusals import expect_error
from tests.support.relying_party import RelyingParty
from tests.support.saml_customer import SamlCustomer

EXAMPLE = ROOT / "examples" / "portico-adapter-acme"
BROKEN = {
    "raises": "raise RuntimeError('boom')",
    "leaves": "raise SystemExit(1)",
    "steals": "from portico_adapter_acme import SPEC\nfrom dataclasses import replace\nfrom portico_sdk import hookimpl\n\n"
    "@hookimpl\ndef portico_register_adapters():\n    return [replace(SPEC, key='okta-saml')]\n",
    "copies": "from portico_adapter_acme import SPEC, portico_register_adapters  # the key of another",
}


def install(source: Path, target: Path) -> None:
    """Build and install a distribution as its user would, without asking any registry."""
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check", "--quiet"]
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", *options, "--target", str(target), str(source)],
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def write_broken(folder: Path, name: str) -> Path:
    """Write a distribution whose module does one bad thing."""
    package = f"portico_adapter_{name}"
    made = folder / f"portico-adapter-{name}"
    (made / "src" / package).mkdir(parents=True)
    (made / "src" / package / "__init__.py").write_text(BROKEN[name])
    text = (EXAMPLE / "pyproject.toml").read_text()
    (made / "pyproject.toml").write_text(text.replace("acme", name))
    (made / "README.md").write_text("# broken\n")
    return made


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder outside of the workspace with the example and with broken plug-ins, each from a copy of its source."""
    folder = tmp_path_factory.mktemp("strangers")
    copy = folder / "source" / EXAMPLE.name
    shutil.copytree(EXAMPLE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    target = folder / "site"
    install(copy, target)
    for name in BROKEN:
        install(write_broken(folder / "source", name), target)
    return target


@pytest.fixture(scope="module")
def own_gateway(installed: Path, databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A gateway whose operator named all of them."""
    with databases.database("sqlite", empty=True) as url:
        running = Gateway(tmp_path_factory.mktemp("gateway"), url, workers=1)
        named = ",".join(f"portico-adapter-{name}" for name in ("acme", *BROKEN))
        running.environment |= {"PYTHONPATH": f"{installed}{os.pathsep}{ROOT}", "PORTICO_ADAPTERS": named}
        running.start()
        yield running
        running.stop()


def test_it_appears_in_the_api_with_its_settings_and_steps(own_gateway: Gateway) -> None:
    """Issue 3: a stranger's example, installed from its own folder, appears in GET /api/v1/adapters."""
    found = {one["key"]: one for one in own_gateway.api.get("/adapters")["items"]}
    acme = found["acme-saml"]
    assert (acme["distribution"], acme["version"], acme["state"]) == ("portico-adapter-acme", "0.1.0", "ready")
    assert {"Realm address", "Login address"} <= {setting["label"] for setting in acme["settings"]}
    assert [step["id"] for step in acme["setup_steps"]] == ["add-application", "copy-details", "assign-people"]


def log_in(customer: SamlCustomer, party: RelyingParty) -> dict[str, object]:
    browser = Browser()
    attempt = party.attempt(connection=customer.id)
    person = customer.subject(
        "ada",
        **{"acme:uid": ["u-1815"], "acme:mail": [f"Ada@{customer.domain}"], "acme:teams": ["team:Engines;team:Looms"]},
    )
    return dict(attempt.finish(customer.log_in(browser, attempt, person)).claims)


def test_people_sign_in_through_it(own_gateway: Gateway) -> None:
    """By its own subject, its own rules, and the checks of what it stands on."""
    customer = SamlCustomer(own_gateway, adapter="acme-saml")
    claims = log_in(customer, RelyingParty(own_gateway.base_url, own_gateway.api.add_client()))
    assert claims["portico_idp_sub"] == "u-1815"
    assert claims["email"] == f"ada@{customer.domain}"
    assert claims["portico_groups"] == ["Engines", "Looms"]


def test_plugins_that_break_the_contract_are_named_and_stop_nobody(own_gateway: Gateway) -> None:
    """Issue 3: in the API, in `portico plugins list` and in `portico doctor`; no key changes its owner."""
    shown = own_gateway.api.get("/adapters")["items"]
    failed = {one["distribution"]: one["reason"] for one in shown if one["state"] == "failed"}
    assert set(failed) == {f"portico-adapter-{name}" for name in BROKEN}
    assert "reserved for portico-okta" in failed["portico-adapter-steals"]
    assert "acme-saml is taken" in failed["portico-adapter-copies"]
    owners = {one["key"]: one["distribution"] for one in shown if one["state"] == "ready"}
    assert (owners["okta-saml"], owners["acme-saml"]) == ("portico-okta", "portico-adapter-acme")
    listed = {(one["distribution"], one["state"]) for one in own_gateway.command("plugins", "list")["items"]}
    assert {("portico-adapter-acme", "ready"), ("portico-adapter-raises", "failed")} <= listed
    doctor = subprocess.run(
        [*portico(), "doctor", "--json"],
        env=own_gateway.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert doctor.returncode == 2
    assert all(f"portico-adapter-{name}" in doctor.stdout for name in BROKEN)


def test_when_it_is_gone_its_connections_fail_closed_and_come_back(own_gateway: Gateway) -> None:
    """No other adapter answers for them, whatever is left; with the plug-in they work again."""
    customer, other = SamlCustomer(own_gateway, adapter="acme-saml"), SamlCustomer(own_gateway)
    party = RelyingParty(own_gateway.base_url, own_gateway.api.add_client())
    named = own_gateway.environment["PORTICO_ADAPTERS"]
    before = log_in(customer, party)
    own_gateway.environment["PORTICO_ADAPTERS"] = "portico-adapter-copies"  # registers the same key, from elsewhere
    own_gateway.restart()
    try:
        end = Browser().walk(party.attempt(connection=customer.id).url, stop=party.client.redirect_uri)
        expect_error(end, own_gateway.api, "adapter-unavailable")
        browser, attempt = Browser(), party.attempt(connection=other.id)
        assert attempt.finish(other.log_in(browser, attempt)).sub
    finally:
        own_gateway.environment["PORTICO_ADAPTERS"] = named
        own_gateway.restart()
    assert log_in(customer, party)["sub"] == before["sub"]
