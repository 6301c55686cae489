"""Single logout (SAML core 3.7, profiles 4.4): what is sent, and what of the provider's messages counts (rows P9, S13)."""

from __future__ import annotations

import base64
import zlib
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from lxml import etree

from portico_saml.library_functions import LibraryXml
from portico_saml.logout_message import MAX_INFLATED, inflate
from portico_saml.names import DS, MD, SAML, SAMLP
from portico_saml.testing import Connection
from portico_saml.testing.logout import LogoutMessage, get_callback, post_callback
from portico_sdk import FormPost, Redirect, SignInRefused

SLO = "https://idp.example.com/slo"
STATE = {
    "name_id": "ada@example.com",
    "format": "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
    "name_qualifier": "q",
    "session_index": "_s1",
}


@pytest.fixture
def leaving(idp, own_key):
    """A connection whose provider has a single logout URL."""
    return Connection.to(idp, keys=(own_key,), slo_url=SLO)


@pytest.fixture
def demand(idp, leaving):
    """An honest LogoutRequest of the provider."""
    return LogoutMessage(idp.entity_id, leaving.service_provider.slo_url, leaving.now)


@pytest.fixture
def confirmation(demand):
    """An honest LogoutResponse to our request `_asked`."""
    return replace(demand, kind="LogoutResponse", attributes={"InResponseTo": "_asked"})


def receive(adapter, connection, callback):
    return adapter.receive_logout(connection.context(adapter), callback)


def refusal(adapter, connection, callback) -> str:
    with pytest.raises(SignInRefused) as refused:
        receive(adapter, connection, callback)
    return refused.value.code


def by_post(connection, message, key, **more):
    return post_callback(connection.service_provider.slo_url, message.posted(key), **more)


def by_redirect(connection, message, key, relay_state=None, **more):
    return get_callback(connection.service_provider.slo_url, message.query(key, relay_state, **more))


class TestOurRequest:
    """What begin_logout sends."""

    def _document(self, action):
        encoded = (
            action.fields["SAMLRequest"]
            if isinstance(action, FormPost)
            else parse_qs(urlsplit(action.url).query)["SAMLRequest"][0]
        )
        raw = base64.b64decode(encoded)
        return etree.fromstring(raw if isinstance(action, FormPost) else zlib.decompress(raw, -15))

    @pytest.mark.parametrize("binding", ["redirect", "post"])
    def test_it_names_the_person_byte_for_byte_and_is_signed(self, adapter, leaving, binding):
        """AD FS compares Format and qualifiers, and every provider wants a signature."""
        connection = leaving.changed(slo_binding=binding)
        begun = adapter.begin_logout(connection.context(adapter), "handle", STATE)
        assert isinstance(begun.action, FormPost if binding == "post" else Redirect)
        document = self._document(begun.action)
        assert LibraryXml.validate_xml(document, "saml-schema-protocol-2.0.xsd") is document
        assert (document.get("Destination"), document.get("ID")) == (SLO, begun.state["request_id"])
        name_id = document.find(f"{{{SAML}}}NameID")
        assert (name_id.text, dict(name_id.attrib)) == (
            STATE["name_id"],
            {"Format": STATE["format"], "NameQualifier": "q"},
        )
        assert [index.text for index in document.findall(f"{{{SAMLP}}}SessionIndex")] == ["_s1"]
        if binding == "post":
            assert document[1].tag == f"{{{DS}}}Signature"
        else:
            assert {"SigAlg", "Signature"} <= parse_qs(urlsplit(begun.action.url).query).keys()
        assert connection.http.browser_urls == [SLO]

    @pytest.mark.parametrize("settings", [{"slo_url": None}, {"sign_out_at_provider": False}])
    def test_without_an_address_or_consent_nobody_goes_anywhere(self, adapter, leaving, settings):
        """A connection that does not support it says so."""
        assert adapter.begin_logout(leaving.changed(**settings).context(adapter), "h", STATE) is None

    def test_without_a_key_it_is_refused(self, adapter, idp):
        """An unsigned LogoutRequest is never sent."""
        with pytest.raises(SignInRefused):
            adapter.begin_logout(Connection.to(idp, slo_url=SLO).context(adapter), "h", STATE)

    def test_an_identity_carries_what_it_needs(self, adapter, connection, idp, accept):
        """NameID with its attributes and the SessionIndex."""
        identity = accept(connection, idp.respond(connection.answer()))
        assert identity.logout_name == identity.attributes["NameID"][0] == identity.logout_state["name_id"]


