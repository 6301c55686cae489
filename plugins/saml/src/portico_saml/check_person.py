"""Checks of the person: named once, by a name that lasts, with attributes that can be read."""

from __future__ import annotations

from portico_saml.document import text_of
from portico_saml.evidence import Evidence, saml
from portico_saml.identity import read_attributes
from portico_saml.names import TRANSIENT
from portico_saml.reasons import Reason, refuse
from portico_saml.subject import find_source, refuse_without
from portico_saml.trace import Compared
from portico_saml.vendor_policy import NAME_ID, SubjectSource


def check_subject(evidence: Evidence) -> Compared:
    """One person is named, by a name that stays the same, where the NameID is what identifies a person here."""
    if saml(evidence.assertion, "Subject", "EncryptedID"):
        refuse(Reason.SUBJECT, "an encrypted NameID", hint="Encrypt the whole assertion instead.")
    names = saml(evidence.assertion, "Subject", "NameID")
    source = _source(evidence)
    if source is not NAME_ID and not names:
        return Compared(source.name, "no NameID")
    if len(names) != 1 or not 1 <= len(text_of(names[0])) <= 1024 or not text_of(names[0]).strip():
        hint = "Let the provider send a NameID."
        refuse(Reason.SUBJECT, "no usable NameID", expected="one NameID", received=str(len(names)), hint=hint)
    if source is NAME_ID and names[0].get("Format") == TRANSIENT:
        hint = "Choose persistent or another lasting format at the provider."
        refuse(Reason.TRANSIENT_SUBJECT, "the NameID changes at every sign-in", received=TRANSIENT, hint=hint)
    qualifier = names[0].get("SPNameQualifier")
    if qualifier is not None and qualifier not in evidence.policy.audiences:
        expected = " or ".join(evidence.policy.audiences)
        refuse(Reason.SUBJECT, "a NameID for somebody else", expected=expected, received=qualifier)
    return Compared(source.name, names[0].get("Format", "no format"))


def _source(evidence: Evidence) -> SubjectSource:
    sources, attributes = evidence.policy.subject_sources, read_attributes(evidence.assertion)
    found = find_source(sources, attributes)
    if found is None and NAME_ID not in sources:
        refuse_without(sources, attributes)
    return found or NAME_ID


def check_attributes(evidence: Evidence) -> Compared:
    """No attribute is encrypted by itself: what we cannot read we do not pass over."""
    if saml(evidence.assertion, "AttributeStatement", "EncryptedAttribute"):
        refuse(Reason.ATTRIBUTES, "an encrypted attribute", hint="Encrypt the whole assertion instead.")
    return Compared()
