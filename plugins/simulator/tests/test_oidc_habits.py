"""Each vendor's ID token, userinfo and discovery document are as that vendor's."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from typing import Any

import pytest
import requests
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError
from joserfc.jwk import RSAKey

CALLBACK = "https://rp.example/callback"
GRACE = "grace@halden.example"
GUEST = "guest@halden.example"
TESSA = "tessa.brandt@halden.example"
WIDE = {"client_id": "rp", "client_secret": "s3cret", "redirect_uris": [CALLBACK]}
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def registered(*claims: str) -> dict[str, Any]:
    """Return a registration that asks for these claims."""
    return {"applications": [WIDE | {"optional_claims": list(claims)}]}


def test_oktas_id_token_is_fat(party: Callable[..., Any]) -> None:
    """Section 1: sub 00u, ver, jti, amr, idp, auth_time, at_hash, and groups for the scope groups."""
    rp = party("okta-oidc")
    claims = rp.claims(scope="openid profile email groups")
    assert re.fullmatch(r"00u[0-9A-Za-z]{17}", claims["sub"])
    assert {"ver", "jti", "amr", "idp", "auth_time", "at_hash"} <= claims.keys()
    assert claims["groups"] == ["Dispatch", "Admins"]
    assert claims["email_verified"] is True
    assert rp.issuer == f"{rp.origin}/idp"


def test_okta_stops_at_a_hundred_groups(party: Callable[..., Any]) -> None:
    """Section 1: the list is cut, and nothing says so."""
    claims = party("okta-oidc").claims(GRACE, scope="openid groups")
    assert len(claims["groups"]) == 100


def test_okta_has_no_custom_authorization_server(party: Callable[..., Any]) -> None:
    """Section 1: /oauth2/default answers 404 where nobody made it."""
    rp = party("okta-oidc")
    url = f"{rp.issuer}/oauth2/default/.well-known/openid-configuration"
    assert requests.get(url, timeout=5).status_code == 404


def test_entra_leaves_out_more_than_200_groups(party: Callable[..., Any]) -> None:
    """Section 2: claim names that point elsewhere, and no `groups`; 200 are still sent."""
    persons = [
        {"username": "many", "given_name": "M", "family_name": "Any", "group_count": 201},
        {"username": "limit", "given_name": "L", "family_name": "Imit", "group_count": 200},
    ]
    rp = party("entra-oidc", persons=persons, **registered("groups"))
    claims = rp.claims("many")
    assert "groups" not in claims
    assert claims["_claim_names"] == {"groups": "src1"}
    assert claims["_claim_sources"]["src1"]["endpoint"].endswith("/getMemberObjects")
    assert len(rp.claims("limit", prompt="login")["groups"]) == 200


def test_an_entra_guest_has_a_home_elsewhere(party: Callable[..., Any]) -> None:
    """Section 2: idp, and an e-mail address that nobody asked for."""
    claims = party("entra-oidc").claims(GUEST)
    assert (claims["idp"], claims["email"]) == ("live.com", "noor@elsewhere.example")
    assert "email_verified" not in claims


@pytest.mark.parametrize("verified", [True, False, None])
def test_entra_says_whether_the_domains_owner_verified_an_address(
    party: Callable[..., Any], verified: bool | None
) -> None:
    """Section 2: xms_edov, where it is registered and known."""
    person = {"username": "e", "given_name": "E", "family_name": "D", "domain_owner_verified": verified}
    claims = party("entra-oidc", persons=[person], **registered("email", "xms_edov")).claims("e")
    assert claims.get("xms_edov") is verified


def test_entra_backdates_what_it_issues(party: Callable[..., Any], clock: Any) -> None:
    """Measured on Entra: iat and nbf are five minutes early, exp is an hour from now."""
    claims = party("entra-oidc").claims()
    now = clock().timestamp()
    assert claims["iat"] == claims["nbf"] == now - 300
    assert claims["exp"] == now + 3600


def test_entras_document_for_all_tenants_names_nobody(party: Callable[..., Any]) -> None:
    """Section 2: the issuer of /common is a template."""
    rp = party("entra-oidc")
    url = f"{rp.origin}/idp/common/v2.0/.well-known/openid-configuration"
    assert requests.get(url, timeout=5).json()["issuer"].endswith("/{tenantid}/v2.0")


def test_adfs_says_little_without_a_resource(party: Callable[..., Any]) -> None:
    """Section 3: sub, unique_name, upn and sid; auth_time is a string."""
    claims = party("adfs-oidc").claims(scope="openid allatclaims")
    assert claims["unique_name"] == "HALDEN\\tessa.brandt"
    assert claims["upn"] == TESSA
    assert isinstance(claims["auth_time"], str)
    assert {"email", "group"}.isdisjoint(claims)


def test_adfs_says_more_with_a_resource_and_allatclaims(party: Callable[..., Any]) -> None:
    """Section 3: both are needed."""
    rp = party("adfs-oidc")
    claims = rp.claims(scope="openid allatclaims", resource="https://api.example")
    assert (claims["email"], claims["group"]) == (TESSA, ["Dispatch", "Admins"])
    assert "email" not in rp.claims(scope="openid", resource="https://api.example", prompt="login")


def test_adfs_userinfo_says_sub_or_msis9921(party: Callable[..., Any]) -> None:
    """Section 3: another resource is refused; its own gets `sub` and nothing else."""
    rp = party("adfs-oidc")
    plain = rp.redeem(rp.sign_in(scope="openid")["code"]).json()
    assert set(rp.userinfo(plain["access_token"]).json()) == {"sub"}
    of_api = rp.redeem(rp.sign_in(scope="openid", resource="https://api.example")["code"]).json()
    refused = rp.userinfo(of_api["access_token"])
    assert refused.status_code == 401
    assert "MSIS9921" in refused.text
    assert "MSIS9921" in refused.headers["WWW-Authenticate"]


def test_adfs_names_another_issuer_for_access_tokens(party: Callable[..., Any]) -> None:
    """Section 3: http, in the discovery document; PKCE is not advertised."""
    rp = party("adfs-oidc")
    assert rp.metadata["access_token_issuer"] == "http://adfs.halden.example/adfs/services/trust"
    assert "code_challenge_methods_supported" not in rp.metadata


def test_google_says_which_organization(party: Callable[..., Any]) -> None:
    """Section 4: hd for an account of the organization, none for a private one; azp, and no groups."""
    rp = party("google-oidc")
    claims = rp.claims()
    assert (claims["hd"], claims["azp"], claims["email_verified"]) == ("halden.example", "rp", True)
    assert re.fullmatch(r"\d{21}", claims["sub"])
    assert "groups" not in claims
    assert "hd" not in rp.claims(GUEST, prompt="login")


def test_google_once_wrote_its_issuer_without_a_scheme(party: Callable[..., Any]) -> None:
    """Section 4: `accounts.google.com`, by behaviour."""
    assert party("google-oidc", behaviour={"issuer": "accounts.google.com"}).claims()["iss"] == "accounts.google.com"


def test_keycloaks_groups_are_paths_and_its_roles_nested(party: Callable[..., Any]) -> None:
    """Section 9: /name, realm_access.roles, azp, a flag for the address at each user, iss in the answer."""
    persons = [
        {"username": "k", "given_name": "K", "family_name": "C", "email": "k@halden.example", "groups": ["x"]}
        | {"roles": ["admin"], "email_verified": False}
    ]
    rp = party("keycloak-oidc", persons=persons)
    answered = rp.sign_in("k")
    claims = rp.verified(rp.redeem(answered["code"]).json()["id_token"])[1]
    assert (claims["groups"], claims["realm_access"]) == (["/x"], {"roles": ["admin"]})
    assert (claims["azp"], claims["email_verified"]) == ("rp", False)
    assert answered["iss"] == rp.issuer
    assert {"sid", "typ", "acr"} <= claims.keys()


def test_jumpclouds_issuer_ends_with_a_slash(party: Callable[..., Any]) -> None:
    """Section 6: discovered without it, written with it, in document and token alike."""
    rp = party("jumpcloud-oidc")
    assert rp.metadata["issuer"].endswith("/idp/")
    assert rp.claims()["iss"] == rp.metadata["issuer"]


def test_onelogin_takes_one_way_of_authenticating(party: Callable[..., Any]) -> None:
    """Section 5: Token endpoint must match; the other way is invalid_client."""
    rp = party("onelogin-oidc", applications=[WIDE | {"auth_methods": ["client_secret_basic"]}])
    code = rp.sign_in()["code"]
    assert rp.redeem(code).json()["error"] == "invalid_client"
    basic = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": "v" * 43}
    token = requests.post(rp.metadata["token_endpoint"], data=basic, auth=("rp", "s3cret"), timeout=5)
    assert token.status_code == 200


def test_pingones_custom_attributes_need_mapping(party: Callable[..., Any]) -> None:
    """Section 7: no groups unless they are mapped; the environment in issuer and claim."""
    rp = party("ping-oidc")
    claims = rp.claims()
    assert "groups" not in claims
    assert rp.issuer == f"{rp.origin}/idp/{claims['env']}/as"


@pytest.mark.parametrize("vendor", ["okta-oidc", "google-oidc", "keycloak-oidc", "ping-oidc", "jumpcloud-oidc"])
def test_at_hash_fits_the_access_token(party: Callable[..., Any], vendor: str) -> None:
    """OIDC Core 3.1.3.6: it belongs to the access token beside it."""
    rp = party(vendor)
    tokens = rp.redeem(rp.sign_in()["code"]).json()
    digest = hashlib.sha256(tokens["access_token"].encode()).digest()[:16]
    expected = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    assert rp.verified(tokens["id_token"])[1]["at_hash"] == expected


@pytest.mark.parametrize("vendor", ["okta-oidc", "entra-oidc", "google-oidc", "keycloak-oidc", "adfs-oidc"])
def test_keys_roll_over(party: Callable[..., Any], vendor: str) -> None:
    """Sections 1 and 2: another key signs, the old one stays published for a while."""
    rp = party(vendor)
    before = rp.verified(rp.redeem(rp.sign_in()["code"]).json()["id_token"])[0]["kid"]
    rp.control("keys", {"step": "publish"})
    rp.control("keys", {"step": "switch"})
    after = rp.verified(rp.redeem(rp.sign_in()["code"]).json()["id_token"])[0]["kid"]
    assert before != after
    published = [key["kid"] for key in requests.get(rp.metadata["jwks_uri"], timeout=5).json()["keys"]]
    assert {before, after} <= set(published)
    assert rp.control("keys", {"step": "retire"}).status_code == 200


def test_a_key_that_nobody_published_signs(party: Callable[..., Any]) -> None:
    """By behaviour: the relying party finds no such kid."""
    rp = party("okta-oidc", behaviour={"signs_with": "unpublished"})
    token = rp.redeem(rp.sign_in()["code"]).json()["id_token"]
    with pytest.raises(InvalidKeyIdError):
        rp.verified(token)


@pytest.mark.parametrize(
    ("behaviour", "claim", "value"),
    [
        ({"issuer": "https://other.example"}, "iss", "https://other.example"),
        ({"audience": "other"}, "aud", "other"),
        ({"leave_out": ["tid"]}, "tid", None),
        ({"write": {"tid": "9188040d-6c67-4c5b-b112-36a304b66dad"}}, "tid", "9188040d-6c67-4c5b-b112-36a304b66dad"),
        ({"write": {"hasgroups": True}}, "hasgroups", True),
    ],
)
def test_behaviour_writes_something_else(
    party: Callable[..., Any], behaviour: dict[str, Any], claim: str, value: object
) -> None:
    """A token of another issuer or tenant, or for another client."""
    assert party("entra-oidc", behaviour=behaviour).claims().get(claim) == value


@pytest.mark.parametrize(
    ("vendor", "fail_with", "error", "said"),
    [
        ("entra-oidc", "AADSTS50105", None, "AADSTS50105"),
        ("entra-oidc", "AADSTS53003", "access_denied", "AADSTS53003: "),
        ("entra-oidc", "AADSTS50076", "interaction_required", "AADSTS50076: "),
        ("entra-oidc", "AADSTS65001", "consent_required", "AADSTS65001: "),
        ("okta-oidc", "Policy evaluation failed", "access_denied", "Policy evaluation failed"),
        ("okta-oidc", "access_denied", "access_denied", ""),
        ("google-oidc", "Error 403: org_internal", None, "org_internal"),
        ("adfs-oidc", "MSIS9602", "invalid_resource", "MSIS9602: "),
    ],
)
def test_errors_of_the_authorization_endpoint(
    party: Callable[..., Any], vendor: str, fail_with: str, error: str | None, said: str
) -> None:
    """A redirect with the vendor's words, or its own page when it lets nobody past."""
    rp = party(vendor, behaviour={"fail_with": fail_with})
    asked = rp.authorize()
    ended = rp.choose(asked, TESSA, allow_redirects=False)
    if error is None:
        assert ended.status_code in (400, 403)
        assert said in ended.text
    else:
        values = rp.answer(ended)
        assert values["error"] == error
        assert values.get("error_description", "").startswith(said)