class TestTheProvidersRequest:
    """What of a LogoutRequest counts."""

    @pytest.mark.parametrize("lower_case", [False, True])
    def test_a_signed_query_counts_as_it_was_written(self, adapter, leaving, demand, idp, lower_case):
        """AD FS and Entra sign over lower-case percent-encodings: the raw query is verified, never one encoded anew."""
        message = replace(demand, session_indexes=("_a", "_b"))
        callback = by_redirect(leaving, message, idp.key, "relay/+ state", lower_case=lower_case)
        heard = receive(adapter, leaving, callback)
        assert (heard.name, heard.session_indexes) == ("ada@example.com", ("_a", "_b"))
        assert heard.answer == {"request_id": "_logout1", "relay_state": "relay/+ state"}
        assert leaving.now < heard.replay_until < leaving.now + timedelta(minutes=15)

    def test_a_signed_post_counts(self, adapter, leaving, demand, idp):
        """HTTP-POST with the enveloped signature."""
        assert receive(adapter, leaving, by_post(leaving, demand, idp.key)).name == "ada@example.com"

    def test_p9_unsigned_is_refused(self, adapter, leaving, demand):
        """Neither binding without a signature."""
        assert refusal(adapter, leaving, by_post(leaving, demand, None)) == "saml-unsigned"
        assert refusal(adapter, leaving, by_redirect(leaving, demand, None)) == "saml-unsigned"

    def test_p9_another_key_is_refused(self, adapter, leaving, demand, attacker):
        """Somebody who claims to be the provider."""
        assert refusal(adapter, leaving, by_post(leaving, demand, attacker.key)) == "saml-signature"
        assert refusal(adapter, leaving, by_redirect(leaving, demand, attacker.key)) == "saml-signature"

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"issuer": "https://idp.example.com"}, "issuer-mismatch"),
            ({"destination": "https://portico.example.com/sso/saml/con-2/slo"}, "saml-destination"),
            ({"destination": "https://portico.example.com/sso/saml/con-1/slo/x"}, "saml-destination"),
            ({"attributes": {"Destination": None}}, "saml-destination"),
            ({"attributes": {"Version": "1.1"}}, "saml-version"),
            ({"attributes": {"IssueInstant": None}}, "saml-time-format"),
            ({"attributes": {"NotOnOrAfter": "2026-03-01T11:00:00Z"}}, "time-window"),
            ({"attributes": {"ID": "_" + "x" * 300}}, "saml-identifier"),
            ({"name_id": None}, "saml-subject"),
            ({"name_id": "  "}, "saml-subject"),
            ({"kind": "LogoutResponse"}, "saml-binding"),
        ],
    )
    def test_what_does_not_fit_is_refused(self, adapter, leaving, demand, idp, changes, code):
        """Each check, signed by the right key."""
        message = replace(demand, **changes)
        assert refusal(adapter, leaving, by_post(leaving, message, idp.key)) == code
        assert refusal(adapter, leaving, by_redirect(leaving, message, idp.key)) == code

    @pytest.mark.parametrize("minutes", [-9, 4])
    def test_an_old_message_and_one_of_the_future_are_refused(self, adapter, leaving, demand, idp, minutes):
        """Five minutes on its way, give or take the connection's clock skew."""
        message = replace(demand, now=demand.now + timedelta(minutes=minutes))
        assert refusal(adapter, leaving, by_redirect(leaving, message, idp.key)) == "time-window"

    @pytest.mark.parametrize("name", ["SAMLRequest", "RelayState", "SigAlg", "Signature"])
    def test_p7_a_repeated_parameter_is_refused(self, adapter, leaving, demand, idp, name):
        """CVE-2026-18217: parameter pollution, also by a name that is written in another way."""
        query = demand.query(idp.key, "relay")
        value = parse_qs(query)[name][0]
        strange = "".join(f"%{ord(char):02x}" for char in name)
        for more in (f"&{name}={quote(value, safe='')}", f"&{strange}=x"):
            with pytest.raises(SignInRefused):
                receive(adapter, leaving, get_callback("https://x", query + more))
            with pytest.raises(SignInRefused):
                receive(adapter, leaving, get_callback("https://x", f"{more[1:]}&{query}"))

    def test_a_parameter_under_a_strange_name_alone_is_refused(self, adapter, leaving, demand, idp):
        """What is read is what was signed: nothing that only a decoder sees."""
        query = demand.query(idp.key).replace("SAMLRequest=", "SAMLReques%74=", 1)
        assert refusal(adapter, leaving, get_callback("https://x", query)) == "saml-binding"

    def test_an_unsigned_relay_state_is_refused(self, adapter, leaving, demand, idp):
        """RelayState is under the signature, too (bindings 3.4.4.1)."""
        query = demand.query(idp.key) + "&RelayState=added"
        assert refusal(adapter, leaving, get_callback("https://x", query)) == "saml-signature"

    def test_request_and_response_at_once_are_refused(self, adapter, leaving, demand, confirmation, idp):
        """One message at a time."""
        fields = demand.posted(idp.key) | confirmation.posted(idp.key)
        assert refusal(adapter, leaving, post_callback("https://x", fields)) == "saml-binding"

    @pytest.mark.parametrize("algorithm", ["rsa-sha1", "rsa-md5", "hmac-sha256"])
    def test_s7_a_weak_algorithm_is_refused(self, adapter, leaving, demand, idp, algorithm):
        """CVE-2025-27773's neighbours: nothing but the list."""
        query = demand.query(idp.key).replace("rsa-sha256", algorithm)
        assert refusal(adapter, leaving, get_callback("https://x", query)) == "saml-algorithm"

    def test_s13_a_deflate_bomb_costs_nothing(self, adapter, leaving, idp):
        """At most 256 KiB are ever inflated."""
        bomb = zlib.compress(b"<a>" + b" " * 50_000_000, 9)[2:-4]
        encoded = quote(base64.b64encode(bomb).decode(), safe="")
        query = f"SAMLRequest={encoded}&SigAlg=x&Signature=eA%3D%3D"
        assert refusal(adapter, leaving, get_callback("https://x", query)) == "saml-size"
        with pytest.raises(SignInRefused):
            inflate(bomb)
        assert MAX_INFLATED < 1_000_000

    @pytest.mark.parametrize("damage", ["truncate", "append", "raw"])
    def test_what_is_not_one_deflated_text_is_refused(self, adapter, leaving, demand, damage):
        """Cut off, followed by more, or not deflated at all."""
        deflated = zlib.compress(etree.tostring(demand.tree()))[2:-4]
        sent = {"truncate": deflated[:-9], "append": deflated + b"more", "raw": etree.tostring(demand.tree())}[damage]
        query = f"SAMLRequest={quote(base64.b64encode(sent).decode(), safe='')}"
        assert refusal(adapter, leaving, get_callback("https://x", query)) == "saml-encoding"

    def test_s1_a_second_request_inside_is_refused(self, adapter, leaving, demand, idp):
        """Wrapping: what has meaning stands at its one place."""
        root = etree.fromstring(base64.b64decode(demand.posted(idp.key)["SAMLRequest"]))
        outer = replace(demand, name_id="victim@example.com", message_id="_outer").tree()
        extensions = etree.Element(f"{{{SAMLP}}}Extensions")
        extensions.append(root)
        outer.insert(1, extensions)
        fields = {"SAMLRequest": base64.b64encode(etree.tostring(outer)).decode()}
        assert refusal(adapter, leaving, post_callback("https://x", fields)) == "saml-structure"

    def test_s4_a_comment_in_the_name_is_refused(self, adapter, leaving, demand):
        """Never a prefix of a name."""
        text = etree.tostring(demand.tree()).replace(b"ada@", b"ada<!-- -->@")
        fields = {"SAMLRequest": base64.b64encode(text).decode()}
        assert refusal(adapter, leaving, post_callback("https://x", fields)) == "saml-document"

    def test_a_connection_without_certificates_hears_nobody(self, adapter, leaving, demand, idp):
        """S10: absence of a key is a refusal."""
        bare = leaving.changed(certificates=None)
        assert refusal(adapter, bare, by_redirect(bare, demand, idp.key)) == "saml-configuration"

    def test_our_answer_is_signed_and_carries_the_relay_state_back(self, adapter, leaving, demand, idp):
        """SAML core 3.7.3.2; bindings 3.4.3."""
        heard = receive(adapter, leaving, by_redirect(leaving, demand, idp.key, "theirs"))
        action = adapter.answer_logout(leaving.context(adapter), heard)
        sent = {name: values[0] for name, values in parse_qs(urlsplit(action.url).query).items()}
        document = etree.fromstring(zlib.decompress(base64.b64decode(sent["SAMLResponse"]), -15))
        assert LibraryXml.validate_xml(document, "saml-schema-protocol-2.0.xsd") is document
        assert (document.get("InResponseTo"), sent["RelayState"]) == ("_logout1", "theirs")
        assert {"SigAlg", "Signature"} <= sent.keys()
        assert adapter.answer_logout(leaving.changed(slo_url=None).context(adapter), heard) is None


