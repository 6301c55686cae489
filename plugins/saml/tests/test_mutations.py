"""However a signed response is damaged, it gives the signed identity or a refusal, and no other exception."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from portico_saml import SamlAdapter
from portico_saml.testing import Connection, IdentityProvider, to_bytes
from portico_sdk import KeyPair, SignInRefused

SNIPPETS = [
    b"",
    b" ",
    b"<!---->",
    b"<?x?>",
    b"&#0;",
    b"&amp;",
    b"&x;",
    b"\x00",
    b"\xff",
    b"<saml:NameID>root</saml:NameID>",
    b"<saml:Assertion/>",
    b"</saml:Assertion>",
    b"<ds:Signature/>",
    b' ID="_assertion"',
    b' xmlns:saml="urn:x"',
    b' xmlns="urn:oasis:names:tc:SAML:2.0:assertion"',
    b"]]>",
    b"root@example.com",
]


@pytest.fixture(scope="module")
def kept(idp: IdentityProvider, own_key: KeyPair) -> dict[str, Any]:
    """One connection and one response for each way of signing."""
    connection = Connection.to(idp, keys=(own_key,))
    ways = {signed: idp.respond(connection.answer(), signed=signed) for signed in ("assertion", "response", "both")}
    ways["encrypted"] = idp.respond(connection.answer(), signed="assertion", encrypt_to=own_key.certificate_pem)
    return {"connection": connection, "responses": ways}


def _check(adapter: SamlAdapter, kept: dict[str, Any], way: str, document: bytes) -> None:
    connection: Connection = kept["connection"]
    honest = adapter.complete(connection.context(adapter), connection.callback(kept["responses"][way]))
    try:
        identity = adapter.complete(connection.context(adapter), connection.callback(document))
    except SignInRefused as refused:
        code = refused.code
    else:
        code = "accepted"
        assert identity == honest
    assert code != "saml-unexpected"


quick = settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
WAYS = st.sampled_from(["assertion", "response", "both", "encrypted"])


@quick
@given(way=WAYS, position=st.floats(0, 1), length=st.integers(0, 60), snippet=st.sampled_from(SNIPPETS))
def test_bytes_replaced_anywhere(adapter, kept, way, position, length, snippet):
    """Random bytes cut out, hostile snippets put in."""
    document = kept["responses"][way]
    start = int(position * len(document))
    _check(adapter, kept, way, document[:start] + snippet + document[start + length :])


@quick
@given(way=WAYS, position=st.floats(0, 1), bit=st.integers(0, 7))
def test_bits_flipped_anywhere(adapter, kept, way, position, bit):
    """One flipped bit."""
    document = bytearray(kept["responses"][way])
    document[int(position * (len(document) - 1))] ^= 1 << bit
    _check(adapter, kept, way, bytes(document))


@quick
@given(way=WAYS, source=st.floats(0, 1), target=st.floats(0, 1), how=st.sampled_from(["copy", "move", "drop", "retag"]))
def test_elements_moved_anywhere(adapter, kept, way, source, target, how):
    """An element copied or moved below any other, dropped, or renamed."""
    root = etree.fromstring(kept["responses"][way])
    elements = list(root.iter())
    element = elements[int(source * (len(elements) - 1))]
    place = elements[int(target * (len(elements) - 1))]
    if how == "drop" and element is not root:
        element.getparent().remove(element)
    elif how == "retag":
        element.tag = place.tag
    elif how == "move" and element not in list(place.iterancestors()) and element is not place:
        place.append(element)
    else:
        place.append(etree.fromstring(etree.tostring(element, with_tail=False)))
    _check(adapter, kept, way, to_bytes(root))


@quick
@given(
    way=WAYS, position=st.floats(0, 1), value=st.sampled_from(["", "x", "_assertion", "2.0", "root@example.com", "#"])
)
def test_attributes_and_texts_changed_anywhere(adapter, kept, way, position, value):
    """An attribute or a text with another value."""
    root = etree.fromstring(kept["responses"][way])
    places = [(element, name) for element in root.iter() for name in (*element.keys(), None)]
    element, name = places[int(position * (len(places) - 1))]
    if name is None:
        element.text = value
    else:
        element.set(name, value)
    _check(adapter, kept, way, to_bytes(root))


@quick
@given(document=st.binary(max_size=200))
def test_any_bytes_at_all(adapter, kept, document):
    """Noise."""
    _check(adapter, kept, "assertion", document)
