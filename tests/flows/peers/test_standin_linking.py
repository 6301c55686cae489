"""Linked identities at the stand-in: an old profile that people enter by the new connection (facts, sections 1 and 12)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.auth0.importing.link_action import read_link_action
from tests.support.standin_stage import Make, Stage

pytestmark = pytest.mark.peer("node")

OLD = "samlp|halden|ada"

#: What a linking Action does: the Management API with credentials of its own, then the old profile becomes the login's.
LINK = """
exports.onExecutePostLogin = async (event, api) => {
  if (event.user.user_id === event.secrets.OLD || event.user.identities.length > 1) { return; }
  const json = { 'content-type': 'application/json' };
  const form = { grant_type: 'client_credentials', client_id: event.secrets.ID, client_secret: event.secrets.SECRET };
  const token = await (await fetch(`${event.secrets.TENANT}/oauth/token`, {
    method: 'POST', headers: json, body: JSON.stringify({ ...form, audience: `${event.secrets.TENANT}/api/v2/` }),
  })).json();
  const identity = event.user.identities[0];
  const answer = await fetch(
    `${event.secrets.TENANT}/api/v2/users/${encodeURIComponent(event.secrets.OLD)}/identities`,
    {
      method: 'POST',
      headers: { ...json, authorization: `Bearer ${token.access_token}` },
      body: JSON.stringify({ provider: identity.provider, user_id: identity.user_id }),
    },
  );
  if (answer.status !== 201) { throw new Error(`link: ${answer.status}`); }
  api.authentication.setPrimaryUser(event.secrets.OLD);
};
"""


def install(stage: Stage, code: str, **secrets: str) -> None:
    """Deploy an Action and bind it after those that are bound."""
    given = [{"name": name, "value": value} for name, value in secrets.items()]
    trigger = [{"id": "post-login", "version": "v3"}]
    body = {"name": "More", "supported_triggers": trigger, "code": code, "secrets": given}
    made = stage.tenant.ask("POST", "/actions/actions", body)
    stage.tenant.ask("GET", f"/actions/actions/{made['id']}")
    stage.tenant.ask("POST", f"/actions/actions/{made['id']}/deploy")
    path = "/actions/triggers/post-login/bindings"
    bound = [
        {"ref": {"type": "binding_id", "value": entry["id"]}} for entry in stage.tenant.ask("GET", path)["bindings"]
    ]
    stage.tenant.ask("PATCH", path, {"bindings": [*bound, {"ref": {"type": "action_id", "value": made["id"]}}]})


def install_linking(stage: Stage, *scopes: str) -> None:
    machine = stage.tenant.machine(*(scopes or ("update:users",)))
    install(stage, LINK, TENANT=stage.standin, ID=machine.client_id, SECRET=machine.client_secret, OLD=OLD)


def profile(stage: Stage) -> dict[str, Any]:
    record: dict[str, Any] = stage.tenant.ask("GET", f"/users/{OLD.replace('|', '%7C')}")
    return record


def test_an_action_links_the_login_to_the_old_profile(make: Make) -> None:
    """The application sees the old id from the first login on; the new profile never stays beside it."""
    stage = make()
    stage.tenant.add_user(OLD, "halden", email="ada@halden.example", name="Ada")
    install_linking(stage)
    assert stage.sign_in()["sub"] == OLD
    identities = profile(stage)["identities"]
    assert [entry["connection"] for entry in identities] == ["halden", "portico"]
    assert identities[1]["profileData"]["portico_org"] == "org-halden"
    assert len(stage.tenant.ask("GET", "/users")) == 1


def test_later_logins_by_the_secondary_identity_are_of_the_old_profile(make: Make) -> None:
    """Also the session, and the wall: what Portico said is in the identity, and the Action reads it there."""
    stage = make()
    stage.tenant.add_user(OLD, "halden", email="ada@halden.example")
    install_linking(stage)
    stage.sign_in()
    assert stage.sign_in(prompt="login", organization="org_halden")["sub"] == OLD
    assert stage.silently(organization="org_other")["error"] == "access_denied"
    assert "portico_org" not in profile(stage)
    assert profile(stage)["logins_count"] == 1


def test_memberships_hang_on_the_old_id(make: Make) -> None:
    """Section 12: linking keeps them; those of the profile that was linked away are gone."""
    stage = make()
    stage.tenant.add_user(OLD, "halden", email="ada@halden.example")
    stage.tenant.ask("POST", "/organizations/org_halden/members", {"members": [OLD]})
    new = stage.sign_in()["sub"]
    stage.tenant.ask("POST", "/organizations/org_halden/members", {"members": [new]})
    link = {"provider": "oidc", "user_id": new.removeprefix("oidc|")}
    stage.tenant.ask("POST", f"/users/{OLD.replace('|', '%7C')}/identities", link)
    assert stage.members("org_halden") == [OLD]
    stage.enabled("org_halden", assign_membership_on_login=False)
    assert stage.sign_in(prompt="login", organization="org_halden")["sub"] == OLD


def test_an_organizations_member_is_looked_for_before_the_action_links(make: Make) -> None:
    """A member by the old id is a stranger by the new one until they are linked: the first login is refused."""
    stage = make()
    stage.tenant.add_user(OLD, "halden", email="ada@halden.example")
    stage.tenant.ask("POST", "/organizations/org_halden/members", {"members": [OLD]})
    stage.enabled("org_halden", assign_membership_on_login=False)
    install_linking(stage)
    answer = stage.answer(stage.to_callback(organization="org_halden"))
    assert "is not part of" in answer["error_description"]
    assert stage.sign_in()["sub"] == OLD
    assert stage.sign_in(prompt="login", organization="org_halden")["sub"] == OLD


@pytest.mark.parametrize(("where", "at_root"), [("identity", False), ("root", True)])
def test_where_a_secondary_login_leaves_what_upstream_said(make: Make, where: str, at_root: bool) -> None:
    """[U], both ways: in the identity alone, or at the root as well. The shipped Action decides the same."""
    stage = make(behaviour={"linked_attributes": where})
    stage.tenant.add_user(OLD, "halden", email="ada@halden.example")
    install_linking(stage)
    stage.sign_in()
    stage.sign_in(prompt="login", organization="org_halden")
    assert ("portico_org" in profile(stage)) is at_root
    assert stage.silently(organization="org_other")["error"] == "access_denied"


def test_unlinking_gives_the_identity_a_profile_of_its_own(make: Make) -> None:
    """The next login is that profile's."""
    stage = make()
    stage.tenant.add_user(OLD, "halden", email="ada@halden.example")
    new = stage.sign_in()["sub"]
    install_linking(stage)
    assert stage.sign_in(prompt="login")["sub"] == OLD
    path = f"/users/{OLD.replace('|', '%7C')}/identities/oidc/{new.removeprefix('oidc|').replace('|', '%7C')}"
    stage.tenant.ask("DELETE", path)
    stage.tenant.ask("PATCH", "/actions/triggers/post-login/bindings", {"bindings": []})
    assert stage.sign_in(prompt="login")["sub"] == new


