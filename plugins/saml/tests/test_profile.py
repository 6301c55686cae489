"""Rows P1 to P6 and P8: the Web Browser SSO profile, compared byte for byte."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import etree

from portico_saml.names import SAML, SAMLP
from portico_saml.testing import build_response, sign
from portico_saml.testing.connections import NOW
from portico_saml.times import format_time
from portico_sdk import BeginRequest, ProviderRefused, SignInRefused


def _resigned(root, idp, signed="assertion"):
    if signed == "assertion":
        sign(root.find(f"{{{SAML}}}Assertion"), idp.key)
    else:
        sign(root, idp.key)
    return root


# --- P1: replay (the gateway consumes; the adapter names the proof) ---------------------------------------------------


def test_p1_the_same_assertion_has_the_same_replay_id_in_any_response(connection, idp, accept):
    """P1: a new Response around the same assertion is the same proof."""
    first = idp.respond_tree(connection.answer())
    second = etree.fromstring(etree.tostring(first))
    second.set("ID", "_another")
    assert accept(connection, first).replay_id == accept(connection, second).replay_id == f"{idp.entity_id} _assertion"


def test_p1_another_assertion_has_another_replay_id(connection, idp, accept):
    """P1: and another assertion another."""
    other = connection.answer(assertion_id="_other")
    assert (
        accept(connection, idp.respond(connection.answer())).replay_id
        != accept(connection, idp.respond(other)).replay_id
    )


def test_p1_the_replay_memory_lasts_as_long_as_the_assertion_could_be_accepted(connection, idp, accept, refuse):
    """P1: `replay_until` is the first moment at which the assertion is refused anyway, skew included."""
    answer = connection.answer(confirmed_until=format_time(NOW + timedelta(minutes=3)))
    response = idp.respond(answer)
    until = accept(connection, response).replay_until
    assert until == NOW + timedelta(minutes=3, seconds=180)
    assert accept(connection.at(until - timedelta(seconds=1)), response)
    assert refuse(connection.at(until), response) == "time-window"


def test_p1_an_assertion_without_an_id_is_refused(connection, idp, refuse):
    """P1: nothing to remember means refusal."""
    root = build_response(connection.answer())
    del root.find(f"{{{SAML}}}Assertion").attrib["ID"]
    sign(root, idp.key)
    assert refuse(connection, root) == "saml-identifier"


# --- P2, P3: whose question does it answer? ----------------------------------------------------------------------------


@pytest.mark.parametrize("signed", ["assertion", "response"])
@pytest.mark.parametrize("received", [None, "", "_other", "_reques", "_request ", "_REQUEST"])
def test_p2_the_signed_in_response_to_must_be_our_request(connection, idp, refuse, received, signed):
    """P2: SubjectConfirmationData@InResponseTo absent or naming another request."""
    answer = connection.answer(confirmed_in_response_to=received)
    assert refuse(connection, idp.respond(answer, signed=signed)) == "saml-in-response-to"


@pytest.mark.parametrize("received", [None, "_other"])
def test_p2_stripped_from_or_changed_in_an_unsigned_response(connection, idp, refuse, received):
    """P2: the Response's own InResponseTo must agree, although it is not signed."""
    root = idp.respond_tree(connection.answer(in_response_to=received))
    assert refuse(connection, root) == "saml-in-response-to"


def test_p3_an_unsolicited_response_is_refused_by_default(connection, idp, refuse):
    """P3: IdP-initiated is off unless the connection allows it, with or without InResponseTo."""
    unsolicited = replace(connection, request_id=None)
    assert refuse(unsolicited, idp.respond(unsolicited.answer())) == "saml-unsolicited"
    assert refuse(unsolicited, idp.respond(connection.answer())) == "saml-unsolicited"


def test_p3_an_allowed_unsolicited_response_is_checked_like_any_other(connection, idp, attacker, accept, refuse):
    """P3: switched on, everything else still holds, and it must not claim to answer anything."""
    unsolicited = replace(connection.changed(allow_idp_initiated=True), request_id=None)
    identity = accept(unsolicited, idp.respond(unsolicited.answer()))
    assert identity.replay_id
    assert refuse(unsolicited, idp.respond(unsolicited.answer(confirmed_in_response_to="_x"))) == "saml-in-response-to"
    assert refuse(unsolicited, idp.respond(unsolicited.answer(in_response_to="_x"))) == "saml-in-response-to"
    assert refuse(unsolicited, attacker.respond(unsolicited.answer())) == "saml-signature"


