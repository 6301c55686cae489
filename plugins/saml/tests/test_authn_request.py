"""Our requests (row P8, SAML core 3.4.1, SAML bindings 3.4.4.1 and 3.5.4)."""

from __future__ import annotations

import base64
import zlib
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from lxml import etree

from portico_saml import SamlAdapter, SamlPolicy
from portico_saml.document import parse_message
from portico_saml.keys import _load_trusted
from portico_saml.names import DS, RSA_SHA256, SAML, SAMLP
from portico_saml.signature import verify_signature
from portico_saml.signature_form import read_signature_form
from portico_saml.testing import Connection
from portico_sdk import BeginRequest, FormPost, Redirect, SettingsError, SignInRefused

REQUEST = BeginRequest(handle="handle-_1")


def _redirected(adapter, connection, request=REQUEST):
    result = adapter.begin(connection.context(adapter), request)
    assert isinstance(result.action, Redirect)
    query = dict(parse_qsl(urlsplit(result.action.url).query, strict_parsing=True, keep_blank_values=True))
    document = zlib.decompress(base64.b64decode(query["SAMLRequest"], validate=True), -15)
    return result, query, etree.fromstring(document)


def test_p8_the_request_carries_our_fixed_acs_url_and_nothing_from_outside(adapter, connection):
    """P8: byte-equal, whatever the application sent."""
    request = replace(REQUEST, login_hint="a@evil.example", ui_locales="https://evil.example", prompt=frozenset({"x"}))
    result, query, document = _redirected(adapter, connection, request)
    assert document.get("AssertionConsumerServiceURL") == connection.service_provider.acs_url
    assert document.get("ProtocolBinding") == "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
    assert document.get("Destination") == connection.idp.sso_url
    assert document.findtext(f"{{{SAML}}}Issuer") == connection.service_provider.entity_id
    assert "evil" not in result.action.url
    assert "evil" not in etree.tostring(document).decode()
    assert query["RelayState"] == "handle-_1"


def test_an_operator_may_ask_for_one_of_the_accepted_acs_urls(adapter, connection):
    """For a provider that knows us by an address from before: it would refuse a request that names another."""
    old = "https://login.example.com/login/callback?connection=acme"
    asking = connection.changed(accepted_acs_urls=[old], requested_acs_url=old)
    _, _, document = _redirected(adapter, asking)
    assert document.get("AssertionConsumerServiceURL") == old


def test_an_acs_url_that_is_not_accepted_is_never_asked_for(adapter, connection):
    """The setting names one of `accepted_acs_urls` or is refused."""
    with pytest.raises(SettingsError) as refused:
        adapter.validate({"requested_acs_url": "https://login.example.com/x"}, connection.now)
    assert [problem.field for problem in refused.value.problems] == ["requested_acs_url"]


def test_the_state_names_the_request_and_its_time(adapter, connection):
    """What comes back to `complete` is the ID that was sent."""
    result, _, document = _redirected(adapter, connection)
    assert result.state == {"request_id": document.get("ID"), "issued_at": "2026-03-01T12:00:00Z"}
    assert document.get("IssueInstant") == "2026-03-01T12:00:00Z"


def test_ids_are_names_and_unguessable(adapter, connection):
    """SAML core 1.3.4: an xs:ID does not begin with a digit, and has at least 128 bits."""
    ids = {_redirected(adapter, connection)[2].get("ID") for _ in range(20)}
    assert len(ids) == 20
    assert all(value[0] == "_" and len(value) == 41 for value in ids)


def test_nothing_is_asked_for_unless_configured(adapter, connection):
    """No NameIDPolicy (AD FS: MSIS7070), no RequestedAuthnContext (Entra: AADSTS75011), no ForceAuthn, no signature."""
    _, query, document = _redirected(adapter, connection)
    assert [child.tag for child in document] == [f"{{{SAML}}}Issuer"]
    assert "ForceAuthn" not in document.attrib
    assert set(query) == {"SAMLRequest", "RelayState"}


def test_what_is_configured_is_asked_for(adapter, connection):
    """NameIDPolicy and RequestedAuthnContext, in the order of the schema."""
    persistent = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
    asking = connection.changed(name_id_format=persistent, authn_context=["urn:a", "urn:b"], force_authn=True)
    _, _, document = _redirected(adapter, asking)
    assert [etree.QName(child).localname for child in document] == ["Issuer", "NameIDPolicy", "RequestedAuthnContext"]
    assert document[1].get("Format") == persistent
    assert [reference.text for reference in document[2]] == ["urn:a", "urn:b"]
    assert document.get("ForceAuthn") == "true"


@pytest.mark.parametrize("request_", [replace(REQUEST, prompt=frozenset({"login"})), replace(REQUEST, max_age_s=0)])
def test_a_demand_to_authenticate_again_is_passed_on(adapter, connection, request_):
    """OIDC Core 3.1.2.1: prompt=login and max_age=0 become ForceAuthn."""
    result, _, document = _redirected(adapter, connection, request_)
    assert document.get("ForceAuthn") == "true"
    assert result.state["force_authn"] == "true"


@pytest.mark.parametrize(("age_s", "forced"), [(None, True), (61, True), (60, False)])
def test_a_max_age_demands_a_new_authentication_unless_one_is_known(adapter, connection, age_s, forced):
    """SAML has no max_age: what nobody knows to be recent enough is asked for; AuthnInstant proves it afterwards."""
    known = None if age_s is None else connection.now - timedelta(seconds=age_s)
    asked = replace(REQUEST, max_age_s=60, authenticated_at=known)
    assert ("ForceAuthn" in _redirected(adapter, connection, asked)[2].attrib) is forced


