"""A login through the gateway with each vendor's adapter, and every quirk of that vendor: the expected profile, or the
expected refusal and what the administrator is told. Section numbers are those of the provider facts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.browser import Browser, Page, Step
from tests.support.management import Refused
from tests.support.refusals import expect_refusal
from tests.support.vendors import Vendor, Vendors

UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
ADFS_API = {"resource": "https://api.example"}
WIDE = {"optional_claims": ["email", "given_name", "family_name", "groups", "xms_edov"]}


@dataclass(frozen=True)
class Usual:
    """What a login by default settings and default rules gives.

    Args:
        subject: regular expression for `portico_idp_sub`.
        source: what identifies people on the connection.
        missing: claims that this vendor does not send.
        more: settings, `application` and `by_metadata` as `Vendors.connect` takes them.
    """

    key: str
    subject: str
    source: str = "NameID"
    adapter: str | None = None
    groups: str | None = "names"
    roles: bool = False
    missing: frozenset[str] = frozenset()
    more: dict[str, Any] | None = None


USUAL = (
    Usual("okta-saml", r"ada@okta-saml\.example"),
    Usual("okta-oidc", r"00u[0-9A-Za-z]{17}", "sub"),
    Usual("entra-saml", rf"{UUID}\+{UUID}", "tenantid+objectidentifier", groups="ids", roles=True),
    Usual("entra-oidc", rf"{UUID}\+{UUID}", "tid+oid", groups="ids", roles=True, more={"application": WIDE}),
    Usual("adfs-saml", r"S-1-5-21-\d+-\d+-\d+-\d+"),
    Usual("adfs-oidc", r"[A-Za-z0-9_-]{43}", "sub", more=ADFS_API),
    Usual("google-saml", r"ada@google-saml\.example"),
    Usual("google-oidc", r"\d{21}", "sub", groups=None, more={"hosted_domains": ["google-oidc.example"]}),
    Usual("keycloak-saml", r"ada@keycloak-saml\.example", roles=True, more={"by_metadata": True}),
    Usual("keycloak-oidc", UUID, "sub", roles=True),
    Usual("onelogin-saml", r"ada@onelogin-saml\.example"),
    Usual("onelogin-oidc", r"\d{9}", "sub", more={"scopes": ["openid", "profile", "email", "groups"]}),
    Usual("ping-saml", UUID),
    Usual("ping-oidc", UUID, "sub", groups=None),
    Usual("pingfederate-saml", r"ada@pingfederate-saml\.example", adapter="ping-saml"),
    Usual("jumpcloud-saml", r"ada@jumpcloud-saml\.example"),
    Usual("jumpcloud-oidc", UUID, "sub", groups=None),
    Usual(
        "shibboleth-saml",
        r"[A-Z0-9]+@shibboleth-saml\.example",
        "urn:oasis:names:tc:SAML:attribute:subject-id",
        roles=True,
        more={"by_metadata": True},
    ),
    Usual("generic-saml", UUID, adapter="saml"),
    Usual("generic-oidc", UUID, "sub", "oidc", more={"scopes": ["openid", "profile", "email", "groups"]}),
)


@pytest.mark.parametrize("usual", USUAL, ids=lambda usual: usual.key)
def test_the_usual_login_gives_the_usual_profile(vendors: Vendors, usual: Usual) -> None:
    """Default settings and rules: e-mail, names, groups, and a subject that lasts."""
    vendor = vendors.connect(usual.key, adapter=usual.adapter, **(usual.more or {}))
    claims = vendors.log_in(vendor).claims
    assert claims["email"] == f"ada@{vendor.domain}"
    assert claims["email_verified"] is True
    assert (claims["given_name"], claims["family_name"], claims["name"]) == ("Ada", "Lovelace", "Ada Lovelace")
    assert re.fullmatch(usual.subject, claims["portico_idp_sub"])
    assert vendors.subject_source(vendor) == usual.source
    groups = claims.get("portico_groups")
    if usual.groups == "ids":
        assert len(groups) == 2
        assert all(re.fullmatch(UUID, group) for group in groups)
    else:
        assert groups == (["Engineering", "Everyone"] if usual.groups else None)
    assert ("portico_roles" in claims) is usual.roles
    assert vendors.trace(vendor)["explanation"] is None


@pytest.mark.parametrize("usual", USUAL, ids=lambda usual: usual.key)
def test_the_same_person_is_the_same_the_next_time(vendors: Vendors, usual: Usual) -> None:
    """Another browser, another session at the vendor, another NameID where that is transient: one `sub`."""
    vendor = vendors.connect(usual.key, adapter=usual.adapter, **(usual.more or {}))
    assert vendors.log_in(vendor).sub == vendors.log_in(vendor).sub


def explained(trace: dict[str, Any]) -> str:
    """Return the code of what the administrator is told."""
    assert trace["explanation"] is not None, trace["code"]
    return str(trace["explanation"]["code"])


# groups


@pytest.mark.parametrize(
    ("key", "name", "more", "code", "advice"),
    [
        ("entra-saml", "grace", {}, "entra-saml-overage", "Groups assigned to the application"),
        ("entra-oidc", "joan", {"application": WIDE}, "entra-oidc-overage", "Groups assigned to the application"),
        ("okta-oidc", "grace", {}, "okta-oidc-groups", ""),
    ],
)
def test_groups_that_were_left_out_are_unknown(
    vendors: Vendors, key: str, name: str, more: dict[str, Any], code: str, advice: str
) -> None:
    """Sections 1 and 2: 200 groups in SAML, 201 in a JWT, 100 at Okta: no claim, never an empty one, and told."""
    vendor = vendors.connect(key, **more)
    claims = vendors.log_in(vendor, name).claims
    assert "portico_groups" not in claims
    trace = vendors.trace(vendor)
    assert trace["outcome"] == "allowed"
    assert explained(trace) == code
    assert advice in trace["explanation"]["fix"]


def test_200_groups_in_a_jwt_of_entra_are_not_too_many(vendors: Vendors) -> None:
    """Section 2: the limit of 150 is SAML's."""
    vendor = vendors.connect("entra-oidc", application=WIDE)
    assert len(vendors.log_in(vendor, "grace").claims["portico_groups"]) == 200