def test_p3_allowing_unsolicited_responses_does_not_weaken_solicited_ones(connection, idp, refuse):
    """P3: who asked gets an answer to his question, or none."""
    answer = connection.answer(confirmed_in_response_to=None, in_response_to=None)
    assert refuse(connection.changed(allow_idp_initiated=True), idp.respond(answer)) == "saml-in-response-to"


# --- P4: addressed to whom, by whom ------------------------------------------------------------------------------------

ACS = "https://portico.example.com/sso/saml/con-1/acs"
WRONG_URLS = [
    "",
    ACS + "/",
    ACS + "?x=1",
    ACS[:-1],
    ACS.upper(),
    f"https://evil.example/?u={ACS}",
    ACS + ".evil.example",
]


@pytest.mark.parametrize("url", [None, *WRONG_URLS])
def test_p4_recipient_is_exact(connection, idp, refuse, url):
    """P4: wrong, missing, or containing ours."""
    assert refuse(connection, idp.respond(connection.answer(recipient=url))) == "saml-recipient"


@pytest.mark.parametrize("signed", ["assertion", "response"])
@pytest.mark.parametrize("url", WRONG_URLS)
def test_p4_destination_is_exact(connection, idp, refuse, url, signed):
    """P4: wrong, empty, or beginning with ours."""
    assert refuse(connection, idp.respond(connection.answer(destination=url), signed=signed)) == "saml-destination"


def test_p4_a_signed_response_needs_a_destination(connection, idp, refuse):
    """P4: SAML bindings 3.5.5.2."""
    assert refuse(connection, idp.respond(connection.answer(destination=None), signed="response")) == "saml-destination"


AUDIENCE = "https://portico.example.com/sso/saml/con-1/metadata"
OTHER = "https://other.example.com"
WRONG_AUDIENCES = [
    (),
    ((),),
    (("",),),
    ((OTHER,),),
    ((AUDIENCE + "/",),),
    ((AUDIENCE[:-1],),),
    ((AUDIENCE.upper(),),),
    ((" " + AUDIENCE,),),
    ((AUDIENCE,), (OTHER,)),
    ((OTHER,), (AUDIENCE,)),
    ((AUDIENCE,), ()),
]


@pytest.mark.parametrize("audiences", WRONG_AUDIENCES)
@pytest.mark.parametrize("signed", ["assertion", "response"])
def test_p4_audience_is_present_and_exact_in_every_restriction(connection, idp, refuse, audiences, signed):
    """P4: absent, empty, prefix, case; two restrictions mean both (SAML core 2.5.1.4)."""
    assert refuse(connection, idp.respond(connection.answer(audiences=audiences), signed=signed)) == "saml-audience"


def test_p4_one_of_several_audiences_suffices(connection, idp, accept):
    """SAML core 2.5.1.4: within one restriction any audience will do, and every restriction may name us."""
    for audiences in (((OTHER, AUDIENCE),), ((AUDIENCE,), (OTHER, AUDIENCE))):
        assert accept(connection, idp.respond(connection.answer(audiences=audiences))).subject


ISSUERS = [
    None,
    "",
    "https://idp.example.com",
    "https://idp.example.com/x",
    "https://IDP.example.com/",
    " https://idp.example.com/",
]


@pytest.mark.parametrize("issuer", ISSUERS)
@pytest.mark.parametrize("signed", ["assertion", "response"])
def test_p4_issuer_of_the_assertion_is_exact(connection, idp, refuse, issuer, signed):
    """P4: empty, prefix, case."""
    assert refuse(connection, idp.respond(connection.answer(issuer=issuer), signed=signed)) == "issuer-mismatch"


@pytest.mark.parametrize("issuer", ISSUERS)
def test_p4_issuer_of_a_signed_response_is_there_and_exact(connection, idp, refuse, issuer):
    """P4: SAML profiles 4.1.4.2."""
    response = idp.respond(connection.answer(response_issuer=issuer), signed="response")
    assert refuse(connection, response) == "issuer-mismatch"


@pytest.mark.parametrize("issuer", ISSUERS[1:])
def test_p4_issuer_of_an_unsigned_response_is_exact_where_there_is_one(connection, idp, refuse, issuer):
    """P4: present means compared."""
    assert refuse(connection, idp.respond(connection.answer(response_issuer=issuer))) == "issuer-mismatch"


