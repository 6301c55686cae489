"""The shipped login Action under node, on a table of events (issue 6, item 4; facts about Auth0, section 1).

Customer A's person must not get into customer B's organization by changing `organization=`; whatever is missing on either
side of the comparison is a refusal.
"""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from app.auth0.actions import read_login_action, read_version, same_code
from app.demo.standin.actions.node import NodeRunner
from app.demo.standin.actions.outcome import Outcome
from app.demo.standin.tenant.actions import Deployed

NAMESPACE = "https://sso.portico.example/"
SAID = {"portico_org": "org-a", "portico_connection": "con-a", "portico_groups": ["Engineering"]}
OURS = {"id": "con_1", "name": "portico", "strategy": "oidc"}
MARKED = {**OURS, "metadata": {"managed_by": "portico", "claims_namespace": NAMESPACE}}
IDENTITY = {"provider": "oidc", "connection": "portico", "user_id": "portico|usr-1", "isSocial": False}
OLD = {"provider": "samlp", "connection": "acme", "user_id": "acme|ada", "isSocial": False}

UNKNOWN = "The organization of this account is not known."
NOT_SET_UP = "This organization is not set up for this sign-in."
ANOTHER = "This account belongs to another organization."


def person(said: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """Somebody whose primary identity is Portico's."""
    return {"user_id": "oidc|portico|usr-1", "identities": [IDENTITY], **(SAID if said is None else said), **more}


def linked(profile: dict[str, Any] | None, root: dict[str, Any] | None = None) -> dict[str, Any]:
    """Somebody whose old account is the primary one, and who came in through Portico."""
    identity = IDENTITY if profile is None else {**IDENTITY, "profileData": profile}
    return {"user_id": "samlp|acme|ada", "identities": [OLD, identity], **(root or {})}


def organization(portico_org: object = "org-a", id_: str = "org_A") -> dict[str, Any]:
    metadata = {} if portico_org is None else {"portico_org": portico_org}
    return {"id": id_, "name": "a", "metadata": metadata}


def run(user: dict[str, Any], at: dict[str, Any] | None = None, connection: dict[str, Any] | None = MARKED) -> Outcome:
    node = shutil.which("node")
    assert node
    event = {"user": user} | ({"organization": at} if at else {}) | ({"connection": connection} if connection else {})
    return NodeRunner(node).run(Deployed("act_1", "login", read_login_action().code, {}), event)


ALLOWED = [
    ("no organization in the request", person(), None, MARKED),
    ("the organization that Portico vouches for", person(), organization(), MARKED),
    (
        "also by the Auth0 organization in the token",
        person({**SAID, "portico_auth0_org": "org_A"}),
        organization(),
        MARKED,
    ),
    ("linked: what the identity just used says", linked(SAID), organization(), MARKED),
    ("linked: whatever the old account's root says", linked(SAID, {"portico_org": "org-b"}), organization(), MARKED),
]
DENIED = [
    ("another customer's organization", person(), organization("org-b"), MARKED, ANOTHER),
    ("a mark in upper case is another", person(), organization("ORG-A"), MARKED, ANOTHER),
    ("the token names another Auth0 organization", person(SAID | {"portico_auth0_org": "org_X"}), organization(), MARKED,
     ANOTHER),
    ("the organization has no mark", person(), organization(None), MARKED, NOT_SET_UP),
    ("the organization's mark is empty", person(), organization(""), MARKED, NOT_SET_UP),
    ("the organization has no metadata", person(), {"id": "org_A", "name": "a"}, MARKED, NOT_SET_UP),
    ("the user has no portico_org", person({"portico_connection": "con-a"}), organization(), MARKED, UNKNOWN),
    ("the user has none, and no organization was asked for", person({}), None, MARKED, UNKNOWN),
    ("the user's portico_org is empty", person({**SAID, "portico_org": ""}), organization(""), MARKED, UNKNOWN),
    ("the user's portico_org is a list", person({**SAID, "portico_org": ["org-a"]}), organization(), MARKED, UNKNOWN),
    ("linked: the identity says nothing, the root does", linked(None, SAID), organization(), MARKED, UNKNOWN),
    ("linked: the identity is another customer's", linked(SAID | {"portico_org": "org-b"}, SAID), organization(),
     MARKED, ANOTHER),
    ("two people of the connection in one user", person(identities=[IDENTITY, IDENTITY | {"user_id": "portico|usr-2"}]),
     organization(), MARKED, UNKNOWN),
    ("no identity of the connection", person(identities=[]), organization(), MARKED, UNKNOWN),
    ("the connection lost its mark", person(), organization("org-b"), OURS, ANOTHER),
    ("the event names no connection", person(), organization("org-b"), None, ANOTHER),
]  # fmt: skip


@pytest.mark.peer("node")
@pytest.mark.parametrize(
    ("user", "at", "connection"), [case[1:] for case in ALLOWED], ids=[case[0] for case in ALLOWED]
)
def test_who_belongs_there_gets_in_with_the_namespaced_claims(user: Any, at: Any, connection: Any) -> None:
    outcome = run(user, at, connection)
    assert outcome.denied is None
    assert outcome.id_token == outcome.access_token
    assert outcome.id_token[NAMESPACE + "portico_org"] == "org-a"
    assert outcome.id_token[NAMESPACE + "portico_groups"] == ["Engineering"]


@pytest.mark.peer("node")
@pytest.mark.parametrize(
    ("user", "at", "connection", "reason"), [case[1:] for case in DENIED], ids=[case[0] for case in DENIED]
)
def test_who_does_not_belong_there_is_denied(user: Any, at: Any, connection: Any, reason: str) -> None:
    outcome = run(user, at, connection)
    assert outcome.denied == reason
    assert outcome.id_token == {}
    assert outcome.access_token == {}


@pytest.mark.peer("node")
@pytest.mark.parametrize(
    ("user", "connection"),
    [
        (
            {"user_id": "auth0|1", "identities": [{"provider": "auth0", "connection": "db", "user_id": "1"}]},
            {"name": "db"},
        ),
        ({**linked(SAID), "user_id": "samlp|acme|ada"}, {"name": "acme", "strategy": "samlp", "metadata": {}}),
        (linked(SAID, SAID), {"name": "acme", "strategy": "samlp", "metadata": {}}),
    ],
    ids=["a database", "the old connection of somebody who is linked", "also where the root says what Portico said"],
)
def test_a_login_by_another_connection_is_none_of_its_business(user: Any, connection: Any) -> None:
    """Membership of the organization decides there, as it did before."""
    assert run(user, organization("org-b"), connection) == Outcome()


def test_its_first_line_says_its_version() -> None:
    """By it verify tells an old Action from one that somebody edited."""
    shipped = read_login_action()
    assert shipped.version == read_version(shipped.code) >= 1  # type: ignore[operator]
    assert shipped.code.startswith(f"// Portico: login. Version {shipped.version}.")
    assert read_version("exports.x = 1;") is None
    assert same_code(shipped.code, shipped.code.replace("\n", "\r\n") + "\n\n")
    assert not same_code(shipped.code, shipped.code.replace("portico_org", "x"))
