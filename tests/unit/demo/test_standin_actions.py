"""How the stand-in runs Actions: real JavaScript with Node.js, and a mirror of Portico's own Action without.

Requirement: issue 6, item 8; facts about Auth0, section 1.
"""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from app.auth0.actions import read_login_action
from app.demo.standin.actions.choose import choose_runner
from app.demo.standin.actions.mirror import MirrorRunner, decide
from app.demo.standin.actions.node import NodeRunner
from app.demo.standin.actions.outcome import ActionFailed, Outcome
from app.demo.standin.tenant.actions import Deployed

LOGIN = read_login_action().code
needs_node = pytest.mark.peer("node")
ATTRIBUTES = {
    "portico_org": "org-a",
    "portico_connection": "con-1",
    "portico_groups": ["x", "y"],
    "email": "a@b.example",
}
OURS = {"id": "con_1", "name": "portico", "strategy": "oidc", "metadata": {"managed_by": "portico"}}
IDENTITY = {"provider": "oidc", "user_id": "portico|s", "connection": "portico", "isSocial": False}
OLD = {"provider": "samlp", "user_id": "acme|ada", "connection": "acme", "isSocial": False}


def event(
    *,
    attributes: dict[str, Any] | None = None,
    organization: dict[str, Any] | None = None,
    connection: dict[str, Any] | None = None,
    **user: Any,
) -> dict[str, Any]:
    root = {"user_id": "oidc|portico|s", "identities": [IDENTITY]}
    root |= ATTRIBUTES if attributes is None else attributes
    made: dict[str, Any] = {"user": root | user, "connection": OURS if connection is None else connection}
    return made | ({"organization": organization} if organization is not None else {})


def org(**metadata: Any) -> dict[str, Any]:
    return {"id": "org_1", "name": "acme", "display_name": "Acme", "metadata": metadata}


LINKED: dict[str, Any] = {"user_id": "samlp|acme|ada", "identities": [OLD, IDENTITY | {"profileData": ATTRIBUTES}]}

EVENTS: dict[str, dict[str, Any]] = {
    "no organization": event(),
    "the right organization": event(organization=org(portico_org="org-a")),
    "another organization": event(organization=org(portico_org="org-b")),
    "an organization without metadata": event(organization=org()),
    "an organization with empty metadata": event(organization=org(portico_org="")),
    "no portico_org": event(attributes={}),
    "an empty portico_org": event(attributes={"portico_org": ""}, organization=org(portico_org="")),
    "a portico_org that is no text": event(
        attributes={"portico_org": ["org-a"]}, organization=org(portico_org="org-a")
    ),
    "both sides missing": event(attributes={}, organization=org()),
    "bound to this Auth0 organization": event(portico_auth0_org="org_1", organization=org(portico_org="org-a")),
    "bound to another Auth0 organization": event(portico_auth0_org="org_2", organization=org(portico_org="org-a")),
    "a connection that is not ours": event(attributes={}, connection={"name": "google", "metadata": {}}),
    "ours by attributes alone": event(
        connection={"name": "portico", "metadata": {}}, organization=org(portico_org="b")
    ),
    "no connection, ours by attributes": event(connection={}, organization=org(portico_org="org-a")),
    "no connection, nothing of ours": event(connection={}, attributes={}),
    "a namespace for claims": event(
        connection=OURS | {"metadata": {"managed_by": "portico", "claims_namespace": "n/"}}
    ),
    "linked: the identity just used": event(attributes={}, organization=org(portico_org="org-a"), **LINKED),
    "linked: the wrong organization": event(attributes={}, organization=org(portico_org="org-b"), **LINKED),
    "linked: the root lies": event(
        attributes={"portico_org": "org-b"}, organization=org(portico_org="org-b"), **LINKED
    ),
    "two people in one user": event(identities=[IDENTITY, IDENTITY | {"user_id": "portico|t", "profileData": {}}]),
    "no identity at all": event(identities=[]),
    "null attributes": event(portico_groups=None, portico_roles=None),
}


