"""What each strategy carries over, what its customer must change and why (facts, section 12)."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.adapters import Registry
from app.auth0.importing.existing import parse_existing
from app.auth0.importing.plan import ImportOptions, make_plan
from app.auth0.importing.proposal import Proposal
from app.auth0.importing.report import make_report, make_row, write_lines
from portico_sdk import ProviderUnreachable
from tests.support.certificates import make_certified

pytestmark = pytest.mark.usefixtures("app_context")
NOW = datetime.now(UTC)
CUSTOM = "login.acme.example"
KEY = make_certified("acme.eu.auth0.com")
PEM = KEY.certificate_pem
BODY = "".join(PEM.split("-----")[2].split())
METADATA = f"""<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="http://www.okta.com/exk1a2b3c4d5e6f7G8h9">
<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><KeyDescriptor use="signing">
<KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>{BODY}</X509Certificate></X509Data></KeyInfo>
</KeyDescriptor><SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
Location="https://halden.okta.com/app/acme/exk1a2b3c4d5e6f7G8h9/sso/saml"/></IDPSSODescriptor></EntityDescriptor>"""
OKTA_SSO = "https://halden.okta.com/app/acme/exk1a2b3c4d5e6f7G8h9/sso/saml"
SAML = {"signInEndpoint": "https://idp.halden.example/sso", "signingCert": base64.b64encode(PEM.encode()).decode()}


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load(frozenset())


class Judge:
    """Judges one connection, as `plan` does; `documents` is what can be fetched."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.documents: dict[str, str] = {}
        self.options: dict[str, Any] = {}
        self.now = NOW

    def fetch(self, url: str) -> bytes:
        if url not in self.documents:
            raise ProviderUnreachable("unreachable", "nothing there")
        return self.documents[url].encode()

    def several(self, *raws: dict[str, Any]) -> list[Proposal]:
        chosen = ImportOptions("acme.eu.auth0.com", **self.options)
        existing = [parse_existing(raw) for raw in raws]
        return [one.proposal for one in make_plan(existing, chosen, self.registry, self.fetch, now=self.now)]

    def __call__(self, strategy: str, name: str = "halden", **options: Any) -> Proposal:
        [one] = self.several({"name": name, "strategy": strategy, "options": options})
        return one


@pytest.fixture
def judge(registry: Registry) -> Judge:
    return Judge(registry)


def test_samlp_behind_a_custom_domain_asks_nothing_of_the_customer(judge: Judge) -> None:
    """Old entity ID kept, old ACS URL accepted and asked for."""
    judge.options = {"custom_domains": (CUSTOM,)}
    made = judge("samlp", **SAML)
    assert made.verdict == "nothing"
    assert made.must_change.startswith("Nothing, if your identity provider posts to https://login.acme.example/")
    old = f"https://{CUSTOM}/login/callback?connection=halden"
    assert made.settings["sp_entity_id"] == "urn:auth0:acme:halden"
    assert made.settings["accepted_acs_urls"] == [old]
    assert made.settings["requested_acs_url"] == old
    assert made.settings["certificates"] == [PEM]
    assert made.legacy is not None
    assert (made.legacy.prefix, made.legacy.source) == ("samlp|halden|", "NameID")


def test_samlp_on_the_tenants_own_host_has_to_change_one_address(judge: Judge) -> None:
    made = judge("samlp", **SAML)
    assert made.verdict == "one-thing"
    old = "https://acme.eu.auth0.com/login/callback?connection=halden"
    assert f"replace the ACS URL (Reply URL) {old} by {{acs_url}}" in made.must_change
    assert "urn:auth0:acme:halden stays" in made.must_change
    assert "accepted_acs_urls" not in made.settings


def test_an_entity_id_of_the_connections_own_is_kept(judge: Judge) -> None:
    assert judge("samlp", **SAML, entityId="urn:acme:sso").settings["sp_entity_id"] == "urn:acme:sso"