def test_p4_two_issuers_are_refused(connection, idp, refuse):
    """One response, one issuer."""
    root = idp.respond_tree(connection.answer())
    root.insert(0, etree.fromstring(etree.tostring(root[0])))
    assert refuse(connection, root) == "saml-structure"


# --- P5: status --------------------------------------------------------------------------------------------------------

STATUS = "urn:oasis:names:tc:SAML:2.0:status:"


def test_p5_an_error_of_the_provider_is_told_in_its_words(adapter, connection, idp):
    """P5: nested codes and message survive; Entra puts its AADSTS text into the message."""
    answer = connection.answer(
        status=(STATUS + "Responder", STATUS + "NoAuthnContext"), status_message="AADSTS75011: no", with_assertion=False
    )
    with pytest.raises(ProviderRefused) as refused:
        adapter.complete(connection.context(adapter), connection.callback(idp.respond(answer, signed="nothing")))
    assert refused.value.code == "saml-status"
    assert "Responder / NoAuthnContext" in refused.value.detail
    assert "AADSTS75011: no" in refused.value.detail


@pytest.mark.parametrize("code", ["", " ", STATUS + "Requester", STATUS + "success", STATUS + "Success ", "Success"])
def test_p5_anything_but_success_is_refused_even_with_a_signed_assertion(connection, idp, refuse, code):
    """P5: SAML core 3.2.2; an empty code is no success."""
    assert refuse(connection, idp.respond(connection.answer(status=(code,)), signed="both")) == "saml-status"


def test_p5_a_nested_success_is_no_success(connection, idp, refuse):
    """P5: the outer code counts."""
    answer = connection.answer(status=(STATUS + "Responder", STATUS + "Success"))
    assert refuse(connection, idp.respond(answer)) == "saml-status"


def test_p5_a_response_without_status_or_assertion_is_refused(connection, idp, refuse):
    """P5: neither may be missing."""
    root = idp.respond_tree(connection.answer())
    root.remove(root.find(f"{{{SAMLP}}}Status"))
    assert refuse(connection, root) == "saml-status"
    empty = idp.respond(connection.answer(with_assertion=False), signed="response")
    assert refuse(connection, empty) == "saml-structure"


# --- P6: times ---------------------------------------------------------------------------------------------------------

BAD_TIMES = [
    None,
    "",
    "garbage",
    "2026-03-01T12:05:00+00:00",
    "2026-03-01T12:05:00",
    "2026-03-01 12:05:00Z",
    "2026-02-30T12:05:00Z",
    "2026-03-01T24:05:00Z",
    "2026-03-01T12:05:00z",
    "٢٠٢٦-03-01T12:05:00Z",
    "1772366700",
]


@pytest.mark.parametrize("value", BAD_TIMES)
@pytest.mark.parametrize("field", ["not_on_or_after", "confirmed_until", "issue_instant", "authn_instant"])
def test_p6_a_time_that_is_missing_or_not_utc_is_refused(connection, idp, refuse, value, field):
    """P6: absent, garbage, another zone (SAML core 1.3.3)."""
    assert refuse(connection, idp.respond(connection.answer(**{field: value}))) == "saml-time-format"


@pytest.mark.parametrize("value", BAD_TIMES[1:])
@pytest.mark.parametrize("field", ["not_before", "session_not_on_or_after"])
def test_p6_an_optional_time_is_utc_where_it_is_there(connection, idp, refuse, value, field):
    """P6: present means checked."""
    assert refuse(connection, idp.respond(connection.answer(**{field: value}))) == "saml-time-format"


@pytest.mark.parametrize("field", ["not_on_or_after", "confirmed_until", "session_not_on_or_after"])
@pytest.mark.parametrize("seconds", [180, 181, 86_400])
def test_p6_expired_beyond_the_skew_is_refused(connection, idp, refuse, field, seconds):
    """P6, A7: each end counts by itself."""
    answer = connection.answer(**{field: format_time(NOW - timedelta(seconds=seconds))})
    assert refuse(connection, idp.respond(answer)) == "time-window"


@pytest.mark.parametrize("field", ["not_before", "issue_instant", "authn_instant"])
def test_p6_from_the_future_beyond_the_skew_is_refused(connection, idp, refuse, field):
    """P6, A7: each beginning counts by itself."""
    later = format_time(NOW + timedelta(seconds=181))
    assert refuse(connection, idp.respond(connection.answer(**{field: later}))) == "time-window"