def run_js(code: str, on: dict[str, Any] | None = None, **secrets: str) -> Outcome:
    node = shutil.which("node")
    assert node
    return NodeRunner(node).run(Deployed("a", "A", code, secrets), on or event())


@needs_node
@pytest.mark.parametrize("case", EVENTS)
def test_the_mirror_decides_as_the_action_that_is_shipped(case: str) -> None:
    """One table of events for both: what a demo without Node.js shows is what a tenant would do."""
    assert decide(EVENTS[case]) == run_js(LOGIN, EVENTS[case])


def test_absence_on_either_side_is_a_refusal() -> None:
    """Section 1: no `portico_org` of the user, none of the organization, or two that differ."""
    refused = {case for case, made in EVENTS.items() if decide(made).denied}
    assert refused == {
        "another organization",
        "an organization without metadata",
        "an organization with empty metadata",
        "no portico_org",
        "an empty portico_org",
        "a portico_org that is no text",
        "both sides missing",
        "bound to another Auth0 organization",
        "ours by attributes alone",
        "linked: the wrong organization",
        "linked: the root lies",
        "two people in one user",
        "no identity at all",
    }


@needs_node
def test_an_action_denies_adds_claims_and_names_the_primary_user() -> None:
    """The part of the Actions API that shipped Actions use."""
    made = run_js(
        """exports.onExecutePostLogin = async (event, api) => {
             api.idToken.setCustomClaim('n/email', event.user.email);
             api.accessToken.setCustomClaim('n/key', event.secrets.KEY);
             api.authentication.setPrimaryUser('samlp|acme|ada');
             api.user.setAppMetadata('linked', true);
             api.cache.set('a', 'b');
             api.idToken.setCustomClaim('cached', api.cache.get('a').value);
             console.log('not part of the answer');
             api.access.deny('first'); api.access.deny('second');
           };""",
        KEY="secret",
    )
    assert made == Outcome(
        denied="first",
        id_token={"n/email": "a@b.example", "cached": "b"},
        access_token={"n/key": "secret"},
        primary_user_id="samlp|acme|ada",
        app_metadata={"linked": True},
    )


@needs_node
@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("exports.onExecutePostLogin = async () => { throw new Error('broken'); };", "broken"),
        ("exports.onExecutePostLogin = async (event, api) => api.idToken.setEverything();", "setEverything"),
        ("exports.onExecutePostLogin = async (event, api) => api.access.deny();", "reason must be a string"),
        ("const { ManagementClient } = require('auth0');", "Cannot find module 'auth0'"),
        ("this is no JavaScript", "Unexpected"),
        ("", "is not a function"),
        ("exports.onExecutePostLogin = async () => process.exit(0);", "no answer"),
    ],
)
def test_an_action_that_fails_lets_nobody_in(code: str, said: str) -> None:
    """An exception, a call that is not there, a package that is not there: the login fails."""
    with pytest.raises(ActionFailed, match=said):
        run_js(code)


@needs_node
def test_an_action_sees_nothing_of_the_process_that_runs_it() -> None:
    """Its environment is empty; what it needs are its secrets."""
    made = run_js(
        """exports.onExecutePostLogin = async (event, api) => {
             api.idToken.setCustomClaim('names', Object.keys(process.env));
           };"""
    )
    assert made.id_token == {"names": []}


@needs_node
def test_with_node_every_action_runs() -> None:
    """No mirror where there is Node.js."""
    assert isinstance(choose_runner(LOGIN), NodeRunner)


def test_without_node_only_portico_s_own_action_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo works; a tenant with another Action says what is missing."""
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    runner = choose_runner(LOGIN)
    assert isinstance(runner, MirrorRunner)
    assert runner.run(Deployed("a", "A", LOGIN, {}), event()).denied is None
    with pytest.raises(ActionFailed, match=r"Node\.js is needed"):
        runner.run(Deployed("a", "A", "// another", {}), event())
