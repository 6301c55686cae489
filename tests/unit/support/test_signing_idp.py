"""The fast identity provider of the load tests signs what an XML library verifies."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import xmlsec
from lxml import etree

from tests.support.certificates import make_certified
from tests.support.signing_idp import NS_ASSERTION, NS_SIGNATURE, AuthnRequest, SigningIdp, Subject

KEY = make_certified("idp")
REQUEST = AuthnRequest("_1", "https://sp.example/?a=1&b=2", "https://sp.example/acs?x=<1>&y", "h")
SUBJECT = Subject('o\'neil "q"@customer.example', {"email": ["a@b", "<&>\r"], "none": []})


@pytest.mark.parametrize("signed", ["assertion", "response", "both"])
def test_every_signature_verifies(signed: str) -> None:
    """Assertion, Response or both carry a signature that xmlsec verifies against the certificate."""
    xml = SigningIdp(KEY.key_pem, KEY.certificate_pem, signed).respond(  # type: ignore[arg-type]
        REQUEST, "https://idp.example/?a=1&b=2", SUBJECT, datetime.now(UTC)
    )
    root = etree.fromstring(xml.encode())
    xmlsec.tree.add_ids(root, ["ID"])
    signatures = root.findall(f".//{{{NS_SIGNATURE}}}Signature")
    for signature in signatures:
        context = xmlsec.SignatureContext()
        context.key = xmlsec.Key.from_memory(KEY.certificate_pem, xmlsec.constants.KeyDataFormatCertPem)
        context.verify(signature)
    assert len(signatures) == (2 if signed == "both" else 1)
    assert root.findtext(f".//{{{NS_ASSERTION}}}NameID") == SUBJECT.name_id
