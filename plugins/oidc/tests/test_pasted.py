"""A pasted token is read as a sign-in reads its claims, and is never anybody's identity."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from portico_oidc import OidcAdapter, OidcPolicy
from portico_sdk import PasteError

CLAIMS = {"sub": "1", "email": "ada@example.com", "groups": ["a", "b"], "address": {"locality": "Oslo"}, "nonce": "n"}
SAID = {"sub": ("1",), "email": ("ada@example.com",), "groups": ("a", "b"), "address.locality": ("Oslo",)}


def token(claims: Any, header: str = '{"alg":"none"}') -> str:
    parts = (header, json.dumps(claims), "signature")
    return ".".join(base64.urlsafe_b64encode(part.encode()).rstrip(b"=").decode() for part in parts)


@pytest.fixture
def adapter() -> OidcAdapter:
    return OidcAdapter()


def test_every_form_that_people_copy_says_the_same(adapter):
    """The token, in lines; its claims; a token response."""
    whole = token(CLAIMS)
    wrapped = f" {whole[:40]}\n{whole[40:]} "
    for text in (whole, wrapped, json.dumps(CLAIMS, indent=2), json.dumps({"access_token": "x", "id_token": whole})):
        assert adapter.read_pasted(text).unverified_attributes == SAID


def test_groups_that_the_provider_left_out_are_unknown(adapter):
    """Requirement 22: Entra's overage, and a list as long as the vendor cuts it."""
    overage = {"sub": "1", "_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {"endpoint": "x"}}}
    assert adapter.read_pasted(json.dumps(overage)).incomplete == {"groups"}
    cut = OidcAdapter(policy=OidcPolicy(may_be_cut={"groups": 2}))
    pasted = cut.read_pasted(token(CLAIMS))
    assert pasted.incomplete == {"groups"}
    assert "groups" not in pasted.unverified_attributes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (" ", "pasted-nothing"),
        ("<samlp:Response/>", "pasted-saml"),
        (base64.b64encode(b"<samlp:Response xmlns").decode(), "pasted-saml"),
        (base64.b64encode(b"<Response xmlns").decode(), "pasted-saml"),
        (base64.b64encode(b"<?xml version").decode(), "pasted-saml"),
        ("hello", "pasted-token"),
        ("a.b", "pasted-token"),
        ("a.é.c", "pasted-token"),
        (token([1]), "pasted-token"),
        ('{"a": NaN}', "pasted-token"),
        ('{"a": ', "pasted-token"),
        ('{"a":' * 5000, "pasted-token"),
        ("a.b.c.d.e", "pasted-encrypted"),
        ("a" * 70_000, "pasted-too-large"),
        (json.dumps({"a": ["x"] * 6000}), "pasted-too-large"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_cannot_be_read_is_named_and_not_repeated(adapter, text, code):
    with pytest.raises(PasteError) as refused:
        adapter.read_pasted(text)
    assert refused.value.code == code