def test_hasgroups_says_that_groups_are_elsewhere(vendors: Vendors) -> None:
    """Section 2: the other way in which Entra says it."""
    vendor = vendors.connect("entra-oidc", application=WIDE)
    with vendors.behaving("entra-oidc", leave_out=["groups"], write={"hasgroups": True}):
        assert "portico_groups" not in vendors.log_in(vendor).claims
    assert explained(vendors.trace(vendor)) == "entra-oidc-overage"


def test_a_person_without_groups_has_none(vendors: Vendors) -> None:
    """Somebody who is in no group is not somebody whose groups are unknown: nothing is explained."""
    vendor = vendors.connect("okta-oidc")
    vendors.log_in(vendor, "windows")
    assert vendors.trace(vendor)["explanation"] is None


# e-mail addresses


@pytest.mark.parametrize("key", ["entra-saml", "entra-oidc"])
def test_a_guests_address_needs_the_organizations_leave(vendors: Vendors, key: str) -> None:
    """Section 2: the address is at a domain that nobody verified here; with leave it passes, unverified."""
    vendor = vendors.connect(key)
    vendors.refuse(vendor, "guest", "email-domain-unverified")
    organization = f"/organizations/{vendors.organization(key)}"
    vendors.api.patch(organization, policy={"allow_unverified_email": True})
    try:
        claims = vendors.log_in(vendor, "guest").claims
    finally:
        vendors.api.patch(organization, policy={"allow_unverified_email": False})
    assert (claims["email"], claims["email_verified"]) == ("guest@elsewhere.example", False)


