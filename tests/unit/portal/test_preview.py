"""Requirements 11 and 12: a provider's details are seen before they are stored, in whichever way they come."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from app.management.metadata import EntityOut
from app.portal.preview import preview_entity, preview_settings
from app.portal.showing import fingerprint
from tests.support.certificates import make_certified
from tests.support.clock import SettableClock
from tests.support.databases import Databases
from tests.support.visitor import Visitor
from tests.support.whole_app import whole_app

MD = "urn:oasis:names:tc:SAML:2.0:metadata"
SAML = "urn:oasis:names:tc:SAML:2.0"
ENTITY, SSO = "https://idp.halden.example/metadata", "https://idp.halden.example/sso"
GOOGLE = "https://accounts.google.com/o/saml2"
#: How each provider writes its own values.
VALUES = {"google-saml": (f"{GOOGLE}?idpid=C01abcdef", f"{GOOGLE}/idp?idpid=C01abcdef")}


@pytest.fixture(scope="module")
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture(scope="module")
def app(databases: Databases, clock: SettableClock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One for the module: every test has an organization of its own."""
    folder = tmp_path_factory.mktemp("app")
    with databases.database("sqlite") as url, whole_app(url, clock, folder) as made:
        yield made


@pytest.fixture
def visitor(app: Flask, clock: SettableClock) -> Visitor:
    made = Visitor(app, clock)
    made.enter()
    return made


def fields(text: str) -> dict[str, str]:
    """What the form of a page would send, but for its buttons and its token."""
    hidden = re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">', text)
    return {name: html.unescape(value) for name, value in hidden if name not in ("csrf_token", "back")}


def stored(visitor: Visitor, root: str) -> dict[str, Any]:
    settings = visitor.api.ok("GET", f"/connections/{root.removeprefix('/setup/')}")["settings"]
    return {name: settings[name] for name in ("idp_entity_id", "sso_url", "certificates") if settings[name]}


def document(certificate: str, entity: str = ENTITY, **attributes: str) -> bytes:
    inner = "".join(certificate.splitlines()[1:-1])
    said = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f"""<EntityDescriptor xmlns="{MD}" entityID="{entity}"><IDPSSODescriptor{said}
 protocolSupportEnumeration="{SAML}:protocol"><KeyDescriptor use="signing"><KeyInfo
 xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>{inner}</X509Certificate></X509Data></KeyInfo>
 </KeyDescriptor><SingleSignOnService Binding="{SAML}:bindings:HTTP-Redirect" Location="{SSO}"/></IDPSSODescriptor>
 </EntityDescriptor>""".encode()


def by_hand(visitor: Visitor, adapter: str) -> tuple[str, str]:
    """Choose the provider; returns the root of its pages and the one on which details are typed in."""
    root = visitor.choose(adapter)
    steps = re.findall(rf'href="({root}/step-[a-z-]+)"', visitor.get(f"{root}/tasks"))
    return root, next(path for path in steps if 'id="idp_entity_id"' in visitor.get(path))


def test_11_what_is_typed_in_is_shown_before_it_is_stored(app: Flask, visitor: Visitor) -> None:
    """Requirements 11 and 12, at every provider with SAML: preview, Change with everything kept, then stored."""
    specs = [one.spec for one in app.extensions["portico"].registry.specs() if one.spec.protocol == "saml"]
    assert len(specs) > 5
    made = make_certified("idp.halden.example", days=400)
    for spec in specs:
        root, page = by_hand(visitor, spec.key)
        entity, sso = VALUES.get(spec.key, (ENTITY, SSO))
        typed = {"idp_entity_id": entity, "sso_url": sso, "certificates": made.certificate_pem}
        shown = visitor.post(page, page, 200, **typed).text
        assert "Compare before you save" in shown, (spec.key, re.findall('<a href="#[^<]+<', shown))
        for said in (entity, sso, "HTTP-", "Your provider does not ask for them", "CN=idp.halden.example"):
            assert said in html.unescape(shown), (spec.key, said)
        assert re.search(r"\b\d+ days", shown), spec.key
        assert stored(visitor, root) == {}
        sent = fields(shown)
        back = visitor.post(page, page, 200, **sent, do="change").text
        assert f'value="{html.escape(entity)}"' in back or html.escape(entity) in back, spec.key
        assert made.certificate_pem.splitlines()[3] in back, spec.key
        assert stored(visitor, root) == {}
        visitor.post(page, page, **sent, do="save")
        found = stored(visitor, root)
        assert (found["idp_entity_id"], found["sso_url"]) == (entity, sso), spec.key
        assert fingerprint(found["certificates"][0]["sha256"]) in re.sub("<wbr>", "", shown), spec.key
        visitor.post(page, page, idp_entity_id=entity, sso_url=sso)  # nothing is new: nothing to look at


