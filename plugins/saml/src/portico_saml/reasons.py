"""Why a SAML sign-in is refused: the closed list of codes, and the one way to say no.

The person sees one constant sentence whatever the code; codes, expected and received values go to the trace.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NoReturn

from portico_sdk import ProviderRefused, SignInRefused


class Reason(StrEnum):
    """Code of a refusal, on which documentation hangs, with its meaning in one sentence."""

    meaning: str

    def __new__(cls, code: str, meaning: str) -> Reason:
        """Return the code, a str, with its meaning."""
        reason = str.__new__(cls, code)
        reason._value_ = code
        reason.meaning = meaning
        return reason

    BINDING = "saml-binding", "No SAMLResponse, or not by POST."
    ENCODING = "saml-encoding", "Not strict base64."
    SIZE = "saml-size", "Larger, deeper or more numerous than any honest response."
    DOCUMENT = "saml-document", "Not well-formed UTF-8 XML, or with a comment, CDATA or processing instruction."
    DOCTYPE = "saml-doctype", "A document type declaration."
    STRUCTURE = "saml-structure", "An element where SAML has none, or twice."
    IDENTIFIER = "saml-identifier", "An ID that repeats or is not a name."
    STATUS = "saml-status", "The provider answered with an error."
    VERSION = "saml-version", "Not SAML 2.0."
    ISSUER = "issuer-mismatch", "Not the entity ID of this connection."
    DESTINATION = "saml-destination", "Addressed to another URL."
    UNSIGNED = "saml-unsigned", "No signature covers the assertion."
    SIGNATURE_FORM = "saml-signature-form", "A Signature of another shape than SAML core 5.4 allows."
    ALGORITHM = "saml-algorithm", "An algorithm that is not on the list."
    SIGNATURE = "saml-signature", "Does not verify with any certificate of this connection."
    SIGNATURE_POLICY = "saml-signature-policy", "Signed elsewhere than this connection demands."
    NOT_ENCRYPTED = "saml-not-encrypted", "This connection demands encryption."
    ENCRYPTION_FORM = "saml-encryption-form", "Encrypted in a shape or by an algorithm that is not on the list."
    DECRYPTION = "saml-decryption", "None of our keys gives a usable assertion; deliberately says no more."
    SUBJECT_CONFIRMATION = "saml-subject-confirmation", "No bearer confirmation."
    RECIPIENT = "saml-recipient", "Confirmed for another URL."
    IN_RESPONSE_TO = "saml-in-response-to", "Answers another request, or none."
    UNSOLICITED = "saml-unsolicited", "Nobody asked, and this connection does not allow it."
    CONDITIONS = "saml-conditions", "None, several, or one that we do not know."
    AUDIENCE = "saml-audience", "Made out for somebody else, or for anybody."
    TIME_FORMAT = "saml-time-format", "A time that is missing or not UTC."
    TIME_WINDOW = "time-window", "Expired, or not yet valid."
    LIFETIME = "saml-lifetime", "Valid for longer than a day."
    AUTHN_STATEMENT = "saml-authn-statement", "Does not say when and how the person signed in."
    STALE = "saml-stale-authentication", "The request demanded a new authentication and an older one came."
    SUBJECT = "saml-subject", "No usable NameID."
    SUBJECT_ATTRIBUTE = (
        "saml-subject-attribute",
        "The attributes that identify a person here did not come, or not alone.",
    )
    SCOPE = "saml-scope", "What identifies the person has a scope that the provider may not speak for."
    TRANSIENT_SUBJECT = "saml-transient-subject", "A NameID that changes at every sign-in."
    ATTRIBUTES = "saml-attributes", "Attributes that we cannot read."
    LIBRARY = "saml-library", "The library, python3-saml, refused what passed our own checks."
    CONFIGURATION = "saml-configuration", "Our own side cannot do what this connection asks."
    UNEXPECTED = "saml-unexpected", "An error nobody foresaw, which is a refusal."


class Refusal(SignInRefused):
    """A refusal that also knows what was expected and what came, for the trace."""

    def __init__(self, reason: Reason, detail: str, *, expected: str = "", received: str = "", hint: str = "") -> None:
        super().__init__(reason.value, detail, hint=hint)
        self.expected = expected
        self.received = received


class StatusRefusal(Refusal, ProviderRefused):
    """The provider's own error, in its words."""


def refuse(reason: Reason, detail: str, *, expected: str = "", received: str = "", hint: str = "") -> NoReturn:
    """Raise the refusal; never returns."""
    raise Refusal(reason, detail, expected=expected, received=received, hint=hint)