def test_a_guest_with_an_address_of_ours_is_not_verified_either(vendors: Vendors) -> None:
    """Section 2, nOAuth: another tenant wrote the address, whatever domain stands in it."""
    vendor = vendors.connect("entra-oidc", application=WIDE)
    with vendors.behaving("entra-oidc", write={"email": f"ada@{vendor.domain}"}):
        claims = vendors.log_in(vendor, "guest").claims
    assert (claims["email"], claims["email_verified"]) == (f"ada@{vendor.domain}", False)


@pytest.mark.parametrize(("said", "verified"), [(True, True), (False, False), ("1", True), ("0", False)])
def test_entra_says_whose_domain_it_is(vendors: Vendors, said: object, verified: bool) -> None:
    """Section 2: `xms_edov` false counts even for a domain that is verified here."""
    vendor = vendors.connect("entra-oidc", application=WIDE)
    with vendors.behaving("entra-oidc", write={"xms_edov": said}):
        assert vendors.log_in(vendor).claims["email_verified"] is verified


@pytest.mark.parametrize(("key", "more"), [("keycloak-oidc", {}), ("okta-oidc", {})])
def test_an_address_that_the_provider_did_not_verify(vendors: Vendors, key: str, more: dict[str, Any]) -> None:
    """Sections 1 and 9: the flag at the user; false counts."""
    vendor = vendors.connect(key, **more)
    with vendors.behaving(key, write={"email_verified": False}):
        assert vendors.log_in(vendor).claims["email_verified"] is False


@pytest.mark.parametrize("key", ["entra-saml", "okta-oidc", "adfs-saml"])
def test_an_account_without_a_mailbox_passes_without_the_claim(vendors: Vendors, key: str) -> None:
    """Sections 2 and 3: no address is invented from a user name."""
    vendor = vendors.connect(key)
    claims = vendors.log_in(vendor, "nomail").claims
    assert "email" not in claims
    assert "email_verified" not in claims


# whose account it is


def test_an_account_of_another_tenant_is_refused(vendors: Vendors) -> None:
    """Section 2: the token's tenant is not the issuer's."""
    vendor = vendors.connect("entra-oidc")
    with vendors.behaving("entra-oidc", write={"tid": "9188040d-6c67-4c5b-b112-36a304b66dad"}):
        assert explained(vendors.refuse(vendor, code="claim-mismatch")) == "entra-oidc-tenant"


@pytest.mark.parametrize("claim", ["tid", "oid"])
def test_without_tenant_or_object_nobody_signs_in(vendors: Vendors, claim: str) -> None:
    """Section 2: nothing else of Entra's names a person for good."""
    vendor = vendors.connect("entra-oidc")
    with vendors.behaving("entra-oidc", leave_out=[claim]):
        trace = vendors.refuse(vendor)
    assert trace["code"] in ("claim-mismatch", "subject-missing")


def test_without_its_identifiers_entra_names_nobody(vendors: Vendors) -> None:
    """Section 2, SAML: never by NameID, user principal name or e-mail address."""
    vendor = vendors.connect("entra-saml")
    with vendors.behaving("entra-saml", leave_out=["http://schemas.microsoft.com/identity/claims/objectidentifier"]):
        assert explained(vendors.refuse(vendor, code="saml-subject-attribute")) == "entra-saml-person"


@pytest.mark.parametrize(
    ("behaviour", "name"), [({}, "guest"), ({"write": {"hd": "other.example"}}, "ada"), ({"leave_out": ["hd"]}, "ada")]
)
def test_google_accounts_of_other_domains_are_refused(vendors: Vendors, behaviour: dict[str, Any], name: str) -> None:
    """Section 4: a private account, another organization's, and a token that does not say."""
    vendor = vendors.connect("google-oidc", hosted_domains=["google-oidc.example"])
    with vendors.behaving("google-oidc", **behaviour):
        assert explained(vendors.refuse(vendor, name, "claim-mismatch")) == "google-domain"


