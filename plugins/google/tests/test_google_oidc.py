"""Google over OpenID Connect, as section 4 of the provider facts has it."""

from __future__ import annotations

import pytest

from portico_google import OIDC
from portico_oidc.testing import World
from portico_oidc.testing.provider import FakeProvider
from portico_sdk import Clue, Failure, Redirect, SettingsError

ISSUER = "https://accounts.google.com"


@pytest.fixture
def world() -> World:
    """A whole sign-in with a work account."""
    provider = FakeProvider(ISSUER)
    provider.claims = {"hd": "example.com"}
    return World(provider=provider, adapter=OIDC.adapter, changes={"hosted_domains": ["Example.com"]})  # type: ignore[arg-type]


def test_a_work_account_signs_in_by_its_sub(world):
    """`sub` is never given to another person; the address is Google's word."""
    identity = world.login()
    assert (identity.subject, identity.subject_source, identity.email_verified) == ("alice", "sub", True)


@pytest.mark.parametrize("hd", [None, "evil.example", "", "example.com.evil.example", ["example.com"], True])
def test_an_account_of_another_domain_is_refused_on_the_server(world, hd):
    """Private accounts have no `hd`; the request's parameter proves nothing."""
    world.provider.claims["hd"] = hd
    assert world.refusal() == "claim-mismatch"


def test_an_address_of_the_domain_proves_nothing(world):
    """A private account may have any address as its own."""
    world.provider.claims.update({"hd": None, "email": "boss@example.com"})
    assert world.refusal() == "claim-mismatch"


def test_without_a_domain_a_connection_is_not_ready_and_nobody_signs_in(world):
    """One issuer serves every account there is."""
    world.changes = {}
    with pytest.raises(SettingsError) as refused:
        OIDC.adapter.check_ready(world.context().settings, world.now)
    assert [problem.field for problem in refused.value.problems] == ["hosted_domains"]
    assert world.refusal() == "claim-mismatch"


@pytest.mark.parametrize("domain", ["@example.com", "https://example.com", "example", "*", "exa_mple.com"])
def test_what_is_no_domain_is_refused(world, domain):
    """It could never equal the claim."""
    with pytest.raises(SettingsError) as refused:
        OIDC.adapter.validate({"hosted_domains": [domain]}, world.now)
    assert [problem.code for problem in refused.value.problems] == ["domain"]


@pytest.mark.parametrize("iss", [ISSUER, "accounts.google.com"])
def test_both_spellings_of_the_issuer(world, iss):
    """The older one has no scheme; exactly these two."""
    world.provider.claims["iss"] = iss
    assert world.login().issuer == ISSUER


@pytest.mark.parametrize("iss", ["https://accounts.google.com/", "http://accounts.google.com", "google.com"])
def test_no_other_spelling(world, iss):
    """Compared exactly."""
    world.provider.claims["iss"] = iss
    assert world.refusal() == "id-token-iss"


@pytest.mark.parametrize(("domains", "sent"), [(["example.com"], True), (["example.com", "example.org"], False)])
def test_google_is_told_which_account_to_offer(world, domains, sent):
    """Only where there is one domain."""
    world.changes = {"hosted_domains": domains}
    begun = world.begin()
    assert isinstance(begun.action, Redirect)
    assert ("hd=example.com" in begun.action.url) is sent


def test_the_issuer_needs_no_typing():
    """It is the same for everybody, and not the customer's to change."""
    (field,) = [field for field in OIDC.settings if field.name == "issuer"]
    assert (field.default, field.editable_by) == (ISSUER, "operator")
    assert OIDC.adapter.recognize(Clue(text=f"{ISSUER}/.well-known/openid-configuration"))
    assert not OIDC.adapter.recognize(Clue(text="https://accounts.google.com.evil.example"))


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (Failure("claim-mismatch"), "google-domain"),
        (Failure("no-response", "Error 400: redirect_uri_mismatch"), "google-redirect-uri"),
        (Failure("no-response", "Error 403: org_internal"), "google-internal"),
        (Failure("provider-error", "admin_policy_enforced"), "google-policy"),
        (Failure("token-refused", "invalid_client"), "google-oidc-secret"),
        (Failure("provider-error", "access_denied"), "google-oidc-not-assigned"),
        (Failure("groups-missing"), "google-oidc-groups"),
    ],
)
def test_its_errors_are_explained(failure, code):
    """Sections 4 and 13."""
    found = OIDC.adapter.explain(failure)
    assert found is not None
    assert found.code == code
