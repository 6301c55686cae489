"""Wizards made of adapters' data, their tasks, and the choice of providers."""

from __future__ import annotations

import pytest

from app.adapters import Registry
from app.portal.own_values import find_own_values
from app.portal.providers import list_providers
from app.portal.tasks import Facts, list_tasks, next_task
from app.portal.wizard import list_pages, parse_typed

OURS = {"entity_id": "https://sso.example/sso/saml/con-1/metadata", "acs_url": "https://sso.example/sso/saml/con-1/acs"}


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load(frozenset())


def facts(*, tested: bool = False, active: bool = False) -> Facts:
    return Facts(True, True, "okta-saml", "/setup/con-1", ["pending"], True, tested, active, False)


def test_every_adapter_makes_a_wizard_in_which_only_customers_settings_are_asked(registry: Registry) -> None:
    """Item 1: `editable_by`; requirement 10: labels are the provider's own."""
    for registered in registry.specs():
        pages = list_pages(registered.spec, {}, frozenset(), OURS, frozenset())
        assert pages, registered.spec.key
        asked = [one.field for page in pages for one in page.asked]
        assert all(field.editable_by == "customer" for field in asked)
        needed = {
            field.name for field in registered.spec.settings if field.required and field.editable_by == "customer"
        }
        assert needed <= {field.name for field in asked}, registered.spec.key


def test_assigning_people_comes_before_the_test(registry: Registry) -> None:
    """Requirement 19."""
    found = registry.find("okta-saml")
    assert found
    names = [t.name for t in list_tasks(facts(), list_pages(found.spec, {}, frozenset(), OURS, frozenset()))]
    assert names.index("step-assign-people") < names.index("test") < names.index("activate")


def test_what_is_not_the_customers_to_change_is_not_read(registry: Registry) -> None:
    found = registry.find("okta-saml")
    assert found
    for page in list_pages(found.spec, {}, frozenset(), OURS, frozenset()):
        assert "clock_skew_s" not in parse_typed(page, {"clock_skew_s": "300"})


def test_turning_on_waits_for_a_test(registry: Registry) -> None:
    """Requirement 26; the next task is the first that is not done, and a domain that DNS does not show holds nothing up."""
    found = registry.find("okta-saml")
    assert found
    settings = {
        "idp_entity_id": "x",
        "sso_url": "https://a.example",
        "certificates": ["pem"],
        "metadata_url": "https://a",
    }
    done = frozenset(f"step-{step.id}" for step in found.spec.setup_steps)
    pages = list_pages(found.spec, settings, frozenset(), OURS, done)
    states = {task.name: task.status for task in list_tasks(facts(), pages)}
    assert (states["domains"], states["test"], states["activate"]) == ("problem", "incomplete", "blocked")
    following = next_task(list_tasks(facts(), pages))
    assert following
    assert following.name == "test"
    states = {task.name: task.status for task in list_tasks(facts(tested=True), pages)}
    assert (states["test"], states["activate"]) == ("completed", "incomplete")


@pytest.mark.parametrize(
    ("wanted", "key"), [("azure", "entra-saml"), ("g suite", "google-saml"), ("OKTA oidc", "okta-oidc")]
)
def test_providers_are_found_by_what_people_call_them(registry: Registry, wanted: str, key: str) -> None:
    keys = [one.key for one in list_providers([one.spec for one in registry.specs()], wanted)]
    assert key in keys
    assert keys[-2:] == ["oidc", "saml"] or keys[-2:] == ["saml", "oidc"]


def test_our_own_value_is_noticed_and_one_that_only_begins_like_it_is_not() -> None:
    """Requirement 15."""
    typed = {"sso_url": OURS["acs_url"], "issuer": "https://sso.example.org/"}
    assert [p.field for p in find_own_values(typed, "https://sso.example", {}, OURS)] == ["sso_url"]
