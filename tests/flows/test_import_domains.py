"""Whose people still use the tenant's own connection, whose domain stays there (issue 6, items 3 and 5)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.auth0_trust import Trust
from tests.support.management import Refused

pytestmark = pytest.mark.usefixtures("trust")

RAW: dict[str, Any] = {
    "id": "con_1", "name": "kontor", "strategy": "oidc",
    "options": {"issuer": "https://idp.kontor.example", "client_id": "c", "client_secret": "s",
                "domain_aliases": ["kontor-moves.com", "gmail.com", "not a domain"]},
}  # fmt: skip


def aliases(trust: Trust) -> list[str]:
    trust.push()
    return list(trust.connection()["options"].get("domain_aliases", []))


def test_domains_lead_to_portico_from_the_dual_run_on(trust: Trust) -> None:
    """A draft or a tested connection takes nobody away from the old one; the way back gives them back."""
    trust.connect()
    body = {"tenant": "acme.eu.auth0.com", "connections": [RAW], "vouch_domains": True}
    [row] = trust.api.post("/auth0/imports", **body)["connections"]
    organization = row["organization_id"]
    trust.api.activate(row["connection_id"])
    assert aliases(trust) == []
    for state, expected in (("dual-run", ["kontor-moves.com"]), ("back", []), ("dual-run", ["kontor-moves.com"]),
                            ("moved", ["kontor-moves.com"]), ("back", [])):  # fmt: skip
        trust.api.post(f"/organizations/{organization}/move", to=state)
        assert aliases(trust) == expected, state


def test_domains_that_nobody_can_own_are_noted_and_others_wait(trust: Trust) -> None:
    """Pending unless an operator vouches; free-mail domains and nonsense are said, and stop nothing."""
    raw = {
        **RAW,
        "id": "con_2",
        "name": "kontor-2",
        "options": {**RAW["options"], "domain_aliases": ["k-2.com", "gmail.com"]},
    }
    [row] = trust.api.post("/auth0/imports", tenant="acme.eu.auth0.com", connections=[raw])["connections"]
    assert row["outcome"] == "created"
    assert any("gmail.com" in note for note in row["notes"])
    [domain] = trust.api.get(f"/organizations/{row['organization_id']}/domains")["items"]
    assert (domain["domain"], domain["status"]) == ("k-2.com", "pending")


def test_a_domain_of_another_customer_stays_there(trust: Trust) -> None:
    """Although the tenant routed by it."""
    owner = trust.api.add_organization("owned-by-another.com")
    raw = {**RAW, "id": "con_3", "name": "kontor-3",
           "options": {**RAW["options"], "domain_aliases": ["owned-by-another.com"]}}  # fmt: skip
    body = {"tenant": "acme.eu.auth0.com", "connections": [raw], "vouch_domains": True}
    [row] = trust.api.post("/auth0/imports", **body)["connections"]
    assert any("belongs to another organization" in note for note in row["notes"])
    assert trust.api.get(f"/organizations/{row['organization_id']}/domains")["items"] == []
    assert trust.api.get(f"/organizations/{owner['id']}/domains")["items"]


def test_a_connection_goes_to_the_organization_that_is_named_or_known(trust: Trust) -> None:
    """By the operator's word, else by the Auth0 organization that uses it alone."""
    mine = trust.api.add_organization()["id"]
    first = {**RAW, "id": "con_4", "name": "kontor-4", "options": {"client_id": "c"}}
    body = {"tenant": "acme.eu.auth0.com", "connections": [first], "organizations": {"kontor-4": mine}}
    [row] = trust.api.post("/auth0/imports", **body)["connections"]
    assert row["organization_id"] == mine
    both = [
        {**first, "id": f"con_{name}", "name": name, "organizations": [{"id": "org_kontor", "name": "Kontor AG"}]}
        for name in ("kontor-5", "kontor-6")
    ]
    rows = trust.api.post("/auth0/imports", tenant="acme.eu.auth0.com", connections=both)["connections"]
    assert len({row["organization_id"] for row in rows}) == 1
    made = trust.api.get(f"/organizations/{rows[0]['organization_id']}")
    assert (made["name"], made["auth0_organization_id"]) == ("Kontor AG", "org_kontor")