@pytest.mark.parametrize("shared", ["common", "organizations", "consumers"])
def test_an_authority_of_all_tenants_is_no_issuer(vendors: Vendors, shared: str) -> None:
    """Section 2: refused where it is typed, with what to type instead."""
    settings = {"issuer": f"{vendors.origin}/entra-oidc/{shared}/v2.0"}
    with pytest.raises(Refused) as refused:
        vendors.api.add_connection(vendors.organization("entra-oidc"), "entra-oidc", settings, activate=False)
    assert [problem["code"] for problem in refused.value.body["errors"]] == ["issuer-shared"]


def test_a_template_is_nobodys_issuer(vendors: Vendors) -> None:
    """Section 2: what the document of /common says is refused by the generic adapter too."""
    settings = {"issuer": f"{vendors.origin}/entra-oidc/common/v2.0", "client_id": "x", "client_secret": "y"}
    draft = vendors.api.add_connection(vendors.organization("entra-oidc"), "oidc", settings)
    attempt = vendors.relying_party.attempt(connection=draft["id"])
    end = Browser().walk(attempt.url, stop=vendors.relying_party.client.redirect_uri)
    trace = vendors.trace(Vendor("entra-oidc", "oidc", "entra-oidc.example", draft))
    assert trace["code"] == "issuer-template", end
    assert explained(trace) == "oidc-issuer"


# time


@pytest.mark.parametrize("key", ["adfs-saml", "keycloak-saml", "okta-saml", "entra-oidc"])
@pytest.mark.parametrize("offset_s", [-170, 170])
def test_clocks_may_differ_by_less_than_three_minutes(vendors: Vendors, key: str, offset_s: int) -> None:
    """Section 0.5: AD FS allows nothing before now, Keycloak a minute; the skew is ours."""
    vendor = vendors.connect(key, by_metadata=key == "keycloak-saml")
    with vendors.behaving(key, clock_offset_s=offset_s):
        assert vendors.log_in(vendor).sub


@pytest.mark.parametrize(
    ("key", "offset_s", "code"),
    [
        ("adfs-saml", 190, "adfs-time"),
        ("keycloak-saml", 190, "keycloak-time"),
        ("keycloak-saml", -250, "keycloak-time"),
        ("okta-saml", 500, None),
        ("entra-oidc", 500, None),
    ],
)
def test_clocks_that_differ_by_more_are_told(vendors: Vendors, key: str, offset_s: int, code: str | None) -> None:
    """Section 13, timing errors: expected and received times are in the trace."""
    vendor = vendors.connect(key, by_metadata=key == "keycloak-saml")
    with vendors.behaving(key, clock_offset_s=offset_s):
        trace = vendors.refuse(vendor)
    assert trace["code"] in ("time-window", "id-token-iat", "id-token-nbf")
    assert explained(trace) == (code or {"okta-saml": "time-window", "entra-oidc": "oidc-time-window"}[key])


@pytest.mark.parametrize(("key", "late_s", "passes"), [("entra-saml", 1500, True), ("adfs-saml", 600, False)])
def test_a_person_who_waited_before_coming_back(vendors: Vendors, key: str, late_s: int, passes: bool) -> None:
    """Section 0.5: Entra confirms for an hour; AD FS says an hour and confirms for five minutes."""
    vendor = vendors.connect(key)
    attempt, browser = vendors.relying_party.attempt(connection=vendor.id), Browser()
    page = browser.walk(attempt.url)
    assert isinstance(page, Page)
    response = browser.walk(vendors.type_name(page, f"ada@{vendor.domain}"), stop=vendors.relying_party.issuer)
    vendors.clock.advance(late_s)
    end = browser.walk(response, stop=vendors.relying_party.client.redirect_uri)
    if passes:
        assert isinstance(end, Step)
        assert attempt.finish(end).sub
    else:
        assert explained(expect_refusal(end, vendors.api, "time-window")) == "adfs-time"