def test_signed_requests_need_our_certificate_there(judge: Judge) -> None:
    """The tenant's private key cannot be exported. It is still one visit to one page, also with the ACS URL."""
    judge.options = {"custom_domains": (CUSTOM,)}
    made = judge("samlp", **SAML, signSAMLRequest=True)
    assert made.verdict == "one-thing"
    assert "our certificate by the one in {metadata_url}" in made.must_change
    assert made.settings["sign_requests"] is True
    judge.options = {}
    both = judge("samlp", **SAML, signSAMLRequest=True)
    assert both.verdict == "one-thing"
    assert "{acs_url}" in both.must_change
    assert "{metadata_url}" in both.must_change


def test_a_signing_key_of_the_connections_own_is_carried_over(judge: Judge) -> None:
    judge.options = {"custom_domains": (CUSTOM,)}
    made = judge("samlp", **SAML, signSAMLRequest=True, signing_key={"key": KEY.key_pem, "cert": PEM})
    assert made.verdict == "nothing"
    assert made.signing_key is not None
    assert made.signing_key.certificate_pem == PEM


@pytest.mark.parametrize("key", ["nonsense", make_certified("other").key_pem, ""])
def test_a_key_that_does_not_belong_to_its_certificate_is_not_carried_over(judge: Judge, key: str) -> None:
    judge.options = {"custom_domains": (CUSTOM,)}
    made = judge("samlp", **SAML, signSAMLRequest=True, signing_key={"key": key, "cert": PEM})
    assert (made.verdict, made.signing_key) == ("one-thing", None)


@pytest.mark.parametrize(
    "written", [PEM, BODY, base64.b64encode(PEM.encode()).decode(), PEM + PEM, f"\n {BODY[:64]}\n{BODY[64:]}"]
)
def test_certificates_are_brought_into_one_form(judge: Judge, written: str) -> None:
    """PEM, base64 of PEM, DER in base64; each once, with its dates."""
    made = judge("samlp", signInEndpoint="https://idp.halden.example/sso", signingCert=written)
    assert [one.pem for one in made.certificates] == [PEM]
    assert made.settings["certificates"] == [PEM]


def test_a_fingerprint_alone_verifies_nothing(judge: Judge) -> None:
    """SHA-1 thumbprints are not carried over: the certificate itself is needed, which makes two things of it."""
    made = judge("samlp", signInEndpoint="https://idp.halden.example/sso", thumbprints=["aa" * 20])
    assert made.verdict == "new-setup"
    assert "Send us the certificate" in made.must_change
    assert "certificates" not in made.settings


def test_an_expired_certificate_is_told(judge: Judge) -> None:
    judge.now = NOW + timedelta(days=400)
    assert any("ended on " in sentence for sentence in judge("samlp", **SAML).confirm)


def test_the_issuer_comes_from_the_metadata(judge: Judge) -> None:
    """And the vendor is recognized by it."""
    judge.documents["https://halden.okta.com/app/exk1a2b3c4d5e6f7G8h9/sso/saml/metadata"] = METADATA
    made = judge("samlp", **SAML, metadataUrl="https://halden.okta.com/app/exk1a2b3c4d5e6f7G8h9/sso/saml/metadata")
    assert made.adapter == "okta-saml"
    assert made.settings["idp_entity_id"] == "http://www.okta.com/exk1a2b3c4d5e6f7G8h9"
    assert made.settings["metadata_url"].startswith("https://halden.okta.com/")
    assert made.confirm == ()


def test_metadata_that_cannot_be_read_is_said_and_not_watched(judge: Judge) -> None:
    made = judge("samlp", **SAML, metadataUrl="https://idp.halden.example/metadata")
    assert "metadata_url" not in made.settings
    assert any("could not be read" in sentence for sentence in made.confirm)
    assert any("issuer (entity ID) is unknown" in sentence for sentence in made.confirm)


@pytest.mark.parametrize(
    ("sso_url", "issuer", "adapter"),
    [
        (OKTA_SSO, "http://www.okta.com/exk1a2b3c4d5e6f7G8h9", "okta-saml"),
        ("https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/saml2",
         "https://sts.windows.net/11111111-2222-3333-4444-555555555555/", "entra-saml"),
        ("https://accounts.google.com/o/saml2/idp?idpid=C01abcdef", "https://accounts.google.com/o/saml2?idpid=C01abcdef",
         "google-saml"),
        ("https://adfs.halden.example/adfs/ls/", "http://adfs.halden.example/adfs/services/trust", "adfs-saml"),
        ("https://idp.halden.example/sso", None, "saml"),
    ],
)  # fmt: skip
def test_an_issuer_is_presumed_from_the_form_of_a_vendors_address(
    judge: Judge, sso_url: str, issuer: str | None, adapter: str
) -> None:
    """Auth0 stores no issuer. What is presumed is marked to be confirmed; a wrong one refuses and never lets in."""
    made = judge("samlp", **{**SAML, "signInEndpoint": sso_url})
    assert made.settings.get("idp_entity_id") == issuer
    assert made.adapter == adapter
    assert any("issuer" in sentence for sentence in made.confirm)


