"""Further attributes and role rules in the database: what is stored, audited, demanded, and loaded for a sign-in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.cipher import Cipher
from app.claims import (
    Additions,
    Attribute,
    GroupRole,
    NewRoleRule,
    add_attribute,
    add_role_rule,
    change_attribute,
    change_role_rule,
    delete_attribute,
    delete_role_rule,
    get_attribute,
    get_role_rule,
    list_attributes,
    list_role_rules,
    load_additions,
)
from app.connections import find_unmapped
from app.database import transaction
from app.errors import Conflict, Invalid, NotFound
from app.organizations import delete_organization
from tests.support.customers import CUSTOMER, OPERATOR, Customers, connections_of, events

OF = {"sources": ["department"]}


@pytest.fixture
def customers(app_context: Flask, cipher: Cipher, now: datetime) -> Customers:
    return Customers(connections_of(cipher), now, adapter="acme-oidc")


def add(name: str, now: datetime, **more: Any) -> Any:
    return add_attribute(Attribute(name, **more), actor=OPERATOR, now=now)


def give(organization: str, group: str | None, role: str, now: datetime, **more: Any) -> Any:
    return add_role_rule(organization, NewRoleRule(group, role, **more), actor=OPERATOR, now=now)


# --- Attributes


def test_an_attribute_is_stored_changed_and_deleted_with_an_event_each(app_context: Flask, now: datetime) -> None:
    made = add("department", now, type="list")
    change_attribute(made.id, {"required": True}, actor=OPERATOR, now=now)
    assert load_additions("org-x", "con-x") == Additions((Attribute("department", "list", True),))
    delete_attribute(made.id, actor=OPERATOR, now=now)
    assert [event.name for event in events(made.id)] == [
        "profile_attribute.created", "profile_attribute.changed", "profile_attribute.deleted",
    ]  # fmt: skip
    assert list_attributes() == []
    with pytest.raises(NotFound):
        get_attribute(made.id)


@pytest.mark.parametrize(
    "name",
    ["", "Department", "1st", "_x", "a" * 41, "a-b", "a b", "email", "groups", "roles", "org", "org_id", "idp_sub",
     "connection", "legacy_user_id", "portico_x", "session_id"],
)  # fmt: skip
def test_a_name_whose_claim_is_or_could_become_ours_is_refused(app_context: Flask, now: datetime, name: str) -> None:
    """`portico_` + name never takes the place of a claim of ours, of OpenID Connect's, or one that Auth0 drops."""
    with pytest.raises(Invalid):
        add(name, now)


def test_a_name_is_given_once(app_context: Flask, now: datetime) -> None:
    add("department", now)
    with pytest.raises(Conflict) as refused:
        add("department", now)
    assert refused.value.code == "attribute-exists"


def test_rules_may_name_an_attribute_that_there_is(customers: Customers, now: datetime) -> None:
    with pytest.raises(Invalid):
        customers.draft(customers.organization(), claim_rules={"department": OF})
    attribute = add("department", now)
    made = customers.draft(customers.organization("B"), claim_rules={"department": OF})
    delete_attribute(attribute.id, actor=OPERATOR, now=now)
    assert [rule.field for rule in customers.connections.open(made.id).claim_rules][-1] == "department"


def test_activation_demands_a_rule_for_what_the_profile_requires(customers: Customers, now: datetime) -> None:
    """Issue 3: attributes that customers must map."""
    add("department", now, required=True)
    made = customers.draft(customers.organization())
    with pytest.raises(Invalid) as refused:
        customers.activate(made.id)
    assert refused.value.problems[0].field == "claim_rules.department"
    customers.change(made.id, claim_rules={"department": OF})
    assert customers.activate(made.id).status == "active"
    with pytest.raises(Invalid):
        customers.change(made.id, claim_rules={})


def test_who_does_not_map_an_attribute_is_known(customers: Customers, now: datetime) -> None:
    add("department", now)
    without = customers.active(customers.organization())
    customers.active(customers.organization("B"), claim_rules={"department": OF})
    customers.draft(customers.organization("C"))
    assert find_unmapped("department") == [without.id]


# --- Expressions are the operators'


EXPRESSION = {"expression": "lower(mail[0])", "transforms": []}


def test_a_customer_writes_no_expression(customers: Customers) -> None:
    """Issue 3: customer admins get sources and transforms only."""
    made = customers.draft(customers.organization())
    rules = {"email": EXPRESSION}
    with pytest.raises(Invalid) as refused:
        customers.connections.change(made.id, {"claim_rules": rules}, actor=CUSTOMER, now=customers.now)
    assert refused.value.problems[0].code == "operator-only"
    assert customers.change(made.id, claim_rules=rules).claim_rules == rules