def test_a_session_of_pings_is_not_ours(vendors: Vendors) -> None:
    """Section 7: SessionNotOnOrAfter is five minutes; nobody is signed out after that."""
    vendor = vendors.connect("ping-saml")
    assert "session_expiry" not in vendors.log_in(vendor).claims


def test_entra_tells_no_time_of_authentication(vendors: Vendors) -> None:
    """Section 2: no auth_time; the time of issue, five minutes early, is the latest that it can be."""
    vendor = vendors.connect("entra-oidc")
    assert vendors.log_in(vendor).claims["auth_time"] == vendors.clock().timestamp() - 300


# habits of a single vendor


def test_keycloak_without_an_authn_statement(vendors: Vendors) -> None:
    """Section 0.1: no switch of ours helps; the administrator is told which one there does."""
    vendor = vendors.connect("keycloak-saml", by_metadata=True)
    with vendors.behaving("keycloak-saml", authn_statement=False):
        trace = vendors.refuse(vendor, code="saml-authn-statement")
    assert explained(trace) == "keycloak-authn-statement"
    assert "Include AuthnStatement" in trace["explanation"]["fix"]


def test_keycloak_takes_our_signature_and_nothing_less(vendors: Vendors) -> None:
    """Section 9: by default requests are signed; unsigned, nobody comes back."""
    vendors.log_in(vendors.connect("keycloak-saml", by_metadata=True))
    unsigned = vendors.connect("keycloak-saml", sign_requests=False)
    assert "Invalid requester" in vendors.stay(unsigned).text


def test_jumpcloud_gets_its_requests_by_post(vendors: Vendors) -> None:
    """Section 6: the only binding in its metadata; it takes no other."""
    vendor = vendors.connect("jumpcloud-saml")
    attempt = vendors.relying_party.attempt(connection=vendor.id)
    step = Browser().walk(attempt.url, stop=vendors.origin)
    assert isinstance(step, Step)
    assert (step.method, "SAMLRequest" in step.form) == ("POST", True)


def test_onelogin_with_an_empty_recipient(vendors: Vendors) -> None:
    """Section 5: the usual forgotten field comes first among the causes."""
    vendor = vendors.connect("onelogin-saml")
    with vendors.behaving("onelogin-saml", recipient=""):
        trace = vendors.refuse(vendor, code="saml-recipient")
    assert explained(trace) == "onelogin-saml-destination"
    assert trace["explanation"]["causes"][0] == "Recipient was left empty."


@pytest.mark.parametrize(
    ("registered", "configured", "passes"),
    [
        ("client_secret_post", "client_secret_post", True),
        ("client_secret_basic", "client_secret_post", False),
        ("client_secret_post", "client_secret_basic", False),
    ],
)
def test_onelogins_way_of_authenticating_must_match(
    vendors: Vendors, registered: str, configured: str, passes: bool
) -> None:
    """Section 5: invalid_client otherwise, and the setting is named."""
    application = {"auth_methods": [registered]}
    vendor = vendors.connect("onelogin-oidc", application=application, token_endpoint_auth_method=configured)
    if passes:
        assert vendors.log_in(vendor).sub
        return
    trace = vendors.refuse(vendor, code="token-refused")
    assert "Authentication Method" in " ".join(trace["explanation"]["causes"])


def test_jumpclouds_issuer_is_compared_after_it_was_fetched(vendors: Vendors) -> None:
    """Section 6: with the slash it fits; without it another issuer than the document's is refused, and explained."""
    vendors.log_in(vendors.connect("jumpcloud-oidc"))
    told = vendors.describe("jumpcloud-oidc")["issuer"]
    vendor = vendors.connect("jumpcloud-oidc", issuer=told.rstrip("/"))
    attempt = vendors.relying_party.attempt(connection=vendor.id)
    Browser().walk(attempt.url, stop=vendors.relying_party.client.redirect_uri)
    trace = vendors.trace(vendor)
    assert trace["code"] == "issuer-mismatch"
    assert explained(trace) == "jumpcloud-oidc-issuer"


