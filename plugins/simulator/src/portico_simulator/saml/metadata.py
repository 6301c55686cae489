"""Writing metadata as the vendor publishes it: the order and the surroundings are what readers trip over."""

from __future__ import annotations

from lxml import etree

from portico_simulator.idp import Idp
from portico_simulator.keys import SigningKey
from portico_simulator.profiles import SamlProfile
from portico_simulator.saml.federation_roles import write_federation_role, write_service_provider_role
from portico_simulator.saml.names import BINDINGS, DS, MD, SAML, SAMLP, SHIBMD, element, instant
from portico_simulator.saml.signature import sign

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def metadata(idp: Idp[SamlProfile], *, of_application: bool = True) -> bytes:
    """Return the EntityDescriptor of this identity provider (metadata 2.3.2).

    Args:
        of_application: shows the keys that sign for this application; else another key, as the tenant's own document of a
            vendor that has a certificate for each application.
    """
    habits = idp.profile.metadata
    keys = idp.keyring.published if of_application else (idp.keyring.unpublished,)
    attributes = {"entityID": idp.fill(idp.profile.entity_id)}
    if habits.signed:
        attributes["ID"] = idp.identifier()
    if habits.valid_until:
        attributes["validUntil"] = instant(keys[0].certificate.not_valid_after_utc)
    root = element(None, MD, "EntityDescriptor", None, attributes, {"md": MD, "ds": DS})
    for kind in habits.roles:
        write_federation_role(root, kind, keys, habits.claim_types)
    if habits.provider_role_too:
        write_service_provider_role(root, idp.decryption_key, idp.url(idp.profile.sso_path))
    _identity_provider_role(root, idp, keys)
    if habits.contact:
        person = element(root, MD, "ContactPerson", None, {"contactType": "technical"})
        element(person, MD, "EmailAddress", habits.contact)
    if habits.signed:
        sign(root, keys[0], position=0)
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return _BYTE_ORDER_MARK + document if habits.byte_order_mark else document


def _identity_provider_role(root: etree._Element, idp: Idp[SamlProfile], keys: tuple[SigningKey, ...]) -> None:
    habits = idp.profile.metadata
    attributes = {"protocolSupportEnumeration": SAMLP}
    if habits.want_signed_requests is not None:
        attributes["WantAuthnRequestsSigned"] = habits.want_signed_requests
    role = element(root, MD, "IDPSSODescriptor", None, attributes)
    if habits.scope:
        extensions = element(role, MD, "Extensions")
        element(extensions, SHIBMD, "Scope", idp.config.domain, {"regexp": "false"}, {"shibmd": SHIBMD})
    if habits.encryption_key == "first":
        _key(role, idp, idp.decryption_key, "encryption")
    for key in keys:
        _key(role, idp, key, "signing")
    if habits.encryption_key == "last":
        _key(role, idp, idp.decryption_key, "encryption")
    _services(role, idp)
    for name in habits.lists_attributes:
        element(role, SAML, "Attribute", None, {"Name": name}, {"saml": SAML})


def _services(role: etree._Element, idp: Idp[SamlProfile]) -> None:
    """Endpoints and NameID formats in the order of the schema (metadata 2.4.3)."""
    profile = idp.profile
    more = profile.metadata.more_services
    if profile.slo_path:
        for binding in profile.slo_bindings:
            location = {"Binding": BINDINGS + binding, "Location": idp.url(profile.slo_path)}
            element(role, MD, "SingleLogoutService", None, location)
    for name_id_format in profile.metadata.name_id_formats:
        element(role, MD, "NameIDFormat", name_id_format)
    before = [service for service in more if not service.binding.startswith(BINDINGS)]
    for service in before:  # an older protocol's stands first where there is one
        element(role, MD, service.kind, None, {"Binding": service.binding, "Location": idp.url(service.path)})
    for binding in profile.requests.bindings:
        path = profile.requests.paths.get(binding, profile.sso_path)
        element(role, MD, "SingleSignOnService", None, {"Binding": BINDINGS + binding, "Location": idp.url(path)})
    for service in more:
        if service not in before:
            element(role, MD, service.kind, None, {"Binding": service.binding, "Location": idp.url(service.path)})


def _key(role: etree._Element, idp: Idp[SamlProfile], key: SigningKey | None, use: str) -> None:
    assert key is not None
    habits = idp.profile.metadata
    descriptor = element(role, MD, "KeyDescriptor", None, {"use": use} if habits.key_use else {})
    info = element(descriptor, DS, "KeyInfo")
    if habits.key_name:
        element(info, DS, "KeyName", str(key.jwk.kid))
    element(element(info, DS, "X509Data"), DS, "X509Certificate", key.certificate_base64)