def test_p6_a_window_that_is_never_open_is_refused_in_spite_of_the_skew(connection, idp, refuse):
    """P6: NotBefore after NotOnOrAfter, each within the skew of now."""
    answer = connection.answer(
        not_before=format_time(NOW + timedelta(seconds=100)), not_on_or_after=format_time(NOW - timedelta(seconds=100))
    )
    assert refuse(connection, idp.respond(answer)) == "time-window"


@pytest.mark.parametrize("field", ["not_on_or_after", "confirmed_until"])
def test_p6_a_lifetime_of_more_than_a_day_is_refused(connection, idp, refuse, field):
    """P6: ten years, and a second more than 24 h."""
    for end in (NOW + timedelta(days=3650), NOW + timedelta(hours=24, seconds=1)):
        assert refuse(connection, idp.respond(connection.answer(**{field: format_time(end)}))) == "saml-lifetime"


def test_p6_the_skew_is_the_connections_and_at_most_five_minutes(connection, idp, accept, refuse):
    """A7: clock_skew_s is honoured, down to nothing."""
    response = idp.respond(connection.answer())
    late = NOW + timedelta(minutes=5)
    assert refuse(connection.changed(clock_skew_s=0).at(late), response) == "time-window"
    assert accept(connection.changed(clock_skew_s=300).at(late + timedelta(seconds=299)), response).subject
    assert refuse(connection.changed(clock_skew_s=300).at(late + timedelta(seconds=300)), response) == "time-window"


# --- the rest of the profile -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["1.1", "", "2", "2.00", "3.0"])
@pytest.mark.parametrize("element", ["Response", "Assertion"])
def test_only_saml_2_0_is_accepted(connection, idp, refuse, version, element):
    """SAML core 3.2.2 and 2.3.3: the library looks at the Response only."""
    root = build_response(connection.answer())
    (root if element == "Response" else root.find(f"{{{SAML}}}Assertion")).set("Version", version)
    assert refuse(connection, _resigned(root, idp)) == "saml-version"


@pytest.mark.parametrize("count", [0, 2])
def test_exactly_one_authentication_statement(connection, idp, refuse, count):
    """SAML profiles 4.1.4.2; Keycloak can leave it out, and the hint says how to put it back."""
    assert refuse(connection, idp.respond(connection.answer(authn_statements=count))) == "saml-authn-statement"


def test_a_forced_authentication_is_proven_by_its_time(adapter, connection, idp):
    """SAML core 3.4.1: with ForceAuthn the person signed in after our request, give or take the skew."""
    forced = connection.changed(force_authn=True)
    begun = adapter.begin(forced.context(adapter), BeginRequest(handle="h"))
    for seconds, fresh in ((0, True), (-179, True), (-181, False)):
        instant = format_time(NOW + timedelta(seconds=seconds))
        answer = replace(forced, request_id=begun.state["request_id"]).answer(authn_instant=instant)
        callback = replace(forced.callback(idp.respond(answer)), state=begun.state)
        if fresh:
            assert adapter.complete(forced.context(adapter), callback).authenticated_at
        else:
            with pytest.raises(SignInRefused) as refused:
                adapter.complete(forced.context(adapter), callback)
            assert refused.value.code == "saml-stale-authentication"


def test_an_old_authentication_is_fine_when_nobody_asked_for_a_new_one(connection, idp, accept):
    """Single sign-on is the point."""
    answer = connection.answer(authn_instant=format_time(NOW - timedelta(hours=9)))
    assert accept(connection, idp.respond(answer)).authenticated_at == NOW - timedelta(hours=9)


@pytest.mark.parametrize("method", ["urn:oasis:names:tc:SAML:2.0:cm:sender-vouches", "", "bearer"])
def test_only_a_bearer_confirmation_counts(connection, idp, refuse, method):
    """SAML profiles 4.1.4.2."""
    assert refuse(connection, idp.respond(connection.answer(method=method))) == "saml-subject-confirmation"


def test_one_good_confirmation_among_several_suffices(connection, idp, accept):
    """SAML profiles 4.1.4.3: any bearer confirmation meant for us will do."""
    root = build_response(connection.answer())
    subject = root.find(f".//{{{SAML}}}Subject")
    other = etree.fromstring(etree.tostring(subject[1]))
    other[0].set("Recipient", "https://other.example.com/acs")
    subject.insert(1, other)
    assert accept(connection, _resigned(root, idp)).subject == "ada@example.com"


