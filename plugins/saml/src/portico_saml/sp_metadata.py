"""Our metadata for one connection (SAML metadata 2.4.4)."""

from __future__ import annotations

from lxml import etree

from portico_saml.keys import own_keys
from portico_saml.logout import offers_logout
from portico_saml.names import DS, MD, POST, REDIRECT, SAMLP
from portico_saml.policy import entity_id
from portico_saml.reasons import Reason, refuse
from portico_sdk import AdapterContext


def build_sp_metadata(context: AdapterContext) -> bytes:
    """Return our EntityDescriptor for this connection.

    It names no NameID format, for a provider would then insist on one. A key for encryption is there only when the
    connection demands encryption: AD FS encrypts as soon as it sees one. Keys carry their `use`, for the same reason.
    """
    settings = context.settings
    root = etree.Element(f"{{{MD}}}EntityDescriptor", nsmap={"md": MD, "ds": DS})
    root.set("entityID", entity_id(context))
    role = etree.SubElement(root, f"{{{MD}}}SPSSODescriptor")
    role.set("AuthnRequestsSigned", "true" if settings["sign_requests"] else "false")
    if settings["signed"] in ("assertion", "both"):
        role.set("WantAssertionsSigned", "true")
    role.set("protocolSupportEnumeration", SAMLP)
    keys = own_keys(context)
    signs = settings["sign_requests"] or offers_logout(context)
    if not keys and (signs or settings["encryption"] == "required"):
        refuse(Reason.CONFIGURATION, "we have no key to publish")
    if signs:
        for key in keys:
            _add_key(role, "signing", key.certificate_pem)
    if settings["encryption"] == "required":
        _add_key(role, "encryption", keys[0].certificate_pem)
    if offers_logout(context):
        for binding in (REDIRECT, POST):
            location = context.service_provider.slo_url
            etree.SubElement(role, f"{{{MD}}}SingleLogoutService", {"Binding": binding, "Location": location})
    for index, url in enumerate((context.service_provider.acs_url, *(settings["accepted_acs_urls"] or ()))):
        service = etree.SubElement(role, f"{{{MD}}}AssertionConsumerService", {"Binding": POST, "Location": url})
        service.set("index", str(index))
        if index == 0:
            service.set("isDefault", "true")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _add_key(role: etree._Element, use: str, certificate_pem: str) -> None:
    descriptor = etree.SubElement(role, f"{{{MD}}}KeyDescriptor", {"use": use})
    data = etree.SubElement(etree.SubElement(descriptor, f"{{{DS}}}KeyInfo"), f"{{{DS}}}X509Data")
    body = "\n".join(line for line in certificate_pem.split("\n") if line and not line.startswith("-----"))
    etree.SubElement(data, f"{{{DS}}}X509Certificate").text = body
