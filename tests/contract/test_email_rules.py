"""The rules of trust about e-mail addresses (row T1), on both databases."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from app.audit import Actor
from app.organizations import NewOrganization, add_domain, add_organization
from app.signin.email import EmailRefused, verify_email

OPERATOR = Actor("cli", "test")


@pytest.fixture
def organizations(app_context: Flask, now: datetime) -> tuple[str, str, str]:
    """acme owns acme.example, globex owns globex.example, initech owns nothing."""
    ids = [
        add_organization(NewOrganization(name=name), actor=OPERATOR, now=now).id
        for name in ("acme", "globex", "initech")
    ]
    add_domain(ids[0], "acme.example", vouched=True, actor=OPERATOR, now=now)
    add_domain(ids[1], "globex.example", vouched=True, actor=OPERATOR, now=now)
    return ids[0], ids[1], ids[2]


def verify(organization_id: str, email: str | None, said: bool | None = None, **policy: bool) -> bool | None:
    return verify_email(email, organization_id=organization_id, policy=policy, said_verified=said)


@pytest.mark.parametrize(("said", "verified"), [(None, True), (True, True), (False, False)])
def test_a_verified_domain_counts_unless_the_provider_said_false(
    organizations: tuple[str, str, str], said: bool | None, verified: bool
) -> None:
    assert verify(organizations[0], "Ada@ACME.example", said) is verified


def test_an_identity_without_an_email_passes_without_the_claim(organizations: tuple[str, str, str]) -> None:
    assert verify(organizations[0], None) is None


def test_t1_an_email_of_another_organization_is_refused(organizations: tuple[str, str, str]) -> None:
    for organization_id in (organizations[0], organizations[2]):
        with pytest.raises(EmailRefused) as refused:
            verify(organization_id, "eve@globex.example", True, allow_unverified_email=True)
        assert refused.value.code == "email-domain-foreign"


@pytest.mark.parametrize(
    "email", ["a@elsewhere.example", "a@sub.acme.example", "a@gmail.com", "a@b@acme.example", "acme.example"]
)
def test_a_domain_that_nobody_verified_is_refused_once_the_organization_has_one(
    organizations: tuple[str, str, str], email: str
) -> None:
    with pytest.raises(EmailRefused) as refused:
        verify(organizations[0], email, True)
    assert refused.value.code == "email-domain-unverified"
    assert verify(organizations[0], email, True, allow_unverified_email=True) is False


def test_without_any_verified_domain_every_email_passes_as_unverified(organizations: tuple[str, str, str]) -> None:
    assert verify(organizations[2], "a@elsewhere.example", True) is False
