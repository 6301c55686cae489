"""Writing metadata as the vendor publishes it: the order and the surroundings are what readers trip over."""

from __future__ import annotations

from lxml import etree

from portico_simulator.idp import Idp
from portico_simulator.keys import SigningKey
from portico_simulator.profiles import SamlProfile
from portico_simulator.saml.names import BINDINGS, DS, FED, MD, SAML, SAMLP, XSI, element
from portico_simulator.saml.signature import sign


def metadata(idp: Idp[SamlProfile]) -> bytes:
    """Return the EntityDescriptor of this identity provider (metadata 2.3.2)."""
    profile = idp.profile
    attributes = {"entityID": idp.fill(profile.entity_id)}
    if profile.role_descriptors:
        attributes["ID"] = idp.identifier()
    root = element(None, MD, "EntityDescriptor", None, attributes, {"md": MD, "ds": DS})
    if profile.role_descriptors:
        for kind in ("ApplicationServiceType", "SecurityTokenServiceType"):
            _ws_federation_role(root, idp, kind)
        _service_provider_role(root, idp)
    _identity_provider_role(root, idp)
    if profile.role_descriptors:
        sign(root, idp.signing_key, position=0)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _identity_provider_role(root: etree._Element, idp: Idp[SamlProfile]) -> None:
    profile = idp.profile
    role = element(
        root,
        MD,
        "IDPSSODescriptor",
        None,
        {"WantAuthnRequestsSigned": "false", "protocolSupportEnumeration": SAMLP},
    )
    if idp.decryption_key is not None and profile.encryption_key_first:
        _key_descriptor(role, idp.decryption_key, "encryption")
    for key in idp.keys:
        _key_descriptor(role, key, "signing")
    for name_id_format in profile.name_id_formats:
        element(role, MD, "NameIDFormat", name_id_format)
    for binding in profile.bindings:
        location = {"Binding": BINDINGS + binding, "Location": idp.url(profile.sso_path)}
        element(role, MD, "SingleSignOnService", None, location)
    if profile.role_descriptors:
        for rule in profile.attributes:
            element(role, SAML, "Attribute", None, {"Name": rule.name}, {"saml": SAML})


def _key_descriptor(role: etree._Element, key: SigningKey, use: str) -> None:
    descriptor = element(role, MD, "KeyDescriptor", None, {"use": use})
    data = element(element(descriptor, DS, "KeyInfo"), DS, "X509Data")
    element(data, DS, "X509Certificate", key.certificate_base64)


def _ws_federation_role(root: etree._Element, idp: Idp[SamlProfile], kind: str) -> None:
    role = element(
        root,
        MD,
        "RoleDescriptor",
        None,
        {f"{{{XSI}}}type": f"fed:{kind}", "protocolSupportEnumeration": FED},
        {"fed": FED, "xsi": XSI},
    )
    for key in idp.keys:
        _key_descriptor(role, key, "signing")


def _service_provider_role(root: etree._Element, idp: Idp[SamlProfile]) -> None:
    role = element(root, MD, "SPSSODescriptor", None, {"protocolSupportEnumeration": SAMLP})
    if idp.decryption_key is not None:
        _key_descriptor(role, idp.decryption_key, "encryption")
    endpoint = {"Binding": BINDINGS + "HTTP-POST", "Location": idp.url(idp.profile.sso_path), "index": "0"}
    element(role, MD, "AssertionConsumerService", None, endpoint)