def test_adfs_without_a_resource_says_too_little(vendors: Vendors) -> None:
    """Section 3: the login passes with a user name alone."""
    claims = vendors.log_in(vendors.connect("adfs-oidc")).claims
    assert claims["preferred_username"] == "ada@adfs-oidc.example"
    assert {"email", "portico_groups"}.isdisjoint(claims)


def test_adfs_userinfo_of_another_resource(vendors: Vendors) -> None:
    """Section 3: MSIS9921 when somebody switches the userinfo endpoint on."""
    vendor = vendors.connect("adfs-oidc", fetch_userinfo=True, **ADFS_API)
    assert explained(vendors.refuse(vendor, code="userinfo-refused")) == "adfs-oidc-userinfo"


@pytest.mark.parametrize("key", ["adfs-saml", "entra-saml", "okta-saml", "google-saml"])
def test_no_name_id_format_is_asked_for(vendors: Vendors, key: str) -> None:
    """Section 0.2: the first format in metadata is not sent, so MSIS7070 and AADSTS75016 never come of it."""
    vendor = vendors.connect(key)
    row = vendors.api.get(f"/connections/{vendor.id}")
    assert not row["settings"]["name_id_format"]
    assert vendors.log_in(vendor).sub


def test_a_transient_name_id_identifies_nobody(vendors: Vendors) -> None:
    """Section 8: without subject-id the sign-in is refused; the administrator is told what to release."""
    vendor = vendors.connect("shibboleth-saml", by_metadata=True)
    with vendors.behaving("shibboleth-saml", leave_out=["urn:oasis:names:tc:SAML:attribute:subject-id"]):
        trace = vendors.refuse(vendor)
    assert trace["code"] in ("saml-transient-subject", "saml-subject-attribute")
    assert explained(trace) == "shibboleth-subject"


def test_a_subject_in_somebody_elses_scope(vendors: Vendors) -> None:
    """Section 8: `shibmd:Scope` of the provider's metadata bounds for whom it speaks."""
    vendor = vendors.connect("shibboleth-saml", by_metadata=True)
    foreign = {"urn:oasis:names:tc:SAML:attribute:subject-id": "ada@other.example"}
    with vendors.behaving("shibboleth-saml", write=foreign):
        assert explained(vendors.refuse(vendor, code="saml-scope")) == "saml-scope"


def test_all_of_shibboleths_signing_keys_count(vendors: Vendors) -> None:
    """Section 8: the back channel's is listed first, and the other one signs."""
    vendor = vendors.connect("shibboleth-saml", by_metadata=True)
    assert len(vendors.api.get(f"/connections/{vendor.id}")["settings"]["certificates"]) == 2
    assert vendors.log_in(vendor).sub


def test_an_entity_id_that_is_no_address_comes_back_with_spn(vendors: Vendors) -> None:
    """Section 2: Entra puts spn: before it; accepted exactly so."""
    vendor = vendors.connect("entra-saml", sp_entity_id="portico-app")
    with vendors.behaving("entra-saml", audience="spn:portico-app"):
        assert vendors.log_in(vendor).sub


@pytest.mark.parametrize("key", ["okta-saml", "entra-saml", "adfs-saml"])
def test_a_login_hint_reaches_the_vendor(vendors: Vendors, key: str) -> None:
    """Section 11: each by its own parameter; its page has the name filled in."""
    vendor = vendors.connect(key)
    hint = f"ada@{vendor.domain}"
    page = Browser().walk(vendors.relying_party.attempt(connection=vendor.id, login_hint=hint).url)
    assert isinstance(page, Page)
    assert f'value="{hint}"' in page.text