def test_an_action_cannot_become_somebody_whom_the_login_is_not_linked_to(make: Make) -> None:
    """`setPrimaryUser` with another's id fails the login."""
    stage = make()
    stage.tenant.add_user(OLD, "halden", email="ada@halden.example")
    install(stage, f"exports.onExecutePostLogin = async (event, api) => api.authentication.setPrimaryUser('{OLD}');")
    answer = stage.answer(stage.to_callback())
    assert "is not linked to" in answer["error_description"]


def test_an_action_that_fails_fails_the_login(make: Make) -> None:
    """Here: its machine may not link."""
    stage = make()
    stage.tenant.add_user(OLD, "halden", email="ada@halden.example")
    install_linking(stage, "read:users")
    answer = stage.answer(stage.to_callback())
    assert answer["error"] == "server_error"
    assert "link: 403" in answer["error_description"]


DUAL_RUN = {"con-1": {"connection": "halden", "organization": "org-halden"}}


def install_shipped(stage: Stage, dual_run: dict[str, Any]) -> None:
    """Install Portico's own linking Action with a machine that has the scopes it names, and no more."""
    code = read_link_action().replace("const DUAL_RUN = {};", f"const DUAL_RUN = {json.dumps(dual_run)};")
    machine = stage.tenant.machine("read:users", "update:users", "read:organizations")
    secrets = {"CLIENT_ID": machine.client_id, "CLIENT_SECRET": machine.client_secret}
    install(stage, code, AUTH0_DOMAIN=stage.standin, **secrets)


CLAIMS = {"portico_org": "org-halden", "portico_connection": "con-1", "portico_legacy_user_id": OLD}


def test_the_shipped_linking_action_gives_the_old_account_back(make: Make) -> None:
    """Issue 6, item 6: by the old id that Portico told; the member of the organization stays its member."""
    stage = make(claims=CLAIMS)
    stage.tenant.add_user(OLD, "halden", email="ada@halden.example")
    stage.tenant.ask("POST", "/organizations/org_halden/members", {"members": [OLD]})
    stage.enabled("org_halden", assign_membership_on_login=False)
    install_shipped(stage, DUAL_RUN)
    assert stage.sign_in()["sub"] == OLD
    assert stage.sign_in(prompt="login", organization="org_halden")["sub"] == OLD
    assert [entry["connection"] for entry in profile(stage)["identities"]] == ["halden", "portico"]


@pytest.mark.parametrize(
    ("dual_run", "connection"),
    [
        ({}, "halden"),
        ({"con-1": {"connection": "halden", "organization": "org-other"}}, "halden"),
        ({"con-2": {"connection": "halden", "organization": "org-halden"}}, "halden"),
        (DUAL_RUN, "another"),
    ],
)
def test_the_shipped_linking_action_leaves_every_other_account_alone(
    make: Make, dual_run: dict[str, Any], connection: str
) -> None:
    """No dual run, another organization's, another connection's, an old user of another connection."""
    stage = make(claims=CLAIMS)
    stage.tenant.add_user(OLD, connection, email="ada@halden.example")
    install_shipped(stage, dual_run)
    assert stage.sign_in()["sub"].startswith("oidc|portico|")
    assert len(profile(stage)["identities"]) == 1


def test_the_shipped_linking_action_links_no_member_of_another_organization(make: Make) -> None:
    """An old user in somebody else's organization stays as it is."""
    stage = make(claims=CLAIMS)
    stage.tenant.add_user(OLD, "halden", email="ada@halden.example")
    stage.tenant.ask("POST", "/organizations/org_other/members", {"members": [OLD]})
    install_shipped(stage, DUAL_RUN)
    assert stage.sign_in()["sub"].startswith("oidc|portico|")
