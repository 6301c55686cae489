"""The roles beside the identity provider's in Microsoft's metadata: WS-Federation, and AD FS as a service provider."""

from __future__ import annotations

from lxml import etree

from portico_simulator.keys import SigningKey
from portico_simulator.saml.names import AUTH, BINDINGS, DS, FED, MD, SAMLP, XSI, element


def write_federation_role(
    root: etree._Element, kind: str, keys: tuple[SigningKey, ...], claim_types: tuple[str, ...]
) -> None:
    """Append a RoleDescriptor of this type. Its keys are no business of a SAML application's."""
    attributes = {f"{{{XSI}}}type": f"fed:{kind}", "protocolSupportEnumeration": FED}
    role = element(root, MD, "RoleDescriptor", None, attributes, {"fed": FED, "xsi": XSI})
    for key in keys:
        _key(role, key, "signing")
    if claim_types:
        offered = kind == "SecurityTokenServiceType"
        claims = element(role, FED, "ClaimTypesOffered" if offered else "ClaimTypesRequested")
        for uri in claim_types:
            described = element(claims, AUTH, "ClaimType", None, {"Uri": uri, "Optional": "true"}, {"auth": AUTH})
            element(described, AUTH, "DisplayName", uri.rpartition("/")[2])


def write_service_provider_role(root: etree._Element, decryption_key: SigningKey | None, address: str) -> None:
    """Append an SPSSODescriptor: AD FS also consumes assertions."""
    role = element(root, MD, "SPSSODescriptor", None, {"protocolSupportEnumeration": SAMLP})
    if decryption_key is not None:
        _key(role, decryption_key, "encryption")
    endpoint = {"Binding": BINDINGS + "HTTP-POST", "Location": address, "index": "0"}
    element(role, MD, "AssertionConsumerService", None, endpoint)


def _key(role: etree._Element, key: SigningKey, use: str) -> None:
    descriptor = element(role, MD, "KeyDescriptor", None, {"use": use})
    data = element(element(descriptor, DS, "KeyInfo"), DS, "X509Data")
    element(data, DS, "X509Certificate", key.certificate_base64)
