"""Why a SAML sign-in is refused: the closed list of codes, and the one way to say no.

The person sees one constant sentence whatever the code; codes, expected and received values go to the trace.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NoReturn

from portico_sdk import ProviderRefused, SignInRefused


class Reason(StrEnum):
    """Code of a refusal; documentation and translations hang on the value."""

    BINDING = "saml-binding"  # no SAMLResponse, or not by POST
    ENCODING = "saml-encoding"  # not strict base64
    SIZE = "saml-size"  # larger, deeper or more numerous than any honest response
    DOCUMENT = "saml-document"  # not well-formed UTF-8 XML, or with a comment, CDATA or processing instruction
    DOCTYPE = "saml-doctype"  # a document type declaration
    STRUCTURE = "saml-structure"  # an element where SAML has none, or twice
    IDENTIFIER = "saml-identifier"  # an ID that repeats or is not a name
    STATUS = "saml-status"  # the provider answered with an error
    VERSION = "saml-version"  # not SAML 2.0
    ISSUER = "issuer-mismatch"  # not the entity ID of this connection
    DESTINATION = "saml-destination"  # addressed to another URL
    UNSIGNED = "saml-unsigned"  # no signature covers the assertion
    SIGNATURE_FORM = "saml-signature-form"  # a Signature of another shape than SAML core 5.4 allows
    ALGORITHM = "saml-algorithm"  # an algorithm that is not on the list
    SIGNATURE = "saml-signature"  # does not verify with any certificate of this connection
    SIGNATURE_POLICY = "saml-signature-policy"  # signed elsewhere than this connection demands
    NOT_ENCRYPTED = "saml-not-encrypted"  # this connection demands encryption
    ENCRYPTION_FORM = "saml-encryption-form"  # encrypted in a shape or by an algorithm that is not on the list
    DECRYPTION = "saml-decryption"  # none of our keys gives a usable assertion; deliberately says no more
    SUBJECT_CONFIRMATION = "saml-subject-confirmation"  # no bearer confirmation
    RECIPIENT = "saml-recipient"  # confirmed for another URL
    IN_RESPONSE_TO = "saml-in-response-to"  # answers another request, or none
    UNSOLICITED = "saml-unsolicited"  # nobody asked, and this connection does not allow it
    CONDITIONS = "saml-conditions"  # none, several, or one that we do not know
    AUDIENCE = "saml-audience"  # made out for somebody else, or for anybody
    TIME_FORMAT = "saml-time-format"  # a time that is missing or not UTC
    TIME_WINDOW = "time-window"  # expired, or not yet valid
    LIFETIME = "saml-lifetime"  # valid for longer than a day
    AUTHN_STATEMENT = "saml-authn-statement"  # does not say when and how the person signed in
    SUBJECT = "saml-subject"  # no usable NameID
    TRANSIENT_SUBJECT = "saml-transient-subject"  # a NameID that changes at every sign-in
    ATTRIBUTES = "saml-attributes"  # attributes that we cannot read
    LIBRARY = "saml-library"  # python3-saml refused what passed our own checks
    CONFIGURATION = "saml-configuration"  # our own side cannot do what this connection asks
    UNEXPECTED = "saml-unexpected"  # an error nobody foresaw, which is a refusal


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