@pytest.mark.parametrize(
    ("fail_with", "error", "number"),
    [
        ("AADSTS7000215", "invalid_client", 7000215),
        ("AADSTS7000222", "invalid_client", 7000222),
        ("AADSTS70008", "invalid_grant", 70008),
        ("AADSTS54005", "invalid_grant", 54005),
        ("AADSTS501481", "invalid_grant", 501481),
    ],
)
def test_errors_of_entras_token_endpoint(party: Callable[..., Any], fail_with: str, error: str, number: int) -> None:
    """Section 2: an OAuth code with the number in words and in error_codes."""
    rp = party("entra-oidc", behaviour={"fail_with": fail_with})
    refused = rp.redeem(rp.sign_in()["code"]).json()
    assert (refused["error"], refused["error_codes"]) == (error, [number])
    assert refused["error_description"].startswith(f"{fail_with}: ")


def test_any_oauth_error_can_be_asked_for_at_the_token_endpoint(party: Callable[..., Any]) -> None:
    """By `fail_at`."""
    rp = party("generic-oidc", behaviour={"fail_with": "invalid_grant", "fail_message": "No.", "fail_at": "token"})
    assert rp.redeem(rp.sign_in()["code"]).json() == {"error": "invalid_grant", "error_description": "No."}


def assertion(rp: Any, key: RSAKey, clock: Any, **changes: Any) -> str:
    """Return a client assertion for the token endpoint."""
    now = int(clock().timestamp())
    claims = {"iss": "rp", "sub": "rp", "aud": rp.metadata["token_endpoint"], "exp": now + 60, "jti": "1"} | changes
    token: str = jwt.encode({"alg": "RS256"}, {k: v for k, v in claims.items() if v is not None}, key, ["RS256"])
    return token