@pytest.mark.parametrize("name_id", [None, "", " ", "\n\t", "x" * 1025])
def test_a_name_that_names_nobody_is_refused(connection, idp, refuse, name_id):
    """A NameID is there, not blank, and of bearable length."""
    assert refuse(connection, idp.respond(connection.answer(name_id=name_id))) == "saml-subject"


def test_a_transient_name_is_refused_as_subject(connection, idp, refuse):
    """SAML core 8.3.8: it changes at every sign-in, so that every sign-in would make a new person."""
    transient = {"Format": "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"}
    response = idp.respond(connection.answer(name_id_attributes=transient))
    assert refuse(connection, response) == "saml-transient-subject"


def test_a_name_qualified_for_somebody_else_is_refused(connection, idp, accept, refuse):
    """SPNameQualifier, where there is one, is us (SAML core 8.3.7)."""
    for qualifier, good in ((AUDIENCE, True), (OTHER, False), ("", False)):
        response = idp.respond(connection.answer(name_id_attributes={"SPNameQualifier": qualifier}))
        if good:
            assert accept(connection, response).subject == "ada@example.com"
        else:
            assert refuse(connection, response) == "saml-subject"


def test_an_encrypted_name_is_refused(connection, idp, refuse):
    """EncryptedID is not read, so it is not passed over either."""
    root = build_response(connection.answer())
    subject = root.find(f".//{{{SAML}}}Subject")
    subject.insert(1, etree.Element(f"{{{SAML}}}EncryptedID"))
    assert refuse(connection, _resigned(root, idp)) == "saml-subject"


def test_an_encrypted_attribute_is_refused(connection, idp, refuse):
    """EncryptedAttribute likewise."""
    root = build_response(connection.answer())
    etree.SubElement(root.find(f".//{{{SAML}}}AttributeStatement"), f"{{{SAML}}}EncryptedAttribute")
    assert refuse(connection, _resigned(root, idp)) == "saml-attributes"


@pytest.mark.parametrize("count", [0, 2])
def test_exactly_one_conditions_element(connection, idp, refuse, count):
    """An assertion without conditions is for anybody, at any time."""
    root = build_response(connection.answer())
    conditions = root.find(f".//{{{SAML}}}Conditions")
    if count:
        conditions.addnext(etree.fromstring(etree.tostring(conditions)))
    else:
        conditions.getparent().remove(conditions)
    assert refuse(connection, _resigned(root, idp)) in {"saml-conditions", "saml-structure"}


def test_an_unknown_condition_is_refused(connection, idp, refuse):
    """SAML core 2.5.1.1: what is not understood is not valid."""
    root = build_response(connection.answer())
    etree.SubElement(root.find(f".//{{{SAML}}}Conditions"), f"{{{SAML}}}Condition")
    assert refuse(connection, _resigned(root, idp)) == "saml-conditions"


@pytest.mark.parametrize("name", ["OneTimeUse", "ProxyRestriction"])
def test_known_conditions_are_met(connection, idp, accept, name):
    """Every assertion is used once here, and none is passed on."""
    root = build_response(connection.answer())
    etree.SubElement(root.find(f".//{{{SAML}}}Conditions"), f"{{{SAML}}}{name}")
    assert accept(connection, _resigned(root, idp)).subject == "ada@example.com"


def test_what_breaks_the_schema_is_refused_by_the_library(connection, idp, refuse):
    """The library's XML schema is the last gate: an element in the wrong order, although everything else fits."""
    root = build_response(connection.answer())
    assertion = root.find(f"{{{SAML}}}Assertion")
    assertion.append(assertion.find(f"{{{SAML}}}Conditions"))
    assert refuse(connection, _resigned(root, idp)) == "saml-library"


def test_nothing_but_sign_in_refused_leaves_the_adapter(connection, idp, refuse, monkeypatch):
    """An error that nobody foresaw is a refusal with a code of its own."""
    import portico_saml.response as module

    def fail(*arguments):
        raise RecursionError("unforeseen")

    monkeypatch.setattr(module, "read_layout", fail)
    assert refuse(connection, idp.respond(connection.answer())) == "saml-unexpected"