def test_binding_and_logout_are_carried_over(judge: Judge) -> None:
    post = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
    made = judge("samlp", **SAML, protocolBinding=post, signOutEndpoint="https://idp.halden.example/slo")
    assert (made.settings["sso_binding"], made.settings["slo_url"]) == ("post", "https://idp.halden.example/slo")
    assert (
        "slo_url" not in judge("samlp", **SAML, signOutEndpoint="https://x.example/slo", disableSignout=True).settings
    )
    assert "slo_url" not in judge("samlp", **SAML, signOutEndpoint=SAML["signInEndpoint"]).settings


def test_signing_out_at_the_provider_waits_until_it_knows_our_key(judge: Judge) -> None:
    """It would show people an error: our requests are signed with a key that it never saw, unless that came along."""
    made = judge("samlp", **SAML, signOutEndpoint="https://idp.halden.example/slo")
    assert made.settings["sign_out_at_provider"] is False
    assert any("Signing out at their provider is off" in sentence for sentence in made.confirm)
    key = {"key": KEY.key_pem, "cert": PEM}
    known = judge("samlp", **SAML, signOutEndpoint="https://idp.halden.example/slo", signing_key=key)
    assert "sign_out_at_provider" not in known.settings


def test_sha1_and_templates_are_not_carried_over_and_it_says_so(judge: Judge) -> None:
    made = judge(
        "samlp", **SAML, signatureAlgorithm="rsa-sha1", digestAlgorithm="sha1", requestTemplate="<x>@@ID@@</x>"
    )
    assert any("SHA-1 is not carried over" in sentence for sentence in made.lost)
    assert any("request template" in sentence for sentence in made.lost)
    assert not any("sha" in str(value).lower() for value in made.settings.values() if isinstance(value, str))


def test_fields_map_becomes_claim_rules(judge: Judge) -> None:
    """Fields of the profile are mapped, others are told; what identifies people is no field."""
    fields = {"email": "mail", "given_name": ["givenName", "fn"], "groups": "memberOf", "department": "dept",
              "user_id": "uid", "email_verified": "x"}  # fmt: skip
    made = judge("samlp", **SAML, fieldsMap=fields)
    assert made.claim_rules["email"]["sources"] == ["mail"]
    assert made.claim_rules["given_name"]["sources"] == ["givenName", "fn"]
    assert made.claim_rules["groups"]["sources"] == ["memberOf"]
    assert set(made.claim_rules) == {"email", "given_name", "groups"}
    assert any("department" in sentence for sentence in made.lost)
    assert made.legacy is not None
    assert made.legacy.source == "uid"


NAME_IDENTIFIER = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier"


@pytest.mark.parametrize(
    ("named", "source"), [("uid", "uid"), (NAME_IDENTIFIER, "NameID"), (["uid", "mail"], "uid"), (None, "NameID")]
)
def test_the_user_id_attribute_becomes_the_subject_source(judge: Judge, named: Any, source: str) -> None:
    """One source alone: where Auth0 fell back to others, the report says so."""
    made = judge("samlp", **SAML, **({"user_id_attribute": named} if named else {}))
    assert made.settings["subject_attribute"] == source
    assert made.legacy is not None
    assert made.legacy.source == source
    assert any("fell back" in sentence for sentence in made.confirm) == isinstance(named, list)


