"""Metadata as providers publish it and as people paste it (row S10; SAML metadata 2.3, 2.4)."""

from __future__ import annotations

import time

import pytest
from lxml import etree

from portico_saml.certificates import pem_to_der
from portico_saml.metadata import MAX_ENTITIES
from portico_saml.names import DS, MD, POST, REDIRECT, SAMLP
from portico_saml.testing import make_key_pair
from portico_saml.testing.connections import NOW
from portico_sdk import MetadataError, SettingsError


def entity(
    certificates=(), *, entity_id="https://idp.example.com/", uses=None, endpoints=None, role="IDPSSODescriptor"
):
    """Return an EntityDescriptor; `uses` gives the `use` of each key, None leaves it out."""
    import base64

    root = etree.Element(f"{{{MD}}}EntityDescriptor", {"entityID": entity_id}, nsmap={"md": MD, "ds": DS})
    descriptor = etree.SubElement(root, f"{{{MD}}}{role}", {"protocolSupportEnumeration": SAMLP})
    for pem, use in zip(certificates, uses or ["signing"] * len(certificates), strict=True):
        key = etree.SubElement(descriptor, f"{{{MD}}}KeyDescriptor", {} if use is None else {"use": use})
        data = etree.SubElement(etree.SubElement(key, f"{{{DS}}}KeyInfo"), f"{{{DS}}}X509Data")
        etree.SubElement(data, f"{{{DS}}}X509Certificate").text = base64.encodebytes(pem_to_der(pem)).decode()
    etree.SubElement(descriptor, f"{{{MD}}}NameIDFormat").text = "urn:x\n"
    default = [("SingleSignOnService", POST, "https://idp.example.com/post")]
    default.append(("SingleSignOnService", REDIRECT, "https://idp.example.com/redirect"))
    for service, binding, location in default if endpoints is None else endpoints:
        etree.SubElement(descriptor, f"{{{MD}}}{service}", {"Binding": binding, "Location": location})
    return root


@pytest.fixture
def pem(idp):
    """The provider's certificate."""
    return idp.key.certificate_pem


def _parse(adapter, document):
    return adapter.parse_metadata(document if isinstance(document, bytes) else etree.tostring(document), NOW)


def _code(adapter, document):
    with pytest.raises(MetadataError) as refused:
        _parse(adapter, document)
    assert refused.value.detail
    return refused.value.code


def test_metadata_becomes_settings_that_validate(adapter, pem):
    """Entity ID, Redirect before POST, certificates; never the NameID format."""
    (found,) = _parse(adapter, entity([pem])).entities
    assert found.settings == {
        "idp_entity_id": "https://idp.example.com/",
        "certificates": [pem],
        "sso_url": "https://idp.example.com/redirect",
        "sso_binding": "redirect",
    }
    assert adapter.validate(dict(found.settings), NOW)["name_id_format"] is None
    assert ("SingleSignOnService", POST, "https://idp.example.com/post") in found.endpoints


def test_a_provider_with_post_only_is_sent_forms(adapter, pem):
    """JumpCloud publishes HTTP-POST only."""
    (found,) = _parse(adapter, entity([pem], endpoints=[("SingleSignOnService", POST, "https://j.example/x")])).entities
    assert (found.settings["sso_url"], found.settings["sso_binding"]) == ("https://j.example/x", "post")


def test_saml_1_endpoints_are_passed_over(adapter, pem):
    """Shibboleth lists its SAML 1 endpoint first."""
    old = ("SingleSignOnService", "urn:mace:shibboleth:1.0:profiles:AuthnRequest", "https://s.example/1")
    new = ("SingleSignOnService", REDIRECT, "https://s.example/2")
    (found,) = _parse(adapter, entity([pem], endpoints=[old, new])).entities
    assert found.settings["sso_url"] == "https://s.example/2"


@pytest.mark.parametrize(
    "wrap",
    [
        lambda text: b"\xef\xbb\xbf" + text,
        lambda text: b"\n  \t" + text,
        lambda text: b"\xef\xbb\xbf\r\n" + b'<?xml version="1.0" encoding="utf-8"?>' + text,
        lambda text: b'\n<?xml version="1.0"?>\n<!-- made by hand -->\n<?style x?>' + text + b"\n\n",
        lambda text: ('<?xml version="1.0" encoding="utf-16"?>' + text.decode()).encode("utf-16"),
    ],
)
def test_what_copying_leaves_around_a_document_is_no_obstacle(adapter, pem, wrap):
    """Byte order marks, leading blanks, comments, Notepad's UTF-16."""
    assert _parse(adapter, wrap(etree.tostring(entity([pem])))).entities[0].certificates[0].pem == pem