def test_a_migrated_connection_asks_under_its_old_name(adapter, connection):
    """sp_entity_id replaces our entity ID in what we send."""
    _, _, document = _redirected(adapter, connection.changed(sp_entity_id="urn:auth0:acme:saml"))
    assert document.findtext(f"{{{SAML}}}Issuer") == "urn:auth0:acme:saml"


def test_a_redirect_is_signed_over_exactly_the_bytes_sent(adapter, connection, own_key):
    """SAML bindings 3.4.4.1: the octets of SAMLRequest, RelayState and SigAlg, as they stand in the URL."""
    result, query, _ = _redirected(adapter, connection.changed(sign_requests=True))
    raw = urlsplit(result.action.url).query
    signed, _, signature = raw.partition("&Signature=")
    assert list(query) == ["SAMLRequest", "RelayState", "SigAlg", "Signature"]
    assert f"SigAlg={quote(RSA_SHA256, safe='')}" in signed
    public = x509.load_pem_x509_certificate(own_key.certificate_pem.encode()).public_key()
    public.verify(base64.b64decode(query["Signature"]), signed.encode(), PKCS1v15(), SHA256())
    assert signature


def test_a_url_with_a_query_keeps_it(adapter, connection):
    """Google's single sign-on URL has one."""
    url = "https://accounts.google.com/o/saml2/idp?idpid=C0"
    result, query, document = _redirected(adapter, connection.changed(sso_url=url))
    assert result.action.url.startswith(url + "&SAMLRequest=")
    assert query["idpid"] == "C0"
    assert document.get("Destination") == url


def test_http_post_sends_the_document_as_it_is(adapter, connection):
    """SAML bindings 3.5.4: base64, not deflated."""
    result = adapter.begin(connection.changed(sso_binding="post").context(adapter), REQUEST)
    assert isinstance(result.action, FormPost)
    assert result.action.url == connection.idp.sso_url
    assert set(result.action.fields) == {"SAMLRequest", "RelayState"}
    document = etree.fromstring(base64.b64decode(result.action.fields["SAMLRequest"]))
    assert document.tag == f"{{{SAMLP}}}AuthnRequest"
    assert document.find(f"{{{DS}}}Signature") is None


def test_http_post_signs_the_document(adapter, connection, own_key):
    """SAML core 5.4: an enveloped signature right behind the Issuer, of the very shape that we demand of others."""
    signing = connection.changed(sso_binding="post", sign_requests=True)
    result = adapter.begin(signing.context(adapter), REQUEST)
    document = parse_message(base64.b64decode(result.action.fields["SAMLRequest"]))
    assert [etree.QName(child).localname for child in document] == ["Issuer", "Signature"]
    form = read_signature_form(document[1], document)
    assert verify_signature(form, _load_trusted([own_key.certificate_pem]))


def test_our_newest_key_signs(adapter, idp, own_key, older_own_key):
    """Keys come newest first: the first signs."""
    connection = Connection.to(idp, keys=(own_key, older_own_key), sign_requests=True)
    result, query, _ = _redirected(adapter, connection)
    signed = urlsplit(result.action.url).query.partition("&Signature=")[0]
    public = x509.load_pem_x509_certificate(own_key.certificate_pem.encode()).public_key()
    public.verify(base64.b64decode(query["Signature"]), signed.encode(), PKCS1v15(), SHA256())


@pytest.mark.parametrize("binding", ["redirect", "post"])
def test_without_a_key_a_request_that_must_be_signed_is_not_sent(adapter, idp, binding):
    """Never unsigned instead."""
    connection = Connection.to(idp, sign_requests=True, sso_binding=binding)
    with pytest.raises(SignInRefused) as refused:
        adapter.begin(connection.context(adapter), REQUEST)
    assert refused.value.code == "saml-configuration"


def test_the_gateway_decides_where_a_browser_may_go(adapter, connection):
    """Every address is shown to the guard first."""
    adapter.begin(connection.context(adapter), REQUEST)
    assert connection.http.browser_urls == [connection.idp.sso_url]


def test_a_connection_without_a_url_sends_nobody_anywhere(adapter, connection):
    """An unfinished connection refuses."""
    with pytest.raises(SignInRefused) as refused:
        adapter.begin(connection.changed(sso_url=None).context(adapter), REQUEST)
    assert refused.value.code == "saml-configuration"


def test_a_vendor_may_have_a_parameter_for_the_login_hint(connection):
    """The hint is encoded, and outside what is signed."""
    vendor = SamlAdapter(policy=SamlPolicy(login_hint_parameter="login_hint"))
    request = replace(REQUEST, login_hint="a&b=c@example.com")
    result, query, _ = _redirected(vendor, connection.changed(sign_requests=True), request)
    assert query["login_hint"] == "a&b=c@example.com"
    assert result.action.url.startswith(connection.idp.sso_url + "?login_hint=a%26b%3Dc%40example.com&SAMLRequest=")


def test_the_request_satisfies_the_schema(adapter, connection):
    """What we send is valid against the SAML 2.0 protocol schema."""
    from portico_saml.library_functions import LibraryXml

    asking = connection.changed(name_id_format="urn:x", authn_context=["urn:a"], force_authn=True)
    _, _, document = _redirected(adapter, asking)
    assert LibraryXml.validate_xml(document, "saml-schema-protocol-2.0.xsd") is document