def test_a_customer_neither_changes_nor_loses_an_operators_expression(customers: Customers) -> None:
    made = customers.draft(customers.organization(), claim_rules={"email": EXPRESSION})

    def change(**rules: Any) -> Any:
        return customers.connections.change(made.id, {"claim_rules": rules}, actor=CUSTOMER, now=customers.now)

    with pytest.raises(Invalid):
        change(email={"sources": ["anything"]})
    name = {"sources": ["cn"], "transforms": []}
    assert change(name=name).claim_rules == {"email": EXPRESSION, "name": name}
    assert change(email=EXPRESSION).claim_rules == {"email": EXPRESSION}
    assert change().claim_rules == {"email": EXPRESSION}


# --- Roles


def test_a_role_rule_is_stored_changed_and_deleted_with_an_event_each(customers: Customers, now: datetime) -> None:
    acme = customers.organization()
    made = give(acme, "Admins", "admin", now)
    change_role_rule(acme, made.id, {"priority": 1}, actor=OPERATOR, now=now)
    assert get_role_rule(acme, made.id).priority == 1
    delete_role_rule(acme, made.id, actor=OPERATOR, now=now)
    assert [e.name for e in events(made.id)] == ["role_rule.created", "role_rule.changed", "role_rule.deleted"]
    assert list_role_rules(acme, limit=5) == []


def test_rules_come_in_their_order_of_priority_the_connections_own_first(customers: Customers, now: datetime) -> None:
    acme, other = customers.organization(), customers.organization("Other")
    one, two = customers.draft(acme), customers.draft(acme)
    give(acme, None, "member", now)
    give(acme, "Admins", "admin", now, priority=20)
    give(acme, "Owners", "owner", now, priority=10)
    give(acme, "Same", "older", now, priority=30)
    give(acme, "Same2", "younger", now + timedelta(seconds=1), priority=30)
    give(acme, "Admins", "auditor", now, priority=500, connection_id=one.id)
    give(acme, None, "guest", now, connection_id=one.id)
    give(other, "Admins", "someone-elses", now)
    of_all = [("Owners", "owner"), ("Admins", "admin"), ("Same", "older"), ("Same2", "younger"), (None, "member")]
    shared = [GroupRole(*pair) for pair in of_all]
    assert list(load_additions(acme, two.id).group_roles) == shared
    own = load_additions(acme, one.id).group_roles
    assert set(own[:2]) == {GroupRole(None, "guest"), GroupRole("Admins", "auditor")}
    assert list(own[2:]) == shared


def test_there_is_one_default_for_each_scope(customers: Customers, now: datetime) -> None:
    acme = customers.organization()
    connection = customers.draft(acme)
    first = give(acme, None, "member", now)
    give(acme, None, "guest", now, connection_id=connection.id)
    with pytest.raises(Conflict) as refused:
        give(acme, None, "other", now)
    assert refused.value.code == "default-role-exists"
    named = give(acme, "G", "g", now)
    with pytest.raises(Conflict):
        change_role_rule(acme, named.id, {"group": None}, actor=OPERATOR, now=now)
    assert change_role_rule(acme, first.id, {"role": "m2"}, actor=OPERATOR, now=now).role == "m2"


@pytest.mark.parametrize(
    "wrong", [{"group": ""}, {"group": "a\nb"}, {"role": ""}, {"role": "x" * 201}, {"priority": -1}, {"priority": True}]
)
def test_what_no_rule_can_say_is_refused(customers: Customers, now: datetime, wrong: dict[str, Any]) -> None:
    said = {"group": "g", "role": "r", "priority": 5, **wrong}
    with pytest.raises(Invalid):
        add_role_rule(customers.organization(), NewRoleRule(**said), actor=OPERATOR, now=now)


def test_rules_go_with_their_connection_and_their_organization(customers: Customers, now: datetime) -> None:
    acme = customers.organization()
    connection = customers.draft(acme)
    give(acme, "A", "a", now, connection_id=connection.id)
    kept = give(acme, "B", "b", now)
    customers.connections.delete(connection.id, actor=OPERATOR, now=now)
    assert [row.id for row in list_role_rules(acme, limit=9)] == [kept.id]
    delete_organization(acme, actor=OPERATOR, now=now)
    with pytest.raises(NotFound), transaction():
        get_role_rule(acme, kept.id)


def test_a_rule_of_another_organization_is_not_found(customers: Customers, now: datetime) -> None:
    acme, other = customers.organization(), customers.organization("Other")
    made = give(acme, "A", "a", now)
    for attempt in (
        lambda: get_role_rule(other, made.id),
        lambda: change_role_rule(other, made.id, {"role": "x"}, actor=OPERATOR, now=now),
        lambda: delete_role_rule(other, made.id, actor=OPERATOR, now=now),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert get_role_rule(acme, made.id).role == "a"
