"""Each vendor's metadata has the order, the surroundings and the gaps that readers trip over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from lxml import etree


def services(party: Any, root: etree._Element, kind: str = "SingleSignOnService") -> list[str]:
    """Return the bindings of the services, last part only, in their order."""
    return [service.get("Binding", "").rpartition(":")[2] for service in root.iterfind(f".//md:{kind}", party.ns)]


@pytest.mark.parametrize(
    ("vendor", "bindings"),
    [
        ("okta-saml", ["HTTP-POST", "HTTP-Redirect"]),
        ("entra-saml", ["HTTP-Redirect", "HTTP-POST"]),
        ("google-saml", ["HTTP-Redirect", "HTTP-POST"]),
        ("onelogin-saml", ["HTTP-Redirect", "HTTP-POST", "SOAP"]),
        ("jumpcloud-saml", ["HTTP-POST"]),
        ("keycloak-saml", ["HTTP-POST", "HTTP-Redirect", "SOAP", "HTTP-Artifact"]),
        ("shibboleth-saml", ["AuthnRequest", "HTTP-POST", "HTTP-Redirect", "HTTP-POST-SimpleSign", "SOAP"]),
    ],
)
def test_single_sign_on_services(saml_party: Callable[..., Any], vendor: str, bindings: list[str]) -> None:
    """JumpCloud by POST alone; Shibboleth with SAML 1 first."""
    party = saml_party(vendor)
    assert services(party, etree.fromstring(party.metadata())) == bindings


@pytest.mark.parametrize(
    ("vendor", "wanted"),
    [("okta-saml", "false"), ("keycloak-saml", "true"), ("ping-saml", None), ("onelogin-saml", None)],
)
def test_want_authn_requests_signed(saml_party: Callable[..., Any], vendor: str, wanted: str | None) -> None:
    """Section 0.2: Keycloak always says true."""
    party = saml_party(vendor)
    role = etree.fromstring(party.metadata()).find("md:IDPSSODescriptor", party.ns)
    assert role is not None
    assert role.get("WantAuthnRequestsSigned") == wanted


@pytest.mark.parametrize(
    ("vendor", "formats"),
    [
        ("okta-saml", ["1.1:nameid-format:emailAddress", "1.1:nameid-format:unspecified"]),
        ("google-saml", ["1.1:nameid-format:emailAddress"]),
        ("jumpcloud-saml", ["1.0:nameid-format:unspecified"]),
        (
            "adfs-saml",
            ["1.1:nameid-format:emailAddress", "2.0:nameid-format:persistent", "2.0:nameid-format:transient"],
        ),
        ("entra-saml", []),
        ("ping-saml", []),
    ],
)
def test_name_id_formats(saml_party: Callable[..., Any], vendor: str, formats: list[str]) -> None:
    """Section 0.2: the first is what a careless reader then asks for."""
    party = saml_party(vendor)
    found = etree.fromstring(party.metadata()).iterfind(".//md:NameIDFormat", party.ns)
    assert [(each.text or "").removeprefix("urn:oasis:names:tc:SAML:") for each in found] == formats


def test_entra_begins_with_a_byte_order_mark(saml_party: Callable[..., Any]) -> None:
    """Section 2: two WS-Federation roles, signed, no NameIDFormat."""
    party = saml_party("entra-saml")
    document = party.metadata("?appid=x")
    assert document.startswith(b"\xef\xbb\xbf<?xml")
    root = etree.fromstring(document)
    roles = root.iterfind("md:RoleDescriptor", party.ns)
    kinds = [role.get("{http://www.w3.org/2001/XMLSchema-instance}type") for role in roles]
    assert kinds == ["fed:SecurityTokenServiceType", "fed:ApplicationServiceType"]
    assert root.find(".//fed:ClaimTypesOffered", party.ns) is not None
    assert party.verifies(root, party.published("?appid=x")[0])
    assert services(party, root, "SingleLogoutService") == ["HTTP-Redirect"]


def test_entra_signs_with_a_certificate_that_the_tenants_document_lacks(saml_party: Callable[..., Any]) -> None:
    """Section 2: without ?appid= the tenant's keys come, and signatures do not verify with them."""
    party = saml_party("entra-saml")
    (of_tenant,), (of_application,) = party.published(), party.published("?appid=x")
    assertion = party.response().find("saml:Assertion", party.ns)
    assert not party.verifies(assertion, of_tenant)
    assert party.verifies(assertion, of_application)


def test_adfs_is_long_and_signed(saml_party: Callable[..., Any]) -> None:
    """Section 3: encryption before signing, two federation roles, a service provider too, dozens of claims."""
    party = saml_party("adfs-saml")
    root = etree.fromstring(party.metadata())
    assert len(party.metadata()) > 15_000
    assert len(root.findall("md:RoleDescriptor", party.ns)) == 2
    assert root.find("md:SPSSODescriptor", party.ns) is not None
    keys = root.iterfind("md:IDPSSODescriptor/md:KeyDescriptor", party.ns)
    assert [key.get("use") for key in keys] == ["encryption", "signing"]
    assert root.get("entityID") == "http://adfs.halden.example/adfs/services/trust"


