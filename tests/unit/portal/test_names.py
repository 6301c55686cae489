"""Every check of ours has a name for people, in every language (item 9); a stranger's check keeps its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from app.portal.names import CHECKS, FACTS, FIELDS, name_check, name_fact, name_field
from app.settings import ROOT
from app.translations import LANGUAGES, Words
from portico_oidc.checks import ANSWER_CHECKS, CLAIM_CHECKS, RETURN_CHECKS
from portico_saml.response import CHECKS as SAML_CHECKS
from portico_sdk import PROFILE_FIELDS

ROOMS = ("app/signin", "app/provider", "plugins/saml/src/portico_saml", "plugins/oidc/src/portico_oidc")
_STEP = re.compile(r'(?:\.step|noted|trace\.add)\(\s*(?:context,\s*)?"([a-z0-9-]+)"')
_FACTS = re.compile(r"trace\.add\((.*?)\)\n", re.DOTALL)


def list_checks() -> Iterator[str]:
    yield from (name for name, _ in SAML_CHECKS)
    for check in (*RETURN_CHECKS, *ANSWER_CHECKS, *CLAIM_CHECKS):
        yield check.__name__.removeprefix("check_").replace("_", "-")
    for text in list_sources():
        yield from _STEP.findall(text)


def list_sources() -> Iterator[str]:
    for room in ROOMS:
        yield from (path.read_text() for path in (ROOT / room).rglob("*.py") if "testing" not in path.parts)


def test_every_check_and_step_has_a_name() -> None:
    """The test result shows names that people understand, not those of the code."""
    assert set(list_checks()) - CHECKS.keys() == set()
    assert len(set(list_checks())) > 50


def test_everything_that_a_step_says_has_a_name() -> None:
    said = {
        name for text in list_sources() for call in _FACTS.findall(text) for name in re.findall(r"\b([a-z_]+)=", call)
    }
    assert said - FACTS.keys() == {"ok"}


def test_every_field_of_the_profile_has_a_name() -> None:
    assert set(PROFILE_FIELDS) == FIELDS.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_are_said_in_every_language(language: str) -> None:
    words = Words(language)
    assert len({name_check(words, name) for name in CHECKS}) > 45
    assert name_fact(words, "email_from") == {"en": "E-mail address taken from", "de": "E-Mail-Adresse aus"}[language]


def test_what_we_do_not_know_keeps_its_own_name() -> None:
    german = Words("de")
    assert name_check(german, "acme-tenant") == "Acme tenant"
    assert name_fact(german, "acme_tenant") == "Acme tenant"
    assert name_field(german, "cost_center") == "cost_center"
