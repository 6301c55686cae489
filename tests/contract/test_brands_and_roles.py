"""An organization's brand, and roles that its administrators give: what both databases store, and what goes with it."""

from __future__ import annotations

import base64
from datetime import datetime
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image

from app.audit import Actor
from app.cipher import Cipher
from app.claims import (
    NewRoleRule,
    add_role_rule,
    give_role,
    list_deciding,
    list_role_choices,
    list_role_rules,
    load_additions,
    prefer_role,
    set_role_choices,
    withdraw_role,
)
from app.database import db
from app.errors import Conflict, Invalid, NotFound
from app.organizations import (
    NewBranding,
    delete_branding,
    delete_organization,
    find_branding,
    get_logo,
    make_brands,
    put_branding,
)
from app.settings import Settings
from tests.support.customers import OPERATOR, Customers, connections_of, events
from tests.support.together import together

VISITOR = Actor("setup_link", "lnk-x")


@pytest.fixture
def customers(app_context: Flask, cipher: Cipher, now: datetime) -> Customers:
    return Customers(connections_of(cipher), now, adapter="acme-oidc")


def logo() -> str:
    written = BytesIO()
    Image.effect_noise((400, 150), 90).save(written, "PNG")
    return base64.b64encode(written.getvalue()).decode()


def test_a_brand_is_stored_shown_and_forgotten(customers: Customers, now: datetime) -> None:
    """The picture comes back byte for byte, and only under its own digest and owner."""
    own, other = customers.organization("A"), customers.organization("B")
    row = put_branding(own, NewBranding("Hub", logo(), "#AABBCC", "One\n\nTwo"), actor=OPERATOR, now=now)
    png = get_logo(row)
    assert png is not None
    assert png.startswith(b"\x89PNG")
    db.session.expire_all()
    brands = make_brands(Settings(brand_name="Ledgerline"))
    shown = brands.of(own)
    assert (shown.name, shown.color, shown.paragraphs) == ("Hub", "#aabbcc", ("One", "Two"))
    assert shown.logo is not None
    assert brands.png_of(own) == png
    digest = shown.logo.url.rpartition("/")[2].removesuffix(".png")
    assert brands.find_png(other, digest) is None
    assert brands.find_png(own, "0" * 64) is None
    assert brands.of(other) == brands.own
    assert brands.of("org-\0") == brands.own
    delete_branding(own, actor=OPERATOR, now=now)
    assert brands.of(own) == brands.own
    assert [one.name for one in events(own)][-2:] == ["branding.changed", "branding.deleted"]


def test_a_brand_goes_with_its_organization(customers: Customers, now: datetime) -> None:
    own = customers.organization()
    put_branding(own, NewBranding("Hub"), actor=OPERATOR, now=now)
    set_role_choices(own, ["viewer"], actor=OPERATOR, now=now)
    delete_organization(own, actor=OPERATOR, now=now)
    assert make_brands(Settings()).of(own).name == "Portico"
    assert list_role_choices(own) == ()
    with pytest.raises(NotFound):
        find_branding(own)


def test_nothing_is_stored_of_a_brand_that_is_refused(customers: Customers, now: datetime) -> None:
    own = customers.organization()
    with pytest.raises(Invalid) as told:
        put_branding(own, NewBranding("Hub", "????", "red", "a\x07"), actor=OPERATOR, now=now)
    assert sorted(problem.field for problem in told.value.problems) == ["color", "introduction", "logo"]
    assert find_branding(own) is None


def test_roles_decide_in_the_order_that_is_shown(customers: Customers, now: datetime) -> None:
    """What the page lists first is what a sign-in finds first."""
    own = customers.organization()
    connection = customers.draft(own).id
    set_role_choices(own, ["viewer", "editor", "viewer"], actor=OPERATOR, now=now)
    assert list_role_choices(own) == ("viewer", "editor")
    add_role_rule(own, NewRoleRule("Board", "owner", 1), actor=OPERATOR, now=now)
    for group, role in (("Staff", "viewer"), ("Editors", "editor"), (None, "viewer")):
        give_role(own, connection, group, role, actor=VISITOR, now=now)
    shown = list_deciding(own, connection)
    assert [(rule.group, rule.own) for rule in shown] == [
        ("Staff", True), ("Editors", True), ("Board", False), (None, True)]  # fmt: skip
    prefer_role(own, connection, shown[1].id, actor=VISITOR, now=now)
    assert [rule.group for rule in list_deciding(own, connection)] == ["Editors", "Staff", "Board", None]
    loaded = [rule.group for rule in load_additions(own, connection).group_roles if rule.group is not None]
    assert loaded == ["Editors", "Staff", "Board"]


def test_what_is_not_theirs_is_not_there(customers: Customers, now: datetime) -> None:
    """Another connection's rule, the organization's, a role that is not listed, and everything while nothing is listed."""
    own = customers.organization()
    connection, second = customers.draft(own).id, customers.draft(own).id
    with pytest.raises(NotFound):
        give_role(own, connection, "Staff", "viewer", actor=VISITOR, now=now)
    set_role_choices(own, ["viewer"], actor=OPERATOR, now=now)
    with pytest.raises(Invalid):
        give_role(own, connection, "Staff", "admin", actor=VISITOR, now=now)
    foreign = give_role(own, second, "Staff", "viewer", actor=VISITOR, now=now).id
    wide = add_role_rule(own, NewRoleRule("Staff", "viewer"), actor=OPERATOR, now=now).id
    for rule in (foreign, wide, "rol-" + "a" * 26):
        for act in (withdraw_role, prefer_role):
            with pytest.raises(NotFound):
                act(own, connection, rule, actor=VISITOR, now=now)
    set_role_choices(own, [], actor=OPERATOR, now=now)
    with pytest.raises(NotFound):
        withdraw_role(own, second, foreign, actor=VISITOR, now=now)
    assert len(list_role_rules(own, limit=10)) == 2


def test_two_who_give_the_same_group_a_role_at_once_make_one_rule(
    app_context: Flask, customers: Customers, now: datetime
) -> None:
    """The organization's row is locked while it is looked."""
    own = customers.organization()
    connection = customers.draft(own).id
    set_role_choices(own, ["viewer"], actor=OPERATOR, now=now)

    def give(_: int) -> str:
        try:
            return give_role(own, connection, "Staff", "viewer", actor=VISITOR, now=now).id
        except (Invalid, Conflict) as error:
            return type(error).__name__

    made = together(app_context, give, 4)
    assert sorted(one == "Invalid" for one in made) == [False, True, True, True]
