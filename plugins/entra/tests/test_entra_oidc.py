"""Entra ID over OpenID Connect, as section 2 of the provider facts has it."""

from __future__ import annotations

import pytest

from portico_entra import OIDC
from portico_oidc.testing import World
from portico_oidc.testing.provider import FakeProvider
from portico_sdk import Clue, Failure, SettingsError

TENANT = "fa15d692-e9c7-4460-a743-29f2956fd429"
OTHER = "72f988bf-86f1-41af-91ab-2d7cd011db47"
OID = "05833b6b-aa1d-42d4-9ec0-1b2bb9194438"
ISSUER = f"https://login.microsoftonline.com/{TENANT}/v2.0"


@pytest.fixture
def world() -> World:
    """A whole sign-in at one tenant."""
    provider = FakeProvider(ISSUER)
    provider.claims = {"tid": TENANT, "oid": OID, "email_verified": None}
    return World(provider=provider, adapter=OIDC.adapter)  # type: ignore[arg-type]


def test_tenant_and_object_id_name_a_person(world):
    """Across applications: `sub` would change with a new registration."""
    identity = world.login()
    assert (identity.subject, identity.subject_source) == (f"{TENANT}+{OID}", "tid+oid")


@pytest.mark.parametrize("claims", [{"tid": OTHER}, {"tid": None}])
def test_a_token_of_another_tenant_is_refused(world, claims):
    """The tenant in the token is the one in the issuer's name."""
    world.provider.claims.update(claims)
    assert world.refusal() == "claim-mismatch"


def test_a_token_without_object_id_is_refused(world):
    """No fallback to `sub`, e-mail or `preferred_username`."""
    world.provider.claims["oid"] = None
    assert world.refusal() == "subject-missing"


@pytest.mark.parametrize(
    ("claims", "verified"),
    [
        ({}, None),
        ({"email_verified": True}, None),
        ({"xms_edov": True}, True),
        ({"xms_edov": "1"}, True),
        ({"xms_edov": 1}, True),
        ({"xms_edov": False}, False),
        ({"xms_edov": 0}, False),
        ({"xms_edov": [True]}, None),
        ({"idp": f"https://sts.windows.net/{TENANT}/"}, None),
        ({"idp": f"https://sts.windows.net/{OTHER}/"}, False),
        ({"idp": "live.com"}, False),
        ({"idp": f"https://sts.windows.net/{OTHER}/", "xms_edov": True}, True),
    ],
)
def test_an_address_is_verified_only_by_the_owner_of_its_domain(world, claims, verified):
    """nOAuth: an address that any administrator may write proves nothing."""
    world.provider.claims.update(claims)
    assert world.login().email_verified is verified


@pytest.mark.parametrize(
    "claims", [{"hasgroups": True}, {"_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {"endpoint": "x"}}}]
)
def test_more_than_200_groups_are_unknown_groups(world, claims):
    """Overage in both of its forms."""
    world.provider.claims.update(claims)
    identity = world.login()
    assert identity.incomplete == {"groups"}
    assert "groups" not in identity.attributes


@pytest.mark.parametrize(
    ("issuer", "code"),
    [
        ("https://login.microsoftonline.com/common/v2.0", "issuer-shared"),
        ("https://login.microsoftonline.com/organizations/v2.0/.well-known/openid-configuration", "issuer-shared"),
        ("https://login.microsoftonline.com/consumers/v2.0", "issuer-shared"),
        ("https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0", "issuer-shared"),
        ("https://login.microsoftonline.com/contoso.com/v2.0", "issuer-tenant"),
        (f"https://login.microsoftonline.com/{TENANT}", "issuer-version-1"),
        ("https://login.microsoftonline.com/{tenantid}/v2.0", "url-template"),
        ("https://idp.example.com", "issuer-tenant"),
    ],
)
def test_an_issuer_that_is_not_one_tenants_is_refused_with_an_explanation(world, issuer, code):
    """Shared authorities, private accounts, names for IDs, version 1."""
    with pytest.raises(SettingsError) as refused:
        OIDC.adapter.validate({"issuer": issuer}, world.now)
    assert [(p.field, p.code) for p in refused.value.problems] == [("issuer", code)]


@pytest.mark.parametrize(
    ("issuer", "kept"),
    [
        (ISSUER, ISSUER),
        (f"{ISSUER}/.well-known/openid-configuration", ISSUER),
        (f"https://sts.windows.net/{TENANT}/", f"https://sts.windows.net/{TENANT}/"),
        (f"https://login.microsoftonline.us/{TENANT}/v2.0", f"https://login.microsoftonline.us/{TENANT}/v2.0"),
    ],
)
def test_one_tenants_issuer_is_taken(world, issuer, kept):
    """Version 2 and 1, every cloud, and the address of the document."""
    assert OIDC.adapter.validate({"issuer": issuer}, world.now)["issuer"] == kept


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        (ISSUER, True),
        (f"{ISSUER}/.well-known/openid-configuration", True),
        ("https://login.microsoftonline.com/common/v2.0", True),
        (f"https://login.microsoftonline.com.evil.example/{TENANT}/v2.0", False),
        ("https://example.com/v2.0", False),
    ],
)
def test_issuers_are_recognized(text, ours):
    """Shared ones too: their explanation is Entra's."""
    assert OIDC.adapter.recognize(Clue(text=text)) is ours


ROWS = {
    "not-assigned": "50105",
    "unknown-application": "700016 650056 70001",
    "reply-url": "50011",
    "another-tenant": "50020 50034 16000 90072 51004",
    "shared-authority": "50194",
    "unknown-tenant": "90002 90038",
    "secret-wrong": "7000215 7000218",
    "secret-expired": "7000222",
    "response-type": "700054",
    "consent": "65001 90094",
    "conditional-access": "53003 53000 50076 50079 530032",
    "no-session": "50058",
    "code": "54005 70008 501481",
}


@pytest.mark.parametrize(("code", "number"), [(code, number) for code in ROWS for number in ROWS[code].split()])
def test_every_number_of_the_table_is_explained(code, number):
    """Section 2: in an OAuth error at either endpoint."""
    for own in ("provider-error", "token-refused"):
        found = OIDC.adapter.explain(
            Failure(own, f"invalid_client: AADSTS{number}: Anything. Correlation ID: {TENANT}")
        )
        assert found is not None
        assert found.code == f"entra-{code}"
        assert found.reference == f"Correlation ID: {TENANT}"


@pytest.mark.parametrize(
    ("code", "explained"),
    [
        ("claim-mismatch", "entra-oidc-tenant"),
        ("subject-missing", "entra-oidc-subject"),
        ("groups-incomplete", "entra-oidc-overage"),
        ("issuer-mismatch", "entra-oidc-issuer"),
        ("no-response", "entra-oidc-no-response"),
    ],
)
def test_our_own_refusals_are_explained_in_entras_words(code, explained):
    """Section 13."""
    found = OIDC.adapter.explain(Failure(code))
    assert found is not None
    assert found.code == explained