def test_starting_at_the_provider_needs_an_application(judge: Judge) -> None:
    made = judge("samlp", **SAML, idpinitiated={"enabled": True})
    assert "allow_idp_initiated" not in made.settings
    assert any("--idp-initiated-client-id" in sentence for sentence in made.lost)
    judge.options = {"idp_initiated_client_id": "cli-1"}
    started = judge("samlp", **SAML, idpinitiated={"enabled": True}).settings
    assert (started["allow_idp_initiated"], started["idp_initiated_client_id"]) == (True, "cli-1")


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/login/callback?connection=halden",
        "http://login.acme.example/login/callback?connection=halden",
        "https://login.acme.example/login/callback?connection=other",
        "https://login.acme.example@evil.example/",
    ],
)
def test_an_address_override_is_accepted_only_where_it_leads_here(judge: Judge, url: str) -> None:
    """`destinationUrl` and `recipientUrl` count on a named custom domain alone."""
    judge.options = {"custom_domains": (CUSTOM,)}
    made = judge("samlp", **SAML, destinationUrl=url, recipientUrl=url)
    assert made.settings["accepted_acs_urls"] == [f"https://{CUSTOM}/login/callback?connection=halden"]


def test_pingfederate_is_saml_at_its_base_url(judge: Judge) -> None:
    made = judge("pingfederate", pingFederateBaseUrl="https://ping.halden.example", signingCert=PEM)
    assert made.settings["sso_url"] == "https://ping.halden.example/idp/SSO.saml2"
    assert made.adapter == "ping-saml"
    assert made.legacy is not None
    assert made.legacy.prefix == "pingfederate|halden|"


def test_adfs_spoke_ws_federation_and_needs_a_new_trust(judge: Judge) -> None:
    """The metadata that it had serves SAML too; the realm of the old trust is not reused."""
    judge.documents["https://adfs.halden.example/FederationMetadata/2007-06/FederationMetadata.xml"] = METADATA
    made = judge("adfs", adfs_server="adfs.halden.example", signInEndpoint="https://adfs.halden.example/adfs/ls/")
    assert (made.verdict, made.adapter) == ("new-setup", "adfs-saml")
    assert "add a relying party trust from the metadata at {metadata_url}" in made.must_change
    assert "sp_entity_id" not in made.settings
    assert made.settings["idp_entity_id"]
    assert made.settings["sso_url"] == OKTA_SSO, "as the metadata says"
    assert made.legacy is not None
    assert made.legacy.prefix == "adfs|halden|"


TENANT_ID = "11111111-2222-3333-4444-555555555555"


def test_adfs_whose_metadata_cannot_be_reached_is_presumed(judge: Judge) -> None:
    """Every AD FS has its addresses and its issuer in the same places."""
    made = judge("adfs", adfs_server="adfs.halden.example", signingCert=PEM)
    assert made.settings["sso_url"] == "https://adfs.halden.example/adfs/ls/"
    assert made.settings["idp_entity_id"] == "http://adfs.halden.example/adfs/services/trust"
    assert any("could not be read" in sentence for sentence in made.confirm)


def test_waad_adds_one_redirect_uri_to_the_same_registration(judge: Judge) -> None:
    made = judge("waad", tenantId=TENANT_ID, client_id="c", client_secret="s", userid_attribute="sub")
    assert (made.verdict, made.adapter) == ("one-thing", "entra-oidc")
    assert "add {redirect_uri}" in made.must_change
    assert made.settings["issuer"] == f"https://login.microsoftonline.com/{TENANT_ID}/v2.0"
    assert made.legacy is not None
    assert (made.legacy.prefix, made.legacy.source) == ("waad|", "sub")


def test_waad_with_the_vendors_own_registration_asks_nothing_of_the_customer(judge: Judge) -> None:
    """The common endpoint says so, and so does a client id that several customers share."""
    assert (
        judge("waad", tenantId=TENANT_ID, client_id="c", client_secret="s", useCommonEndpoint=True).verdict == "nothing"
    )
    shared = {"client_id": "ours", "client_secret": "s"}
    tenants = {"a": TENANT_ID, "b": TENANT_ID.replace("1", "9")}
    raws = [{"name": name, "strategy": "waad", "options": {**shared, "tenantId": id_}} for name, id_ in tenants.items()]
    assert [one.verdict for one in judge.several(*raws)] == ["nothing", "nothing"]
    assert judge.several(*raws)[0].must_change == "Nothing."
    assert any("your own registration: add {redirect_uri}" in said for said in judge.several(*raws)[0].confirm)


