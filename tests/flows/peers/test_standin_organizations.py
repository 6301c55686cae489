"""Organizations behind one shared connection, as Auth0 plays them (facts about Auth0, sections 1 and 4).

The wall is the shipped Action, which runs here in Node.js.
"""

from __future__ import annotations

import pytest

from tests.support.standin_stage import Make, Stage

pytestmark = pytest.mark.peer("node")


def denied(stage: Stage, **parameters: str) -> str:
    """Return the reason of a refusal; a code is a failure."""
    url, _ = stage.start(**parameters)
    end = stage.browser.walk(url, stop=("http://app.localhost:1/callback", f"{stage.standin}/login/callback"))
    if getattr(end, "url", "").startswith("http://app."):
        answer = end.query  # type: ignore[union-attr]
    else:
        answer = stage.answer(stage.to_callback(**parameters))
    assert "code" not in answer, answer
    return answer["error_description"]


def test_only_members_get_in_and_the_action_is_not_even_asked(make: Make) -> None:
    """Membership is looked at before any Action; without auto-membership a stranger is refused."""
    stage = make()
    stage.enabled("org_halden", assign_membership_on_login=False)
    assert "is not part of the org_halden organization" in denied(stage, organization="org_halden")
    user_id = stage.sign_in()["sub"]
    stage.tenant.ask("POST", "/organizations/org_halden/members", {"members": [user_id]})
    assert stage.sign_in(organization="org_halden", prompt="login")["org_id"] == "org_halden"


def test_a_tenant_that_asks_for_no_membership(make: Make) -> None:
    """The switch for those who want to see the Action alone."""
    stage = make(behaviour={"membership_required": False})
    stage.enabled("org_halden", assign_membership_on_login=False)
    assert stage.sign_in(organization="org_halden")["org_id"] == "org_halden"
    assert stage.members("org_halden") == []


@pytest.mark.parametrize(("when", "members"), [("before_action", 1), ("after_action", 0)])
def test_auto_membership_and_an_action_that_denies(make: Make, when: str, members: int) -> None:
    """[U] e, both ways: nobody gets in, but a tenant that writes first keeps a member of the wrong organization."""
    stage = make(behaviour={"auto_membership": when})
    assert denied(stage, organization="org_other") == "This account belongs to another organization."
    assert len(stage.members("org_other")) == members
    assert len(stage.tenant.logs("organization_member_added")) == members


@pytest.mark.parametrize("when", ["before_action", "after_action"])
def test_auto_membership_adds_whoever_gets_in(make: Make, when: str) -> None:
    """`organization_member_added` with its reason."""
    stage = make(behaviour={"auto_membership": when})
    user_id = stage.sign_in(organization="org_halden")["sub"]
    assert stage.members("org_halden") == [user_id]
    (entry,) = stage.tenant.logs("organization_member_added")
    assert (entry["details"], entry["organization_id"]) == ({"reason": "auto_membership"}, "org_halden")


def test_a_session_answers_for_another_organization_without_upstream(make: Make) -> None:
    """Section 1: an SSO session is of no organization; the Action still keeps the customers apart."""
    stage = make()
    stage.sign_in(organization="org_halden")
    for organization in ("org_other", "org_bare"):
        answer = stage.silently(organization=organization)
        assert answer["error"] == "access_denied"
    assert "code" in stage.silently(organization="org_halden")
    assert "code" in stage.silently()


def test_without_the_action_the_wall_is_down(make: Make) -> None:
    """What the Action is for: a customer's user walks into another customer's organization by its name in a URL."""
    stage = make()
    stage.tenant.ask("PATCH", "/actions/triggers/post-login/bindings", {"bindings": []})
    assert stage.sign_in(organization="org_other")["org_id"] == "org_other"


