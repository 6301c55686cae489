"""From accepted evidence to the identity that leaves the adapter."""

from __future__ import annotations

from datetime import datetime

from lxml import etree

from portico_saml.check_validity import valid_until
from portico_saml.document import text_of
from portico_saml.evidence import Evidence, saml
from portico_saml.names import SAML
from portico_saml.scope import check_scope, keep_in_scope
from portico_saml.subject import find_source, read_subject, refuse_without
from portico_saml.times import parse_time
from portico_sdk import ExternalIdentity

_NAME_ID = f"{{{SAML}}}NameID"


def read_identity(evidence: Evidence) -> ExternalIdentity:
    """Return the identity in the verified assertion.

    Does not check anything that `profile.CHECKS` checks; those ran before.

    Raises:
        Refusal: the attribute that identifies a person here is missing, has several values, or another's scope.
    """
    policy = evidence.policy
    sent = read_attributes(evidence.assertion)
    source = find_source(policy.subject_sources, sent)
    if source is None:
        refuse_without(policy.subject_sources, sent)
    attributes = keep_in_scope(sent, policy)
    check_scope(source, sent, attributes, policy)
    statement = saml(evidence.assertion, "AuthnStatement")[0]
    context = saml(statement, "AuthnContext", "AuthnContextClassRef")
    return ExternalIdentity(
        subject=read_subject(source, attributes),
        subject_source=source.name,
        issuer=policy.idp_entity_id,
        attributes=attributes,
        replay_id=f"{policy.idp_entity_id} {evidence.assertion.get('ID')}",
        replay_until=valid_until(evidence) + policy.skew,
        authenticated_at=parse_time(statement.get("AuthnInstant"), "AuthnInstant"),
        acr=(text_of(context[0]) or None) if context else None,
        session_expires_at=_session_end(evidence, statement),
        session_index=statement.get("SessionIndex") or None,
        logout_name=attributes["NameID"][0] if attributes.get("NameID") else None,
        logout_state=_logout_state(evidence.assertion, statement),
        email_verified=policy.email_verified(policy.idp_entity_id, attributes),
        incomplete=frozenset(name for link, names in policy.left_out.items() if link in attributes for name in names),
        verified_by=evidence.certificates,
    )


def read_attributes(assertion: etree._Element) -> dict[str, tuple[str, ...]]:
    """Return every attribute by its Name, repeats merged in order, blank values left out.

    A FriendlyName that is nobody's Name is a second key for the same values. The NameID is there as `NameID`. A value
    that is a nested NameID (eduPersonTargetedID) counts with its text; a value of other elements is left out.
    """
    named: dict[str, list[str]] = {}
    friendly: dict[str, list[str]] = {}
    for attribute in saml(assertion, "AttributeStatement", "Attribute"):
        values = [value for part in saml(attribute, "AttributeValue") for value in _values(part)]
        named.setdefault(attribute.get("Name", ""), []).extend(values)
        if alias := attribute.get("FriendlyName"):
            friendly.setdefault(alias, []).extend(values)
    for alias, values in friendly.items():
        named.setdefault(alias, values)
    # the name belongs to the subject, whatever an attribute calls itself
    named["NameID"] = [text_of(name_id) for name_id in saml(assertion, "Subject", "NameID")]
    return {name: tuple(values) for name, values in named.items() if name and (values or name != "NameID")}


def _logout_state(assertion: etree._Element, statement: etree._Element) -> dict[str, str]:
    """What a LogoutRequest repeats byte for byte (SAML core 3.7.1, 8.3)."""
    name_id = saml(assertion, "Subject", "NameID")[0]
    said = {
        "name_id": text_of(name_id),
        "format": name_id.get("Format"),
        "name_qualifier": name_id.get("NameQualifier"),
        "sp_name_qualifier": name_id.get("SPNameQualifier"),
        "session_index": statement.get("SessionIndex"),
    }
    return {name: value for name, value in said.items() if value}


def _values(part: etree._Element) -> list[str]:
    if len(part) == 1 and part[0].tag == _NAME_ID:
        value = text_of(part[0])
    elif len(part):
        return []
    else:
        value = part.text or ""
    return [value] if value.strip() else []


def _session_end(evidence: Evidence, statement: etree._Element) -> datetime | None:
    """The provider's bound on the session, where it is one (core 2.7.2)."""
    value = statement.get("SessionNotOnOrAfter")
    if value is None:
        return None
    end = parse_time(value, "SessionNotOnOrAfter")
    conditions = saml(evidence.assertion, "Conditions")[0]
    ends_with_assertion = end <= parse_time(conditions.get("NotOnOrAfter"), "NotOnOrAfter")
    return None if ends_with_assertion and evidence.policy.session_ends_with_assertion else end