def test_googles_metadata_ends_with_its_certificate(saml_party: Callable[..., Any]) -> None:
    """Section 4: validUntil, and the same idpid in entity ID and address."""
    party = saml_party("google-saml")
    root = etree.fromstring(party.metadata())
    certificate = party.idp.keyring.signing.certificate
    assert (root.get("validUntil") or "")[:10] == certificate.not_valid_after_utc.strftime("%Y-%m-%d")
    account = (root.get("entityID") or "").rpartition("idpid=")[2]
    service = root.find(".//md:SingleSignOnService", party.ns)
    assert service is not None
    assert (service.get("Location") or "").endswith(f"?idpid={account}")


def test_keycloak_names_its_keys(saml_party: Callable[..., Any]) -> None:
    """Section 9: KeyName before the certificate."""
    party = saml_party("keycloak-saml")
    info = etree.fromstring(party.metadata()).find(".//ds:KeyInfo", party.ns)
    assert info is not None
    assert [child.tag.rpartition("}")[2] for child in info] == ["KeyName", "X509Data"]


def test_onelogins_issuer_is_where_its_metadata_stands(saml_party: Callable[..., Any]) -> None:
    """Section 5: the Issuer URL works as metadata URL."""
    party = saml_party("onelogin-saml")
    entity_id = etree.fromstring(party.metadata()).get("entityID") or ""
    assert party.client.get(entity_id.removeprefix(party.idp.base_url)).data == party.metadata()


def test_shibboleth_lists_two_signing_keys_and_its_scope(saml_party: Callable[..., Any]) -> None:
    """Section 8: the back channel's key first, the one that signs second, one for encryption last."""
    party = saml_party("shibboleth-saml", behaviour={"encrypt": False})
    root = etree.fromstring(party.metadata())
    keys = root.iterfind("md:IDPSSODescriptor/md:KeyDescriptor", party.ns)
    assert [key.get("use") for key in keys] == ["signing", "signing", "encryption"]
    back, front = party.published()
    response = party.response()
    assert (party.verifies(response, back), party.verifies(response, front)) == (False, True)
    assert root.findtext(".//shibmd:Scope", None, party.ns) == "halden.example"


def test_ping_advertises_attributes(saml_party: Callable[..., Any]) -> None:
    """Section 7: what it could send stands in its metadata."""
    party = saml_party("ping-saml")
    listed = etree.fromstring(party.metadata()).findall("md:IDPSSODescriptor/saml:Attribute", party.ns)
    assert {"user.email", "user.username"} <= {attribute.get("Name") for attribute in listed}


@pytest.mark.parametrize("vendor", ["adfs-saml", "keycloak-saml", "shibboleth-saml", "generic-saml"])
def test_a_new_certificate_is_published_before_it_signs(saml_party: Callable[..., Any], vendor: str) -> None:
    """Sections 3 and 9: next published, then signing, then the old one gone; both are in metadata between."""
    party = saml_party(vendor, behaviour={"encrypt": False}, application={"require_signed_requests": False})

    def signer() -> list[bool]:
        node = party.read(party.ask())
        signed = node if node.find("ds:Signature", party.ns) is not None else node.find("saml:Assertion", party.ns)
        return [party.verifies(signed, key) for key in party.published()]

    party.sign_in()
    before = signer()
    assert party.control("keys", {"step": "publish"}).get_json() == {"published": len(before) + 1}
    assert signer() == [*before, False]
    party.control("keys", {"step": "switch"})
    assert signer() == [False] * len(before) + [True]
    party.control("keys", {"step": "retire"})
    assert signer() == [False] * (len(before) - 1) + [True]


@pytest.mark.parametrize("vendor", ["okta-saml", "entra-saml", "google-saml", "jumpcloud-saml"])
def test_others_replace_their_certificate_at_once(saml_party: Callable[..., Any], vendor: str) -> None:
    """Sections 1, 2, 4: metadata shows the active certificate alone; it cannot be published ahead."""
    party = saml_party(vendor)
    (old,) = party.published("?appid=x")
    assert party.control("keys", {"step": "publish"}).status_code == 422
    party.control("keys", {"step": "switch"})
    (new,) = party.published("?appid=x")
    assertion = party.response().find("saml:Assertion", party.ns)
    assert (party.verifies(assertion, old), party.verifies(assertion, new)) == (False, True)


@pytest.mark.parametrize("body", [{"step": "melt"}, {"step": "retire"}, {}, []])
def test_a_step_that_cannot_be_taken_is_refused(saml_party: Callable[..., Any], body: Any) -> None:
    """Nothing to retire, no such step, no step: 422."""
    assert saml_party("generic-saml").control("keys", body).status_code == 422


@pytest.mark.parametrize("body", [{"melt": 1}, []])
def test_a_behaviour_that_there_is_not_is_refused(saml_party: Callable[..., Any], body: Any) -> None:
    """An unknown name changes nothing: 422."""
    assert saml_party("generic-saml").control("behaviour", body).status_code == 422


def test_only_the_administrator_switches(saml_party: Callable[..., Any]) -> None:
    """Without the token behaviour and keys stay as they are."""
    party = saml_party("generic-saml")
    for header in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer"}):
        assert party.client.put("/idp/behaviour", json={}, headers=header).status_code == 401
        assert party.client.post("/idp/keys", json={"step": "switch"}, headers=header).status_code == 401