def test_a_connection_has_to_be_enabled_where_it_is_used(make: Make) -> None:
    """For an organization its own list counts, without one the connection's list of applications."""
    stage = make()
    path = f"/connections/{stage.connection_id}/clients"
    stage.tenant.ask("PATCH", path, [{"client_id": "app", "status": False}])
    assert denied(stage) == "the connection is not enabled"
    assert stage.sign_in(organization="org_halden")["org_id"] == "org_halden"
    stage.tenant.ask("DELETE", f"/organizations/org_halden/enabled_connections/{stage.connection_id}")
    assert denied(stage, organization="org_halden") == "the connection is not enabled for the organization"


def test_an_organization_without_a_visible_connection_needs_its_name(make: Make) -> None:
    """Section 1: `show_as_button` false everywhere and no `connection`: Auth0's own error."""
    stage = make()
    url, _ = stage.start(organization="org_halden")
    answer = stage.answer(url.replace("connection=portico&", "").replace("&connection=portico", ""))
    assert answer["error_description"] == "no connections enabled for the organization are visible"


@pytest.mark.parametrize(
    ("usage", "parameters", "said"),
    [
        ("deny", {"organization": "org_halden"}, "parameter organization is not allowed for this client"),
        ("require", {}, "parameter organization is required for this client"),
    ],
)
def test_an_application_says_whether_it_uses_organizations(
    make: Make, usage: str, parameters: dict[str, str], said: str
) -> None:
    """`organization_usage` (section 3.3)."""
    stage = make()
    stage.tenant.ask("PATCH", "/clients/app", {"organization_usage": usage})
    assert denied(stage, **parameters) == said


def test_a_session_of_one_connection_does_not_answer_for_another(make: Make) -> None:
    """`connection=` that names another one goes there."""
    stage = make()
    stage.sign_in()
    record = stage.tenant.ask("GET", f"/connections/{stage.connection_id}")
    second = {"name": "second", "strategy": "oidc", "options": record["options"], "enabled_clients": ["app"]}
    stage.tenant.ask("POST", "/connections", second)
    assert stage.silently(connection="second")["error"] == "login_required"
    assert "code" in stage.silently(connection="portico")


def test_a_blocked_user_and_a_deleted_one_are_refused(make: Make) -> None:
    """Also where a session of theirs is left."""
    stage = make()
    path = f"/users/{stage.sign_in()['sub'].replace('|', '%7C')}"
    stage.tenant.ask("PATCH", path, {"blocked": True})
    assert stage.silently()["error"] == "unauthorized"
    stage.tenant.ask("DELETE", path)
    assert "code" not in stage.silently()


def test_a_login_is_logged_with_its_connection(make: Make) -> None:
    """Section 10: `s` and `f` carry the one `connection_id`, the application and the organization."""
    stage = make()
    stage.sign_in(organization="org_halden")
    (entry,) = stage.tenant.logs("s")
    assert (entry["connection_id"], entry["strategy"]) == (stage.connection_id, "oidc")
    assert (entry["client_id"], entry["organization_id"]) == ("app", "org_halden")
    stage.silently(organization="org_other")
    (failed,) = stage.tenant.logs("f")
    assert failed["details"]["error"]["oauthError"] == "access_denied"
    assert failed["connection_id"] == stage.connection_id


@pytest.mark.parametrize(
    ("behaviour", "params", "sent"),
    [
        ({}, {}, None),
        ({"login_hint_without_alias": True}, {}, "ada@halden.example"),
        ({}, {"login_hint": {"alias": "login_hint"}}, "ada@halden.example"),
        ({"alias_takes_identifier": False}, {"login_hint": {"alias": "login_hint"}}, None),
    ],
)
def test_what_becomes_of_the_typed_address(
    make: Make, behaviour: dict[str, bool], params: dict[str, dict[str, str]], sent: str | None
) -> None:
    """[U] a, both ways: with and without an alias, and whether the alias picks up what was typed."""
    stage = make(behaviour=behaviour, upstream_params=params)
    url, _ = stage.start()
    page = stage.browser.read(url.replace("connection=portico&", "").replace("&connection=portico", ""))
    typed = page.submit(page.forms[0], email="ada@halden.example")
    assert stage.browser.reach(typed, f"{stage.idp}/oauth2/authorize").query.get("login_hint") == sent