def test_comments_and_blanks_inside_values_are_ignored(adapter, pem):
    """Metadata is read by people too; its comments do not split values."""
    text = etree.tostring(entity([pem]))
    body = pem.split("\n")[1].encode()
    assert body in text.replace(b"\n", b"")
    commented = text.replace(body[:20], body[:10] + b"<!-- x -->" + body[10:20], 1)
    assert _parse(adapter, commented).entities[0].settings["certificates"] == [pem]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (b"", "metadata-empty"),
        (b" \n\xef\xbb\xbf ", "metadata-not-xml"),
        (b"\xef\xbb\xbf", "metadata-empty"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "metadata-html"),
        (b"\n<html lang='en'>", "metadata-html"),
        (b"<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x' 'y'><html/>", "metadata-html"),
        (b'{"issuer": "https://idp.example.com"}', "metadata-not-xml"),
        (b"https://idp.example.com/metadata", "metadata-not-xml"),
        (b"<a>", "metadata-not-xml"),
        (b"<a/>", "metadata-other-xml"),
        (b"\x00<\x00a", "metadata-not-xml"),
        (b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", "metadata-doctype"),
    ],
)
def test_what_is_no_metadata_is_called_by_its_name(adapter, document, code):
    """Empty, a web page, JSON, an address, damaged, another XML, with a document type."""
    assert _code(adapter, document) == code


def test_two_documents_in_one_are_recognized(adapter, pem):
    """Pasted twice, or two providers one below the other."""
    text = etree.tostring(entity([pem]))
    assert _code(adapter, text + text) == "metadata-several"


def test_a_document_type_is_found_in_utf_16_too(adapter):
    """Conversion happens before the checks."""
    assert _code(adapter, "<!DOCTYPE a><a/>".encode("utf-16")) == "metadata-doctype"


def test_sp_metadata_is_recognized(adapter, pem):
    """Pasted the wrong way round."""
    assert _code(adapter, entity([pem], role="SPSSODescriptor")) == "metadata-no-provider"
    assert _code(adapter, entity([pem], role="AttributeAuthorityDescriptor")) == "metadata-no-provider"


def test_a_saml_1_provider_is_recognized(adapter, pem):
    """protocolSupportEnumeration decides."""
    root = entity([pem])
    root[0].set("protocolSupportEnumeration", "urn:oasis:names:tc:SAML:1.1:protocol")
    assert _code(adapter, root) == "metadata-old-saml"


def test_s10_a_key_without_use_is_a_signing_key(adapter, pem):
    """S10: CVE-2026-16443; SAML metadata 2.4.1.1: no `use` means both."""
    (found,) = _parse(adapter, entity([pem], uses=[None])).entities
    assert found.settings["certificates"] == [pem]


def test_s10_an_encryption_key_is_no_signing_key(adapter, pem, own_key):
    """S10: AD FS lists its encryption key first."""
    keys = [own_key.certificate_pem, pem]
    (found,) = _parse(adapter, entity(keys, uses=["encryption", "signing"])).entities
    assert found.settings["certificates"] == [pem]
    assert _code(adapter, entity([pem], uses=["encryption"])) == "metadata-no-certificate"


def test_s10_metadata_without_a_certificate_is_refused(adapter):
    """S10: it would make a connection that nothing can verify."""
    assert _code(adapter, entity([])) == "metadata-no-certificate"


def test_all_signing_keys_are_taken(adapter, pem, own_key):
    """Shibboleth and every provider in the midst of a renewal list several."""
    (found,) = _parse(adapter, entity([own_key.certificate_pem, pem])).entities
    assert found.settings["certificates"] == [own_key.certificate_pem, pem]
    assert [info.pem for info in found.certificates] == found.settings["certificates"]


def test_a_damaged_certificate_among_good_ones_is_a_warning(adapter, pem):
    """The good ones work; the person is told about the other."""
    root = entity([pem, pem])
    next(root.iter(f"{{{DS}}}X509Certificate")).text = "AAAA"
    (found,) = _parse(adapter, root).entities
    assert found.settings["certificates"] == [pem]
    assert any("cannot be used" in warning for warning in found.warnings)


def test_weak_keys_are_refused_and_expired_certificates_told(adapter):
    """RSA of 1024 bits proves nothing; an ended certificate is taken, and said."""
    weak = make_key_pair("weak", bits=1024).certificate_pem
    assert _code(adapter, entity([weak])) == "metadata-weak-key"
    old = make_key_pair("old.example.com", days=1).certificate_pem
    document = etree.tostring(entity([old]))
    (found,) = adapter.parse_metadata(document, NOW.replace(year=2030)).entities
    assert found.settings["certificates"] == [old]
    assert any("ended on 02 Mar 2026" in warning for warning in found.warnings)


@pytest.mark.parametrize(
    "location", ["javascript:alert(1)", "http://idp.example.com/", "/sso", "", "https://u:p@idp.example/"]
)
def test_an_unusable_address_is_not_used(adapter, pem, location):
    """And when there is no other, that is the error."""
    endpoints = [("SingleSignOnService", REDIRECT, location)]
    assert _code(adapter, entity([pem], endpoints=endpoints)) == "metadata-no-sso-url"
    endpoints.append(("SingleSignOnService", POST, "https://idp.example.com/post"))
    (found,) = _parse(adapter, entity([pem], endpoints=endpoints)).entities
    assert found.settings["sso_url"] == "https://idp.example.com/post"
    assert any("cannot be used" in warning for warning in found.warnings)