class TestTheProvidersConfirmation:
    """What of a LogoutResponse counts."""

    def complete(self, adapter, connection, callback):
        return adapter.complete_logout(connection.context(adapter), replace(callback, state={"request_id": "_asked"}))

    def test_success_and_anything_else(self, adapter, leaving, confirmation, idp):
        """Empty for Success, else the provider's word."""
        assert self.complete(adapter, leaving, by_redirect(leaving, confirmation, idp.key)) == ""
        partial = replace(confirmation, status="urn:oasis:names:tc:SAML:2.0:status:PartialLogout")
        assert self.complete(adapter, leaving, by_post(leaving, partial, idp.key)).endswith("PartialLogout")

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"attributes": {"InResponseTo": "_other"}}, "saml-in-response-to"),
            ({"attributes": {}}, "saml-in-response-to"),
            ({"issuer": "https://other.example"}, "issuer-mismatch"),
            ({"status": ""}, "saml-status"),
        ],
    )
    def test_another_answer_is_refused(self, adapter, leaving, confirmation, idp, changes, code):
        """It answers our very request."""
        with pytest.raises(SignInRefused) as refused:
            self.complete(adapter, leaving, by_redirect(leaving, replace(confirmation, **changes), idp.key))
        assert refused.value.code == code

    def test_without_a_request_of_ours_it_is_refused(self, adapter, leaving, confirmation, idp):
        """A response that nobody asked for."""
        with pytest.raises(SignInRefused):
            adapter.complete_logout(leaving.context(adapter), by_redirect(leaving, confirmation, idp.key))

    def test_unsigned_and_forged_are_refused(self, adapter, leaving, confirmation, attacker):
        """As for requests."""
        for key in (None, attacker.key):
            with pytest.raises(SignInRefused):
                self.complete(adapter, leaving, by_post(leaving, confirmation, key))


def test_the_metadata_offer_logout_where_it_is_supported(adapter, leaving):
    """Both bindings, and the key that signs our messages."""
    document = etree.fromstring(adapter.service_provider_metadata(leaving.context(adapter)))
    assert LibraryXml.validate_xml(document, "saml-schema-metadata-2.0.xsd") is document
    services = list(document.iter(f"{{{MD}}}SingleLogoutService"))
    assert {service.get("Location") for service in services} == {leaving.service_provider.slo_url}
    assert len({service.get("Binding") for service in services}) == 2
    assert [key.get("use") for key in document.iter(f"{{{MD}}}KeyDescriptor")] == ["signing"]
