"""Every signature of a response verified, and its assertion in clear."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from lxml import etree

from portico_saml.document import parse_message
from portico_saml.encryption import DECOY, decrypt, unseal
from portico_saml.keys import TrustedKey, own_keys
from portico_saml.reasons import Reason, Refusal, refuse
from portico_saml.sealed import read_sealed
from portico_saml.signature import verify_signature
from portico_saml.signature_form import SignatureForm
from portico_saml.structure import Layout, read_layout
from portico_saml.trace import Compared, Trace
from portico_sdk import AdapterContext


@dataclass(frozen=True, slots=True)
class Verified:
    """An assertion and the signatures that were verified.

    Args:
        decrypted: its tree, when it came encrypted.
        certificates: SHA-256 of those whose keys verified the signatures.
    """

    assertion: etree._Element
    decrypted: etree._Element | None
    response_signature: SignatureForm | None
    assertion_signature: SignatureForm | None
    certificates: tuple[str, ...]

    @property
    def signatures(self) -> tuple[etree._Element, ...]:
        """The Signature elements that were verified."""
        return tuple(form.element for form in (self.response_signature, self.assertion_signature) if form is not None)


def verify(context: AdapterContext, layout: Layout, keys: tuple[TrustedKey, ...], trace: Trace) -> Verified:
    """Return the assertion, after every signature that is there was verified and at least one covers it.

    The Response's signature comes first, so that a forged one decrypts nothing.

    Raises:
        Refusal: no assertion, no signature that covers it, one that fails, or nothing that decrypts to an assertion.
    """
    used: list[str] = []
    if layout.response_signature is not None:
        used.append(_verify_step("response-signature", layout.response_signature, keys, trace))
    inner = layout
    if layout.encrypted_assertion is not None:
        inner = trace.step("decryption", lambda: _decrypt(context, layout, keys))
    if inner.assertion is None:
        refuse(Reason.STRUCTURE, "the response holds no assertion", expected="1 assertion", received="0")
    if inner.assertion_signature is not None:
        used.append(_verify_step("assertion-signature", inner.assertion_signature, keys, trace))
    elif layout.response_signature is None:
        trace.step("assertion-signature", _refuse_unsigned)
    decrypted = None if inner is layout else inner.response
    certificates = tuple(dict.fromkeys(used))
    return Verified(inner.assertion, decrypted, layout.response_signature, inner.assertion_signature, certificates)


def _verify_step(name: str, form: SignatureForm, keys: tuple[TrustedKey, ...], trace: Trace) -> str:
    """Return the SHA-256 of the certificate whose key verified the signature."""
    used: list[str] = []

    def verify() -> Compared:
        used.append(verify_signature(form, keys).fingerprint)
        return Compared("a certificate of this connection", f"SHA-256 {used[0]}")

    trace.step(name, verify)
    return used[0]


def _refuse_unsigned() -> None:
    hint = "Let the provider sign the response or the assertion."
    refuse(Reason.UNSIGNED, "no signature covers the assertion", expected="a signature", received="nothing", hint=hint)


def _decrypt(context: AdapterContext, layout: Layout, keys: tuple[TrustedKey, ...]) -> Layout:
    """The layout of the response with its assertion in clear. Whatever goes wrong after the shape is one refusal."""
    encrypted = layout.encrypted_assertion
    assert encrypted is not None
    sealed = read_sealed(encrypted)
    private = own_keys(context)
    if not private:
        refuse(Reason.CONFIGURATION, "we have no key to decrypt with")
    plaintext = decrypt(sealed, private, context.random)
    with suppress(Refusal):
        inner = read_layout(parse_message(unseal(layout.response, encrypted, plaintext, context.random)))
        if inner.assertion is not None:
            return inner
    with suppress(Refusal):
        decoy = read_layout(parse_message(unseal(layout.response, encrypted, DECOY, context.random)))
        assert decoy.assertion_signature is not None
        verify_signature(decoy.assertion_signature, keys)
    return refuse(Reason.DECRYPTION, "none of our keys gives a usable assertion")