@pytest.mark.parametrize("where", ["entity", "role", "federation"])
def test_expired_metadata_is_refused(adapter, pem, where):
    """validUntil counts wherever it stands (SAML metadata 2.3.1)."""
    root = etree.Element(f"{{{MD}}}EntitiesDescriptor")
    root.append(entity([pem]))
    {"entity": root[0], "role": root[0][0], "federation": root}[where].set("validUntil", "2026-03-01T12:00:00Z")
    assert _code(adapter, root) == "metadata-expired"
    {"entity": root[0], "role": root[0][0], "federation": root}[where].set("validUntil", "2026-03-01T12:00:01Z")
    assert _parse(adapter, root).entities
    {"entity": root[0], "role": root[0][0], "federation": root}[where].set("validUntil", "tomorrow")
    assert _code(adapter, root) == "metadata-valid-until"


def test_several_providers_are_listed_whatever_the_nesting(adapter, pem):
    """A federation's aggregate: providers are listed, everybody else is passed over."""
    root = etree.Element(f"{{{MD}}}EntitiesDescriptor")
    inner = etree.SubElement(root, f"{{{MD}}}EntitiesDescriptor")
    inner.append(entity([pem], entity_id="https://one.example/"))
    inner.append(entity([pem], entity_id="https://sp.example/", role="SPSSODescriptor"))
    root.append(entity([pem], entity_id="https://two.example/"))
    ids = [found.entity_id for found in _parse(adapter, root).entities]
    assert ids == ["https://one.example/", "https://two.example/"]


def test_too_many_providers_are_refused_soon(adapter):
    """At most 5000, and 20 MB."""
    one = etree.tostring(entity([]))
    many = f'<md:EntitiesDescriptor xmlns:md="{MD}">'.encode() + one * (MAX_ENTITIES + 1) + b"</md:EntitiesDescriptor>"
    started = time.monotonic()
    assert _code(adapter, many) == "metadata-too-large"
    assert _code(adapter, b"<a>" + b" " * (20 * 1024 * 1024)) == "metadata-too-large"
    assert _code(adapter, b"<a>" * 2_100_000) == "metadata-too-large"
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("entity_id", ["", "  ", "x" * 1025])
def test_an_entity_needs_a_usable_id(adapter, pem, entity_id):
    """SAML metadata 2.2.1: at most 1024 characters."""
    assert _code(adapter, entity([pem], entity_id=entity_id)) == "metadata-no-entity-id"


def test_a_wish_for_signed_requests_is_told_not_followed(adapter, pem):
    """Keycloak always writes WantAuthnRequestsSigned, whether it checks or not."""
    root = entity([pem])
    root[0].set("WantAuthnRequestsSigned", "true")
    (found,) = _parse(adapter, root).entities
    assert "sign_requests" not in found.settings
    assert found.wants_signed_requests
    assert any("signed" in warning for warning in found.warnings)


def test_metadata_xml_is_read_into_settings_and_explicit_values_win(adapter, pem, own_key):
    """`metadata_xml` is an input-only name."""
    xml = etree.tostring(entity([pem])).decode()
    settings = adapter.validate({"metadata_xml": xml, "sso_url": "https://explicit.example/", "signed": "both"}, NOW)
    assert settings["idp_entity_id"] == "https://idp.example.com/"
    assert settings["sso_url"] == "https://explicit.example/"
    assert settings["certificates"] == [pem]
    assert settings["signed"] == "both"
    assert "metadata_xml" not in settings


def test_metadata_xml_with_several_providers_needs_a_choice(adapter, pem):
    """The entity ID given beside it chooses."""
    root = etree.Element(f"{{{MD}}}EntitiesDescriptor")
    for name in ("one", "two"):
        root.append(entity([pem], entity_id=f"https://{name}.example/"))
    xml = etree.tostring(root).decode()
    with pytest.raises(SettingsError) as refused:
        adapter.validate({"metadata_xml": xml}, NOW)
    assert [(p.field, p.code) for p in refused.value.problems] == [("metadata_xml", "metadata-several")]
    chosen = adapter.validate({"metadata_xml": xml, "idp_entity_id": "https://two.example/"}, NOW)
    assert chosen["idp_entity_id"] == "https://two.example/"


@pytest.mark.parametrize("value", ["<html>", 7, ["x"]])
def test_metadata_xml_that_is_none_is_a_problem_of_that_field(adapter, value):
    """Never an exception of another kind."""
    with pytest.raises(SettingsError) as refused:
        adapter.validate({"metadata_xml": value}, NOW)
    assert [problem.field for problem in refused.value.problems] == ["metadata_xml"]
