"""Importing an application's metadata, as an administrator does instead of typing its values."""

from __future__ import annotations

import textwrap
from typing import Any

from lxml import etree

from portico_simulator.saml.names import BINDINGS, DS, MD


def read_service_provider(document: str) -> dict[str, Any]:
    """Return entity ID, addresses and certificates of the service provider. Raises ValueError when there is none.

    A key that does not say what it is for counts for both uses: that is how providers come to encrypt unasked.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(document.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise ValueError("the metadata is not XML") from error
    role = root.find(f"{{{MD}}}SPSSODescriptor")
    if role is None:
        raise ValueError("the metadata describes no service provider")
    found: dict[str, Any] = {
        "entity_id": root.get("entityID", ""),
        "acs_urls": _locations(role, "AssertionConsumerService"),
        "certificate": _certificate(role, "signing"),
        "encryption_certificate": _certificate(role, "encryption"),
    }
    if addresses := _locations(role, "SingleLogoutService"):
        found["slo_url"] = addresses[0]
    if role.get("AuthnRequestsSigned") in ("true", "1") and found["certificate"]:
        found["require_signed_requests"] = True
    return found


def _locations(role: etree._Element, service: str) -> list[str]:
    bindings = (BINDINGS + "HTTP-POST", BINDINGS + "HTTP-Redirect")
    endpoints = role.findall(f"{{{MD}}}{service}")
    return [endpoint.get("Location", "") for endpoint in endpoints if endpoint.get("Binding") in bindings]


def _certificate(role: etree._Element, use: str) -> str | None:
    for key in role.findall(f"{{{MD}}}KeyDescriptor"):
        if key.get("use", use) == use:
            text = "".join((key.findtext(f".//{{{DS}}}X509Certificate") or "").split())
            lines = "\n".join(textwrap.wrap(text, 64))
            return f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n"
    return None
