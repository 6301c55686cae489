"""Single logout, over the very bytes that are sent."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree

SLO = "https://sp.example/slo"


@pytest.fixture
def key(make_key: Any, clock: Any) -> Any:
    """Our own key."""
    return make_key("sp", clock(), 10)


@pytest.fixture
def party(saml_party: Callable[..., Any], key: Any) -> Callable[[str], Any]:
    """Return a function that registers us with a logout address and signs Tessa in."""

    def make(vendor: str) -> Any:
        made = saml_party(
            vendor,
            application={"slo_url": SLO, "certificate": key.certificate_pem, "require_signed_requests": False},
        )
        made.name_id = made.response().find(".//saml:NameID", made.ns)
        return made

    return make


def logout_query(party: Any, key: Any, name_id: str, name_format: str | None, *, signed: bool = True) -> str:
    written = f' Format="{name_format}"' if name_format else ""
    document = (
        f'<samlp:LogoutRequest xmlns:samlp="{party.ns["samlp"]}" xmlns:saml="{party.ns["saml"]}" ID="_out" '
        f'Version="2.0" IssueInstant="2026-11-23T14:02:09Z"><saml:Issuer>https://sp.example/metadata</saml:Issuer>'
        f"<saml:NameID{written}>{name_id}</saml:NameID></samlp:LogoutRequest>"
    ).encode()
    packer = zlib.compressobj(wbits=-15)
    encoded = base64.b64encode(packer.compress(document) + packer.flush()).decode()
    query = urlencode({"SAMLRequest": encoded, "RelayState": "r"})
    if not signed:
        return query
    query += "&" + urlencode({"SigAlg": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"})
    signature = key.private.sign(query.encode(), padding.PKCS1v15(), hashes.SHA256())
    return query + "&" + urlencode({"Signature": base64.b64encode(signature).decode()})


def verify(party: Any, raw_query: str) -> None:
    """Verify the signature over the raw query; raises InvalidSignature."""
    signed, _, rest = raw_query.partition("&Signature=")
    signature = base64.b64decode(parse_qs("s=" + rest)["s"][0])
    public = party.idp.keyring.signing.private.public_key()
    public.verify(signature, signed.encode(), padding.PKCS1v15(), hashes.SHA256())


def status(location: str) -> str:
    packed = parse_qs(urlsplit(location).query)["SAMLResponse"][0]
    root = etree.fromstring(zlib.decompress(base64.b64decode(packed), -15))
    return root.find(".//{*}StatusCode").get("Value").rpartition(":")[2]


@pytest.mark.parametrize("vendor", ["adfs-saml", "entra-saml"])
def test_microsoft_signs_over_lower_case_escapes(party: Callable[[str], Any], key: Any, vendor: str) -> None:
    """Section 0.3: re-encoding in upper case breaks the signature; the raw query verifies."""
    made = party(vendor)
    query = logout_query(made, key, made.name_id.text, made.name_id.get("Format"))
    answer = made.client.get(f"{made.path(made.idp.profile.slo_path)}?{query}")
    location = answer.headers["Location"]
    assert location.startswith(f"{SLO}?SAMLResponse=")
    assert status(location) == "Success"
    raw_query = urlsplit(location).query
    escapes = re.findall(r"%[0-9A-Fa-f]{2}", raw_query)
    assert escapes
    assert all(escape == escape.lower() for escape in escapes)
    verify(made, raw_query)
    upper = re.sub(r"%[0-9a-f]{2}", lambda found: found[0].upper(), raw_query)
    with pytest.raises(InvalidSignature):
        verify(made, upper)


def test_others_sign_over_upper_case_escapes(party: Callable[[str], Any], key: Any) -> None:
    """As everybody else does."""
    made = party("generic-saml")
    query = logout_query(made, key, made.name_id.text, made.name_id.get("Format"))
    raw_query = urlsplit(made.client.get(f"{made.path('/saml/slo')}?{query}").headers["Location"]).query
    assert all(escape == escape.upper() for escape in re.findall(r"%[0-9A-Fa-f]{2}", raw_query))
    verify(made, raw_query)


def test_the_session_is_over_after_logout(party: Callable[[str], Any], key: Any) -> None:
    """The next request asks the person again."""
    made = party("generic-saml")
    assert made.ask().status_code == 200
    query = logout_query(made, key, made.name_id.text, made.name_id.get("Format"))
    made.client.get(f"{made.path('/saml/slo')}?{query}")
    assert made.ask().status_code == 303


@pytest.mark.parametrize(
    ("name", "name_format", "signed"), [("other", None, True), (None, "urn:other", True), (None, None, False)]
)
def test_adfs_answers_requester_unless_everything_fits(
    party: Callable[[str], Any], key: Any, name: str | None, name_format: str | None, signed: bool
) -> None:
    """Section 3: another NameID, another Format, no signature; and the session stays."""
    made = party("adfs-saml")
    query = logout_query(made, key, name or made.name_id.text, name_format or made.name_id.get("Format"), signed=signed)
    answer = made.client.get(f"{made.path('/adfs/ls/')}?{query}")
    assert status(answer.headers["Location"]) == "Requester"
    assert made.ask().status_code == 200


def test_signing_out_at_the_provider_tells_the_application(party: Callable[[str], Any]) -> None:
    """A LogoutRequest with NameID and SessionIndex, signed; the answer ends on a page."""
    made = party("adfs-saml")
    location = made.client.get("/idp/sign-out").headers["Location"]
    assert location.startswith(f"{SLO}?SAMLRequest=")
    raw_query = urlsplit(location).query
    verify(made, raw_query)
    packed = parse_qs(raw_query)["SAMLRequest"][0]
    root = etree.fromstring(zlib.decompress(base64.b64decode(packed), -15))
    assert root.findtext("saml:NameID", None, made.ns) == made.name_id.text
    assert root.findtext("samlp:SessionIndex", None, made.ns)
    assert "Signed out" in made.client.get(f"{made.path('/adfs/ls/')}?SAMLResponse=x").text
    assert made.client.get("/idp/sign-out").status_code == 200


def test_an_application_without_a_logout_address_is_told_nothing(saml_party: Callable[..., Any], key: Any) -> None:
    """Its request is answered on a page, and signing out stays at the provider."""
    made = saml_party("adfs-saml")
    name_id = made.response().find(".//saml:NameID", made.ns)
    query = logout_query(made, key, name_id.text, name_id.get("Format"))
    assert made.client.get(f"{made.path('/adfs/ls/')}?{query}").status_code == 404
    assert made.client.get("/idp/sign-out").status_code == 200


def test_a_vendor_without_logout_does_not_read_logout_requests(saml_party: Callable[..., Any], key: Any) -> None:
    """Google has none."""
    made = saml_party("google-saml")
    path = made.path(made.idp.profile.sso_path)
    assert made.client.get(f"{path}&{logout_query(made, key, 'x', None)}").status_code == 400