def test_another_connection_of_the_same_name_is_not_taken_for_the_imported_one(trust: Trust) -> None:
    """Deleted and made anew in the tenant: its people are others."""
    raw = {**RAW, "id": "con_7", "name": "kontor-7", "options": {"client_id": "c"}}
    trust.api.post("/auth0/imports", tenant="acme.eu.auth0.com", connections=[raw])
    [row] = trust.api.post("/auth0/imports", tenant="acme.eu.auth0.com", connections=[{**raw, "id": "con_8"}])[
        "connections"
    ]
    assert row["outcome"] == "failed"
    assert "another connection" in row["notes"][0]
    [planned] = trust.api.post("/auth0/imports/plan", tenant="acme.eu.auth0.com", connections=[{**raw, "id": "con_8"}])[
        "connections"
    ]
    assert planned["outcome"] == "failed", "the plan says so before"


def test_two_connections_with_one_entity_id_are_told_apart(trust: Trust) -> None:
    """T3: an entity ID belongs to one connection; the second is reported, and the import goes on."""
    saml = {"signInEndpoint": "https://idp.example.com/sso", "entityId": "urn:acme:shared"}
    raws = [{"id": f"con_shared{n}", "name": f"shared-{n}", "strategy": "samlp", "options": saml} for n in (1, 2)]
    third = {"id": "con_shared3", "name": "shared-3", "strategy": "samlp", "options": {}}
    rows = trust.api.post("/auth0/imports", tenant="acme.eu.auth0.com", connections=[*raws, third])["connections"]
    assert [row["outcome"] for row in rows] == ["created", "failed", "created"]


def test_an_organization_moves_one_step_at_a_time(trust: Trust) -> None:
    """Never past the dual run, never into it without an open door, and the state that it has is no change."""
    raw = {**RAW, "id": "con_steps", "name": "steps", "options": {**RAW["options"], "domain_aliases": []}}
    [row] = trust.api.post("/auth0/imports", tenant="acme.eu.auth0.com", connections=[raw])["connections"]
    path = f"/organizations/{row['organization_id']}/move"
    assert (trust.api.get(path)["state"], trust.api.get(path)["can_go_to"]) == ("imported", ["dual-run"])
    assert refused(trust, path, "dual-run") == "move-inactive"
    assert refused(trust, path, "moved") == "move-order"
    assert refused(trust, path, "back") == "move-order"
    trust.api.activate(row["connection_id"])
    moved = trust.api.post(path, to="dual-run")
    changed = moved["changed_at"]
    assert any("link-action" in sentence for sentence in moved["next"])
    assert trust.api.post(path, to="dual-run")["changed_at"] == changed
    assert refused(trust, path, "imported") == "move-order"
    trust.api.post(path, to="back")
    assert refused(trust, path, "moved") == "move-order"
    other = trust.api.add_organization()["id"]
    with pytest.raises(Refused) as unknown:
        trust.api.post(f"/organizations/{other}/move", to="dual-run")
    assert unknown.value.status == 404, "nothing of it was imported"


def refused(trust: Trust, path: str, to: str) -> str:
    with pytest.raises(Refused) as caught:
        trust.api.post(path, to=to)
    assert caught.value.status == 409
    return str(caught.value.body["code"])


def test_the_prefix_is_fixed_by_the_first_import(trust: Trust) -> None:
    """Running it again with another prefix changes nothing, and the report says what holds."""
    raw = {**RAW, "id": "con_fixed", "name": "fixed", "options": {"client_id": "c"}}
    body = {"tenant": "acme.eu.auth0.com", "connections": [raw]}
    [first] = trust.api.post("/auth0/imports", **body)["connections"]
    [again] = trust.api.post("/auth0/imports", **body, legacy_prefixes={"fixed": "oidc|"})["connections"]
    assert (first["legacy_prefix"], again["legacy_prefix"]) == ("oidc|fixed|", "oidc|fixed|")
    assert trust.api.get(f"/auth0/imports/{first['import_id']}")["legacy_prefix"] == "oidc|fixed|"
    for path in (f"/auth0/imports/{first['import_id']}", f"/connections/{first['connection_id']}"):
        with pytest.raises(Refused):
            trust.api.patch(path, legacy_prefix="oidc|")