def test_12_only_what_was_seen_is_stored(visitor: Visitor) -> None:
    """Requirement 12: Save without a preview, or with one of other values, shows these first."""
    root, page = by_hand(visitor, "saml")
    pem = make_certified("idp.halden.example").certificate_pem
    typed = {"idp_entity_id": ENTITY, "sso_url": SSO, "certificates": pem}
    seen = fields(visitor.post(page, page, 200, **typed, do="save").text)
    other = visitor.post(page, page, 200, **{**seen, "sso_url": f"{SSO}/other"}, do="save").text
    assert f"{SSO}/other" in other
    assert stored(visitor, root) == {}


def test_11_a_file_where_there_is_no_address_is_shown_the_same_way(visitor: Visitor) -> None:
    """Requirement 11: Google has no page for its metadata's address; its file leads to the same preview."""
    root, page = by_hand(visitor, "google-saml")
    pem = make_certified("google").certificate_pem
    xml = document(pem, VALUES["google-saml"][0]).replace(SSO.encode(), VALUES["google-saml"][1].encode())
    shown = visitor.post(page, page, 200, do="read", file=(BytesIO(xml), "idp.xml")).text
    assert "Compare before you save" in shown
    assert "CN=google" in shown
    assert stored(visitor, root) == {}
    visitor.post(page, page, **fields(shown), do="save")
    assert stored(visitor, root)["idp_entity_id"] == VALUES["google-saml"][0]


def test_12_a_document_that_changed_since_it_was_read_is_shown_anew(visitor: Visitor) -> None:
    """Requirement 12: another certificate than the one that was seen is not stored by a press of Save."""
    root = visitor.choose("okta-saml")
    page = f"{root}/step-give-metadata"
    documents = [document(make_certified(f"idp-{n}").certificate_pem) for n in range(2)]

    def send(n: int, **form: str) -> Any:
        status = 200 if "expected" not in form else int(form.pop("expected"))
        return visitor.post(page, page, status, way="file", file=(BytesIO(documents[n]), "idp.xml"), **form)

    seen = fields(send(0, do="read").text)["seen"]
    again = send(1, do="save", seen=seen).text
    assert "The document says something else than before." in again
    assert "CN=idp-1" in again
    assert stored(visitor, root) == {}
    send(1, do="save", seen=fields(again)["seen"], expected="303")
    assert stored(visitor, root)["certificates"][0]["subject"] == "CN=idp-1"


def test_12_a_provider_that_wants_signed_requests_is_shown_so(visitor: Visitor) -> None:
    """Requirement 12, signing wants: WantAuthnRequestsSigned (SAML metadata 2.4.3)."""
    page = f"{visitor.choose('okta-saml')}/step-give-metadata"
    pem = make_certified("idp").certificate_pem
    for wants, words in (("true", "Your provider asks for them"), ("false", "Your provider does not ask for them")):
        xml = document(pem, WantAuthnRequestsSigned=wants)
        shown = visitor.post(page, page, 200, way="file", do="read", file=(BytesIO(xml), "idp.xml")).text
        assert words in shown, wants


def test_a_preview_is_marked_by_everything_that_would_be_stored() -> None:
    """Also by what the page does not show, such as the logout address."""
    said = {"idp_entity_id": ENTITY, "sso_url": SSO, "slo_url": None}
    assert preview_settings(said).mark == preview_settings(dict(said)).mark
    marks = {preview_settings({**said, **more}).mark for more in ({}, {"slo_url": SSO}, {"sign_requests": True})}
    assert len(marks) == 3
    entity = EntityOut(
        entity_id=ENTITY, adapter="saml", settings=said, certificates=[], endpoints=[], warnings=[],
        wants_signed_requests=False,
    )  # fmt: skip
    assert preview_entity(entity).mark != preview_entity(entity.model_copy(update={"wants_signed_requests": True})).mark
