"""Verification of a signature, on the very element whose content is used afterwards."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from contextlib import suppress

import xmlsec
from xmlsec import constants

from portico_saml.keys import TrustedKey
from portico_saml.reasons import Reason, refuse
from portico_saml.signature_form import SignatureForm

_TRANSFORMS = {
    transform.href: transform
    for transform in (
        constants.TransformEnveloped,
        constants.TransformExclC14N,
        constants.TransformExclC14NWithComments,
        constants.TransformInclC14N,
        constants.TransformInclC14NWithComments,
        constants.TransformSha256,
        constants.TransformSha384,
        constants.TransformSha512,
        constants.TransformRsaSha256,
        constants.TransformRsaSha384,
        constants.TransformRsaSha512,
        constants.TransformEcdsaSha256,
        constants.TransformEcdsaSha384,
        constants.TransformEcdsaSha512,
    )
}
_switch = threading.Lock()


def switch_off_input() -> None:
    """Take from xmlsec every way to read a file, a device or a URL, for the whole process. Idempotent.

    The shape of a Reference already rules these out (`signature_form.py`); this is the second lock on the same door.
    """
    with _switch:
        xmlsec.cleanup_callbacks()


def verify_signature(form: SignatureForm, keys: Iterable[TrustedKey]) -> TrustedKey:
    """Return the trusted key whose owner signed exactly the element `form.signed`.

    Only the given keys count; KeyInfo is never read. Within xmlsec only the algorithms that were checked exist and
    the only ID that resolves is that of `form.signed`.

    Raises:
        Refusal: no key verifies it.
    Spec: XMLDSig 3.2; SAML core 5.4.
    """
    known = tuple(keys)
    for trusted in known:
        context = xmlsec.SignatureContext()
        context.enable_reference_transform(constants.TransformInclC14N)  # implied where a Reference names none
        for name in form.reference_algorithms:
            context.enable_reference_transform(_TRANSFORMS[name])
        for name in form.info_algorithms:
            context.enable_signature_transform(_TRANSFORMS[name])
        context.key = trusted.key
        context.register_id(form.signed, "ID")
        with suppress(xmlsec.Error):
            context.verify(form.element)
            return trusted
    return refuse(
        Reason.SIGNATURE,
        "the signature fits no certificate of this connection",
        expected=f"a signature by one of {len(known)} certificates",
        received=form.method,
        hint="The provider may have renewed its certificate: read its metadata again.",
    )