def test_a_client_id_that_two_providers_happen_to_use_is_nobodys_own_registration(judge: Judge) -> None:
    """Two customers may both have called it `acme`; two connections of one directory are one customer's."""
    raws = [
        {
            "name": name,
            "strategy": "oidc",
            "options": {"issuer": f"https://{name}.example", "client_id": "acme", "client_secret": "s"},
        }
        for name in ("a", "b")
    ]
    assert [one.verdict for one in judge.several(*raws)] == ["one-thing", "one-thing"]
    same = {"tenantId": TENANT_ID, "client_id": "theirs", "client_secret": "s"}
    twice = [{"name": name, "strategy": "waad", "options": same} for name in ("a", "b")]
    assert [one.verdict for one in judge.several(*twice)] == ["one-thing", "one-thing"]


def test_waad_finds_its_directory_by_a_domain_or_says_that_it_does_not(judge: Judge) -> None:
    url = "https://login.microsoftonline.com/halden.example/v2.0/.well-known/openid-configuration"
    made = judge("waad", tenant_domain="halden.example", client_id="c", client_secret="s")
    assert "issuer" not in made.settings
    assert any("tenant ID" in sentence for sentence in made.confirm)
    judge.documents[url] = f'{{"issuer": "https://login.microsoftonline.com/{TENANT_ID}/v2.0"}}'
    found = judge("waad", tenant_domain="halden.example", client_id="c", client_secret="s")
    assert found.settings["issuer"] == f"https://login.microsoftonline.com/{TENANT_ID}/v2.0"


@pytest.mark.parametrize("issuer", ["https://evil.example/", "https://login.microsoftonline.com/common/v2.0", ""])
def test_waad_believes_no_other_issuer(judge: Judge, issuer: str) -> None:
    judge.documents["https://login.microsoftonline.com/h.example/v2.0/.well-known/openid-configuration"] = (
        f'{{"issuer": "{issuer}"}}'
    )
    assert "issuer" not in judge("waad", tenant_domain="h.example", client_id="c", client_secret="s").settings


def test_waad_over_ws_federation_is_a_new_set_up(judge: Judge) -> None:
    made = judge("waad", tenantId=TENANT_ID, client_id="c", waad_protocol="ws-federation")
    assert made.verdict == "new-setup"
    assert "client_id" not in made.settings


def test_okta_adds_one_redirect_uri(judge: Judge) -> None:
    made = judge(
        "okta", domain="halden.okta.com", client_id="c", client_secret="s", scope="openid profile email groups"
    )
    assert (made.verdict, made.adapter) == ("one-thing", "okta-oidc")
    assert made.settings["issuer"] == "https://halden.okta.com"
    assert made.settings["scopes"] == ["openid", "profile", "email", "groups"]
    assert made.legacy is not None
    assert made.legacy.prefix == "okta|halden|"


def test_a_private_key_stays_with_auth0_so_a_secret_is_asked_for(judge: Judge) -> None:
    made = judge("okta", domain="halden.okta.com", client_id="c", token_endpoint_auth_method="private_key_jwt")
    assert made.verdict == "one-thing"
    assert "give us a client secret" in made.must_change


def test_oidc_adds_one_redirect_uri_and_maps_its_attribute_map(judge: Judge) -> None:
    mapping = {"mapping_mode": "use_map", "attributes": {
        "email": "${context.tokenset.mail}", "name": "${context.userinfo.cn}", "nickname": "${context.tokenset.nick}",
        "given_name": "Dr. ${context.tokenset.fn}"}}  # fmt: skip
    made = judge("oidc", discovery_url="https://idp.halden.example/.well-known/openid-configuration", client_id="c",
                 client_secret="s", attribute_map=mapping, type="back_channel")  # fmt: skip
    assert (made.verdict, made.adapter) == ("one-thing", "oidc")
    assert made.settings["issuer"] == "https://idp.halden.example"
    assert made.settings["token_endpoint_auth_method"] == "client_secret_post"
    assert {name: rule["sources"] for name, rule in made.claim_rules.items()} == {"email": ["mail"], "name": ["cn"]}
    assert any("given_name is put together" in sentence for sentence in made.lost)


def test_oidc_over_the_front_channel_needs_the_code_flow(judge: Judge) -> None:
    made = judge("oidc", issuer="https://idp.halden.example", client_id="c", type="front_channel")
    assert made.verdict == "new-setup"
    assert "authorization code flow" in made.must_change


