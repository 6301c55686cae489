"""What a vendor profile may say about the generic adapter, and that none of it loosens a check."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from portico_saml import NAME_ID, SamlAdapter, SamlPolicy, SubjectSource
from portico_saml.testing import Connection
from portico_saml.times import format_time
from portico_sdk import FieldProblem, SettingsError, SignInRefused

PAIR = SubjectSource("a+b", ("urn:a", "urn:b"), pattern="[0-9]+")


def complete(policy: SamlPolicy, connection: Connection, response: bytes):
    adapter = SamlAdapter(policy=policy)
    return adapter.complete(connection.context(adapter), connection.callback(response))


def refused(policy: SamlPolicy, connection: Connection, response: bytes) -> SignInRefused:
    with pytest.raises(SignInRefused) as refusal:
        complete(policy, connection, response)
    return refusal.value


def test_several_attributes_together_identify_a_person(connection, idp):
    """All of them, in the policy's order, whatever the NameID says."""
    answer = connection.answer(attributes=(("urn:b", ("2",)), ("urn:a", ("1",))))
    identity = complete(SamlPolicy(subject_sources=(PAIR,)), connection, idp.respond(answer))
    assert (identity.subject, identity.subject_source) == ("1+2", "a+b")


@pytest.mark.parametrize(
    "attributes",
    [
        (("urn:a", ("1",)),),
        (("urn:a", ("1",)), ("urn:b", ())),
        (("urn:a", ("1", "3")), ("urn:b", ("2",))),
        (("urn:a", ("1",)), ("urn:b", ("1+2",))),
        (("urn:a", ("1",)), ("urn:b", ("x",))),
    ],
    ids=["absent", "empty", "twice", "joined", "form"],
)
def test_a_missing_part_refuses_and_nothing_is_fallen_back_to(connection, idp, attributes):
    """No e-mail address, UPN or NameID stands in for what identifies a person."""
    refusal = refused(
        SamlPolicy(subject_sources=(PAIR,)), connection, idp.respond(connection.answer(attributes=attributes))
    )
    assert refusal.code == "saml-subject-attribute"


def test_the_refusal_names_what_came_instead(connection, idp):
    """Whoever maps attributes sees which there are."""
    answer = connection.answer(attributes=(("urn:a", ("1",)),))
    refusal = refused(SamlPolicy(subject_sources=(PAIR,)), connection, idp.respond(answer))
    assert (refusal.expected, refusal.received) == ("urn:a and urn:b", "NameID, urn:a")


def test_an_operators_attribute_stands_alone(connection, idp):
    """`subject_attribute`: nothing else identifies a person then, the vendor's own sources included."""
    chosen = replace(connection, raw_settings={**connection.raw_settings, "subject_attribute": "employee"})
    policy = SamlPolicy(subject_sources=(PAIR, NAME_ID))
    identity = complete(policy, chosen, idp.respond(chosen.answer(attributes=(("employee", ("17",)),))))
    assert (identity.subject, identity.subject_source) == ("17", "employee")
    other = replace(chosen, request_id="_2")
    assert refused(policy, other, idp.respond(other.answer())).code == "saml-subject-attribute"


def test_a_transient_name_is_refused_as_the_last_resort_too(connection, idp):
    """A name that changes at every sign-in identifies nobody."""
    transient = {"Format": "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"}
    answer = connection.answer(name_id_attributes=transient)
    policy = SamlPolicy(subject_sources=(PAIR, NAME_ID))
    assert refused(policy, connection, idp.respond(answer)).code == "saml-transient-subject"


def test_a_prefix_is_accepted_only_before_an_entity_id_that_is_no_uri(connection, idp):
    """Providers.md 2: Entra answers `spn:` with an identifier that is no URI; compared exactly."""
    policy = SamlPolicy(audience_prefixes=("spn:",))
    plain = replace(connection, raw_settings={**connection.raw_settings, "sp_entity_id": "my-app"})
    answer = idp.respond(plain.answer(audiences=(("spn:my-app",),)))
    assert complete(policy, plain, answer).subject
    assert refused(SamlPolicy(), replace(plain, cache=type(plain.cache)()), answer).code == "saml-audience"
    entity_id = connection.service_provider.entity_id
    prefixed = idp.respond(connection.answer(audiences=((f"spn:{entity_id}",),)))
    assert refused(policy, connection, prefixed).code == "saml-audience"


def test_what_the_provider_left_out_is_unknown(connection, idp):
    """Overage: the link stands for groups that nobody listed."""
    policy = SamlPolicy(left_out={"urn:link": ("urn:groups",)})
    identity = complete(policy, connection, idp.respond(connection.answer(attributes=(("urn:link", ("x",)),))))
    assert identity.incomplete == {"urn:groups"}


@pytest.mark.parametrize(
    ("policy", "after_minutes", "counts"), [(True, 5, False), (True, 6, True), (True, 480, True), (False, 5, True)]
)
def test_a_session_that_ends_with_its_assertion_bounds_nothing(connection, idp, policy, after_minutes, counts):
    """PingOne writes five minutes; a later bound is one, and without the policy every bound is."""
    end = connection.now + timedelta(minutes=after_minutes)
    answer = connection.answer(
        not_on_or_after=format_time(connection.now + timedelta(minutes=5)), session_not_on_or_after=format_time(end)
    )
    identity = complete(SamlPolicy(session_ends_with_assertion=policy), connection, idp.respond(answer))
    assert identity.session_expires_at == (end if counts else None)


def test_a_vendor_may_find_fault_with_settings(idp):
    """Problems that only this vendor's settings can have are named like any other."""
    problem = FieldProblem("idp_entity_id", "shared", "No.")
    adapter = SamlAdapter(policy=SamlPolicy(check_settings=lambda settings: (problem,)))
    with pytest.raises(SettingsError) as refusal:
        adapter.validate({}, Connection.to(idp).now)
    assert refusal.value.problems == (problem,)