@pytest.mark.parametrize("vendor", ["okta-oidc", "entra-oidc", "keycloak-oidc", "ping-oidc"])
def test_a_client_may_sign_instead_of_telling_a_secret(party: Callable[..., Any], clock: Any, vendor: str) -> None:
    """RFC 7523: private_key_jwt, which these vendors advertise."""
    key = RSAKey.generate_key(2048)
    rp = party(vendor, applications=[WIDE | {"jwks": {"keys": [key.as_dict(private=False)]}}])
    assert "private_key_jwt" in rp.metadata["token_endpoint_auth_methods_supported"]
    sent = {"client_secret": None, "client_assertion_type": ASSERTION, "client_assertion": assertion(rp, key, clock)}
    assert rp.redeem(rp.sign_in()["code"], **sent).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [{"aud": "https://other.example"}, {"iss": "other"}, {"exp": 1}, {"exp": None}, {"jti": None}, {"exp": 10**11}],
    ids=["another audience", "another issuer", "expired", "endless", "without a name", "far too long"],
)
def test_a_client_assertion_that_does_not_fit_is_refused(
    party: Callable[..., Any], clock: Any, changes: dict[str, Any]
) -> None:
    """RFC 7523 3: issuer, subject, audience, expiry and jti."""
    key = RSAKey.generate_key(2048)
    rp = party("entra-oidc", applications=[WIDE | {"jwks": {"keys": [key.as_dict(private=False)]}}])
    sent = {"client_secret": None, "client_assertion_type": ASSERTION}
    refused = rp.redeem(rp.sign_in()["code"], **sent, client_assertion=assertion(rp, key, clock, **changes))
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")


def test_a_client_assertion_of_another_key_or_beside_a_secret_is_refused(party: Callable[..., Any], clock: Any) -> None:
    """RFC 6749 2.3: one way only, and only the registered key."""
    key, other = RSAKey.generate_key(2048), RSAKey.generate_key(2048)
    rp = party("entra-oidc", applications=[WIDE | {"jwks": {"keys": [key.as_dict(private=False)]}}])
    code = rp.sign_in()["code"]
    sent = {"client_assertion_type": ASSERTION, "client_assertion": assertion(rp, other, clock)}
    assert rp.redeem(code, **sent).json()["error"] == "invalid_request"
    assert rp.redeem(code, **sent, client_secret=None).json()["error"] == "invalid_client"
    assert rp.redeem(code, **sent, client_secret=None, client_id="nobody").json()["error"] == "invalid_client"