def test_oidc_without_discovery_keeps_its_endpoints(judge: Judge) -> None:
    endpoints = {"authorization_endpoint": "https://idp.halden.example/a", "token_endpoint": "https://idp.halden.example/t",
                 "jwks_uri": "https://idp.halden.example/k"}  # fmt: skip
    made = judge("oidc", issuer="https://idp.halden.example", client_id="c", client_secret="s", **endpoints)
    assert {name: made.settings[name] for name in endpoints} == endpoints


def test_google_lets_in_its_workspace_domains_and_never_an_alias(judge: Judge) -> None:
    """Aliases only routed people; a domain named here lets its people in."""
    made = judge("google-apps", tenant_domain="halden.example", domain_aliases=["gmail.com", "halden.no"], client_id="c",
                 client_secret="s")  # fmt: skip
    assert (made.verdict, made.adapter) == ("one-thing", "google-oidc")
    assert made.settings["hosted_domains"] == ["halden.example"]
    assert made.legacy is not None
    assert (made.legacy.prefix, made.legacy.source) == ("google-apps|", "email")
    by_id = judge(
        "google-apps", tenant_domain="halden.example", map_user_id_to_id=True, client_id="c", client_secret="s"
    )
    assert by_id.legacy is not None
    assert by_id.legacy.source == "sub"


@pytest.mark.parametrize("strategy", ["ad", "auth0-adldap"])
def test_an_agent_cannot_be_moved_and_it_says_so(judge: Judge, strategy: str) -> None:
    made = judge(strategy)
    assert (made.verdict, made.adapter) == ("not-migratable", None)
    assert "agent in your network" in made.must_change


def test_databases_and_social_providers_are_no_customers(judge: Judge) -> None:
    assert judge.several({"name": "users", "strategy": "auth0"}, {"name": "google", "strategy": "google-oauth2"}) == []


def test_the_one_trust_itself_is_not_imported(judge: Judge) -> None:
    """Portico's own connection is in every list of the tenant's."""
    ours = {
        "name": "portico",
        "strategy": "oidc",
        "metadata": {"managed_by": "portico"},
        "options": {"client_id": "cli-1"},
    }
    assert judge.several(ours) == []


def test_what_an_adapter_does_not_accept_is_left_out_and_said(judge: Judge) -> None:
    """An export cannot bring a setting past the adapter's own judgement."""
    made = judge("samlp", **{**SAML, "signInEndpoint": "http://idp.halden.example/sso"})
    assert "sso_url" not in made.settings
    assert any(sentence.startswith("sso_url could not be taken over") for sentence in made.confirm)


def test_a_hidden_secret_is_said(judge: Judge) -> None:
    made = judge("oidc", issuer="https://idp.halden.example", client_id="c", client_secret="##SECRET##")
    assert "client_secret" not in made.settings
    assert any("secret is not in the export" in sentence for sentence in made.confirm)


def test_the_report_for_people_says_everything(judge: Judge, registry: Registry) -> None:
    """Counts first, then each connection with what its customer must do, and no secret."""
    chosen = ImportOptions("acme.eu.auth0.com")
    raws: list[dict[str, Any]] = [
        {"name": "halden", "strategy": "samlp", "display_name": "Halden Freight", "options": SAML},
        {"name": "kontor", "strategy": "oidc", "options": {"client_id": "c", "client_secret": "hush-hush"}},
        {"name": "agent", "strategy": "ad", "options": {}},
    ]
    planned = make_plan([parse_existing(raw) for raw in raws], chosen, registry, judge.fetch, now=NOW)
    report = make_report("acme.eu.auth0.com", [make_row(one, "planned") for one in planned], dry_run=True)
    text = "\n".join(write_lines(report))
    assert text.startswith("acme.eu.auth0.com: 3 customers\n")
    assert "2 need to do one thing" in text
    assert "1 cannot be moved" in text
    assert "halden (samlp) Halden Freight: one-thing" in text
    assert "SHA-256" in text
    assert "until 20" in text
    assert "the draft's ACS URL" in text
    assert "hush" not in text + str(report)
    assert KEY.key_pem not in text
