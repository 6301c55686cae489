"""The shipped linking Action, run as a tenant runs it, against a tenant's users: issue 6, item 6, its last sentence."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from app.auth0.importing.link_action import read_link_action
from app.demo.standin.actions.node import NodeRunner
from app.demo.standin.actions.outcome import Outcome
from app.demo.standin.tenant.actions import Deployed
from tests.support.auth0_tenant import Auth0Tenant

pytestmark = pytest.mark.peer("node")

OLD_ID = "samlp|halden|ada"
RUN = {"con-h": {"connection": "halden", "organization": "org-h"}}
SCOPES = ("read:users", "update:users", "read:organizations")


@dataclass
class Login:
    """A login through Portico of somebody who had an account."""

    tenant: Auth0Tenant
    event: dict[str, Any]
    table: dict[str, Any]
    scopes: tuple[str, ...] = SCOPES

    def run(self, table: dict[str, Any] | None = None) -> Outcome:
        """Run the Action with a table of dual runs in it."""
        code = read_link_action().replace(
            "const DUAL_RUN = {};", f"const DUAL_RUN = {json.dumps(self.table if table is None else table)};"
        )
        machine = self.tenant.machine(*self.scopes)
        secrets = {"AUTH0_DOMAIN": self.tenant.origin, "CLIENT_ID": machine.client_id}
        secrets["CLIENT_SECRET"] = machine.client_secret
        node = shutil.which("node")
        assert node
        return NodeRunner(node).run(Deployed("act_1", "Portico linking", code, secrets), self.event)

    def identities(self, user_id: str = OLD_ID) -> list[str]:
        """The connections of a user in the tenant."""
        found = self.tenant.call("GET", f"/users/{user_id}")
        return [identity["connection"] for identity in found.json()["identities"]] if found.status == 200 else []

    def expect_not_linked(self, outcome: Outcome) -> None:
        assert outcome == Outcome(), outcome
        assert "portico" not in self.identities()


@pytest.fixture
def login(auth0_tenant: Auth0Tenant) -> Login:
    auth0_tenant.add_user(OLD_ID, "halden", email="ada@halden.example")
    fresh = auth0_tenant.add_user("oidc|portico|usr-1", "portico")
    event = {
        "connection": {"name": "portico", "strategy": "oidc", "metadata": {"managed_by": "portico"}},
        "user": {
            "user_id": "oidc|portico|usr-1",
            "identities": fresh["identities"],
            "portico_connection": "con-h",
            "portico_org": "org-h",
            "portico_legacy_user_id": OLD_ID,
        },
    }
    return Login(auth0_tenant, event, RUN)


def test_it_gives_a_person_the_account_from_before(login: Login) -> None:
    """Linked, and the old user stays the primary one, with everything that hangs on it."""
    assert login.run().primary_user_id == OLD_ID
    assert login.identities() == ["halden", "portico"]


def test_it_links_in_the_organization_that_stands_for_the_customer(login: Login) -> None:
    login.event["organization"] = {"id": "org_1", "metadata": {"portico_org": "org-h"}}
    assert login.run().primary_user_id == OLD_ID


def test_it_links_once(login: Login) -> None:
    """Whoever is linked is left alone, and an old user who has a Portico identity gets no second one."""
    login.run()
    linked = login.tenant.ask("GET", f"/users/{OLD_ID}")
    login.event["user"] |= {"user_id": OLD_ID, "identities": linked["identities"]}
    assert login.run() == Outcome()
    other = login.tenant.add_user("oidc|portico|usr-2", "portico")
    login.event["user"] |= {"user_id": "oidc|portico|usr-2", "identities": other["identities"]}
    assert login.run() == Outcome()
    assert login.identities() == ["halden", "portico"]


@pytest.mark.parametrize(
    "table", [{}, {"con-x": RUN["con-h"]}, {"con-h": {"connection": "halden", "organization": "org-x"}}]
)
def test_it_links_only_during_the_dual_run(login: Login, table: dict[str, Any]) -> None:
    """What is not in the table is not linked, whatever the profile still says; nor by the run of another organization."""
    login.expect_not_linked(login.run(table))


def test_as_it_is_shipped_it_links_nobody(login: Login) -> None:
    assert re.search(r"^const DUAL_RUN = \{\};$", read_link_action(), re.M)
    login.expect_not_linked(login.run({}))


def _set(event: dict[str, Any], **user: Any) -> None:
    event["user"] |= user


EVENTS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "another connection": lambda event: event["connection"].update(metadata={}),
    "no metadata": lambda event: event["connection"].pop("metadata"),
    "no old id": lambda event: event["user"].pop("portico_legacy_user_id"),
    "empty old id": lambda event: _set(event, portico_legacy_user_id=""),
    "old id of another kind": lambda event: _set(event, portico_legacy_user_id=[OLD_ID]),
    "no organization told": lambda event: event["user"].pop("portico_org"),
    "organization of another": lambda event: _set(event, portico_org="org-x"),
    "no connection told": lambda event: event["user"].pop("portico_connection"),
    "connection of another": lambda event: _set(event, portico_connection="con-x"),
    "inherited name": lambda event: _set(event, portico_connection="constructor"),
    "an old id that nobody has": lambda event: _set(event, portico_legacy_user_id="samlp|halden|nobody"),
    "login for another organization": lambda event: event.update(organization={"metadata": {"portico_org": "org-x"}}),
    "login for an organization of nobody": lambda event: event.update(organization={"id": "org_1"}),
    "its own id": lambda event: _set(event, portico_legacy_user_id="oidc|portico|usr-1"),
    "two identities": lambda event: _set(event, identities=[*event["user"]["identities"]] * 2),
    "an identity of another connection": lambda event: _set(
        event, identities=[{**event["user"]["identities"][0], "connection": "google"}]
    ),
}


@pytest.mark.parametrize("change", EVENTS.values(), ids=EVENTS)
def test_whatever_is_missing_or_differs_is_a_no(login: Login, change: Callable[[dict[str, Any]], Any]) -> None:
    """And never a refused login."""
    change(login.event)
    login.expect_not_linked(login.run())


def test_it_links_only_to_users_of_the_imported_connection(login: Login) -> None:
    """`identities[].connection` is the imported connection: of an old user with the same name elsewhere, nothing."""
    login.tenant.add_user("samlp|nordwind|boss", "nordwind")
    login.event["user"]["portico_legacy_user_id"] = "samlp|nordwind|boss"
    outcome = login.run()
    login.expect_not_linked(outcome)
    assert login.identities("samlp|nordwind|boss") == ["nordwind"]


def test_it_does_not_link_an_old_user_who_has_an_identity_elsewhere(login: Login) -> None:
    """Every identity has to be of the imported connection: one of another customer's would come along."""
    login.tenant.add_user("samlp|nordwind|ada", "nordwind")
    login.tenant.ask("POST", f"/users/{OLD_ID}/identities", {"provider": "samlp", "user_id": "nordwind|ada"})
    login.expect_not_linked(login.run())
    assert login.identities() == ["halden", "nordwind"]


