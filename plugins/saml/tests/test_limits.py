"""Rows S13 and S14: large, deep and numerous input is refused early."""

from __future__ import annotations

import base64
import time
import zlib

import pytest

from portico_saml.document import MAX_MESSAGE_BYTES
from portico_saml.names import DS, SAML
from portico_saml.testing import build_response, to_bytes
from portico_sdk import Callback, SignInRefused

HANG_S = 5  # tells a hang from an answer, nothing more


def _insert(connection, marker: bytes, filling: bytes) -> bytes:
    text = to_bytes(build_response(connection.answer()))
    assert marker in text
    return text.replace(marker, filling + marker, 1)


def _deep(connection) -> bytes:
    return _insert(connection, b"</samlp:Status>", b"<samlp:StatusDetail>" * 100_000)


def _deep_but_closed(connection) -> bytes:
    count = 200
    opening, closing = b"<samlp:StatusDetail>" * count, b"</samlp:StatusDetail>" * count
    return _insert(connection, b"</samlp:Status>", opening + closing)


def _attributes_of_one_element(connection) -> bytes:
    many = b" ".join(b'a%d=""' % number for number in range(50_000))
    return _insert(connection, b"</samlp:Status>", b"<samlp:StatusDetail " + many + b"/>")


def _saml_attributes(connection) -> bytes:
    return _insert(connection, b"</saml:AttributeStatement>", b'<saml:Attribute Name="a"/>' * 50_000)


def _audiences(connection) -> bytes:
    return _insert(connection, b"</saml:AudienceRestriction>", b"<saml:Audience>a</saml:Audience>" * 100_000)


def _few_bytes_many_audiences(connection) -> bytes:
    return _insert(connection, b"</saml:AudienceRestriction>", b"<saml:Audience/>" * 11_000)


def _signatures(connection) -> bytes:
    signature = f'<ds:Signature xmlns:ds="{DS}"/>'.encode()
    return _insert(connection, b"</samlp:Status>", signature * 2000)


def _references(connection) -> bytes:
    one = b"<ds:Reference/>" * 2000
    text = f'<ds:Signature xmlns:ds="{DS}"><ds:SignedInfo>'.encode() + one + b"</ds:SignedInfo></ds:Signature>"
    return _insert(connection, b"<saml:Subject>", text)


def _text(connection) -> bytes:
    return _insert(connection, b"</saml:NameID>", b"a" * 20_000_000)


def _namespaces(connection) -> bytes:
    return _insert(connection, b"</samlp:Status>", b"<a xmlns:" + b"xmlns:" * 150_000)


def _blanks(connection) -> bytes:
    return _insert(connection, b"</samlp:Status>", b"<a xmlns" + b" " * 900_000)


DOCUMENTS = [
    _deep,
    _deep_but_closed,
    _attributes_of_one_element,
    _saml_attributes,
    _audiences,
    _few_bytes_many_audiences,
    _signatures,
    _references,
    _text,
    _namespaces,
    _blanks,
]


@pytest.mark.parametrize("make", DOCUMENTS, ids=lambda make: make.__name__)
def test_s14_huge_documents_are_refused_soon(connection, refuse, make):
    """S14: 20 MB of text, depth 100 000, 50 000 attributes, 100 000 audiences, 2000 signatures and references."""
    document = make(connection)
    started = time.monotonic()
    assert refuse(connection, document).startswith("saml-")
    assert time.monotonic() - started < HANG_S


def test_a_response_with_thousands_of_groups_is_accepted(connection, idp, accept):
    """The limits leave room for the largest honest responses."""
    groups = tuple(f"CN=Group {number},OU=Groups,DC=example,DC=com" for number in range(5000))
    answer = connection.answer(attributes=(("groups", groups),))
    assert len(accept(connection, idp.respond(answer)).attributes["groups"]) == 5000


def test_s14_base64_of_any_length_is_refused_before_it_is_decoded(connection, refuse):
    """S14: also when it is mostly blanks."""
    assert refuse(connection, "A" * (2 * MAX_MESSAGE_BYTES + 4)) == "saml-size"
    assert refuse(connection, " " * (2 * MAX_MESSAGE_BYTES + 4)) == "saml-size"


def test_s13_nothing_is_inflated(connection, refuse):
    """S13: a deflate bomb posted as a response is 300 kB of something that is not XML."""
    compressor = zlib.compressobj(9, wbits=-15)
    bomb = compressor.compress(bytes(300_000_000 // 10)) + compressor.flush()
    assert refuse(connection, bomb) == "saml-document"


def test_s13_a_response_by_redirect_is_refused_unread(adapter, connection, idp):
    """S13: HTTP-Redirect is no binding for responses (SAML profiles 4.1.4.3), so nothing inflates there either."""
    value = base64.b64encode(zlib.compress(idp.respond(connection.answer()))[2:-4]).decode()
    parameters = (("SAMLResponse", value),)
    callback = Callback("GET", connection.service_provider.acs_url, "", parameters, {"request_id": "_request"})
    with pytest.raises(SignInRefused) as refused:
        adapter.complete(connection.context(adapter), callback)
    assert refused.value.code == "saml-binding"


@pytest.mark.parametrize("name", ["SAMLResponse", "RelayState"])
def test_p7_repeated_parameters_are_refused(adapter, connection, idp, name):
    """P7: parameter pollution; which of two values counts must never depend on who reads."""
    from dataclasses import replace

    callback = connection.callback(idp.respond(connection.answer()))
    repeated = replace(callback, unverified_params=(*callback.unverified_params, (name, "x")))
    with pytest.raises(SignInRefused) as refused:
        adapter.complete(connection.context(adapter), repeated)
    assert refused.value.code == "parameter-repeated"


def test_an_artifact_is_not_resolved(adapter, connection):
    """HTTP-Artifact is not offered: a SAMLart parameter is no response."""
    parameters = (("SAMLart", "AAQAA"),)
    callback = Callback("POST", connection.service_provider.acs_url, "", parameters, {"request_id": "_request"})
    with pytest.raises(SignInRefused) as refused:
        adapter.complete(connection.context(adapter), callback)
    assert refused.value.code == "saml-binding"


def test_a_forest_of_ids_is_compared_in_linear_time(connection, refuse):
    """IDs are compared by a set, not pairwise."""
    many = b"".join(b'<saml:Attribute Name="a" ID="_%d"/>' % number for number in range(9000))
    started = time.monotonic()
    document = _insert(connection, b"</saml:AttributeStatement>", many)
    assert refuse(connection, document) == "saml-unsigned"
    assert time.monotonic() - started < HANG_S
    assert SAML