def test_it_never_links_users_of_two_organizations(login: Login) -> None:
    """Members of another organization, of two, or of one that stands for nobody here stay as they are."""
    mine = login.tenant.add_organization("halden", {"portico_org": "org-h"})
    theirs = login.tenant.add_organization("nordwind", {"portico_org": "org-n"})
    login.tenant.ask("POST", f"/organizations/{theirs.id}/members", {"members": [OLD_ID]})
    login.expect_not_linked(login.run())
    login.tenant.ask("POST", f"/organizations/{mine.id}/members", {"members": [OLD_ID]})
    login.expect_not_linked(login.run())
    login.tenant.ask("DELETE", f"/organizations/{theirs.id}/members", {"members": [OLD_ID]})
    assert login.run().primary_user_id == OLD_ID


def test_it_does_not_link_a_member_of_an_organization_of_nobody(login: Login) -> None:
    unbound = login.tenant.add_organization("unbound")
    login.tenant.ask("POST", f"/organizations/{unbound.id}/members", {"members": [OLD_ID]})
    login.expect_not_linked(login.run())


def test_it_does_not_link_to_a_blocked_user(login: Login) -> None:
    login.tenant.ask("PATCH", f"/users/{OLD_ID}", {"blocked": True})
    login.expect_not_linked(login.run())


@pytest.mark.parametrize("lacking", SCOPES)
def test_without_its_scopes_it_leaves_the_login_as_it_is(login: Login, lacking: str) -> None:
    """It asks for no more than it says it needs, and nobody is locked out when it may not."""
    login.scopes = tuple(scope for scope in SCOPES if scope != lacking)
    login.expect_not_linked(login.run())


def test_a_tenant_that_answers_badly_leaves_the_login_as_it_is(login: Login) -> None:
    login.tenant.limit(api=(0.001, 1))
    outcome = login.run()
    login.tenant.limit(api=(1000, 1000))
    login.expect_not_linked(outcome)
    assert login.identities() == ["halden"]
