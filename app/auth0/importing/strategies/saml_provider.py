"""The customer's side of a SAML connection: issuer, addresses, certificates. Auth0 does not store the issuer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.auth0.importing.certificates import Certificate, list_signing_texts, read_certificates
from app.auth0.importing.options import Options
from app.auth0.importing.proposal import Asked, Fetched
from portico_sdk import MetadataEntity

#: Issuers that vendors derive from the same ids as the sign-in address: (its form, the issuer). Presumed, to be confirmed.
_DERIVED: Final = (
    (r"https://[a-z0-9-]+\.(?:okta|oktapreview|okta-emea)\.com/app/[^/?#]+/(exk[A-Za-z0-9]+)/sso/saml",
     "http://www.okta.com/{0}"),
    (r"https://login\.microsoftonline\.com/([0-9a-fA-F-]{36})/saml2", "https://sts.windows.net/{0}/"),
    (r"https://accounts\.google\.com/o/saml2/idp\?idpid=([A-Za-z0-9]+)",
     "https://accounts.google.com/o/saml2?idpid={0}"),
    (r"https://([^/?#]+)/adfs/ls/?", "http://{0}/adfs/services/trust"),
    (r"(https://auth\.pingone\.[a-z.]+/[0-9a-f-]{36})/saml20/idp/sso", "{0}"),
)  # fmt: skip
_POST: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"


@dataclass(frozen=True, slots=True)
class Provider:
    """What is known of the identity provider. Empty texts are unknown."""

    entity_id: str
    sso_url: str
    sso_binding: str
    slo_url: str
    metadata_url: str
    certificates: tuple[Certificate, ...]
    carries: tuple[str, ...]
    confirm: tuple[str, ...]

    def settings(self) -> dict[str, Any]:
        """Return what the draft stores of it."""
        known = {
            "idp_entity_id": self.entity_id,
            "sso_url": self.sso_url,
            "sso_binding": self.sso_binding,
            "slo_url": self.slo_url,
            "metadata_url": self.metadata_url,
            "certificates": [one.pem for one in self.certificates],
        }
        return {name: value for name, value in known.items() if value}


def read_provider(options: Options, asked: Asked) -> Provider:
    """Return the provider's side, from its metadata where that can be had, else from what Auth0 kept."""
    metadata_url = options.text("metadataUrl")
    document = options.text("metadataXml") or metadata_url
    fetched = asked.read_metadata(document) if document else Fetched()
    entity = fetched.entity
    said: Mapping[str, Any] = entity.settings if entity else {}
    sso_url = options.text("signInEndpoint") or str(said.get("sso_url") or "") or _ping_url(options)
    presumed = _presume(sso_url)
    certificates = read_certificates(list_signing_texts(options)) or _of_metadata(entity)
    return Provider(
        entity_id=entity.entity_id if entity else presumed,
        sso_url=sso_url,
        sso_binding=_binding(options, said),
        slo_url="" if options.flag("disableSignout") else _slo_url(options, sso_url),
        metadata_url=metadata_url if entity else "",
        certificates=_joined(certificates, entity),
        carries=("Issuer, addresses and certificates come from their metadata.",) if entity else (),
        confirm=(*_about_issuer(entity, presumed), *_about_metadata(metadata_url, fetched)),
    )


def _ping_url(options: Options) -> str:
    base = options.text("pingFederateBaseUrl").rstrip("/")
    return f"{base}/idp/SSO.saml2" if base else ""


def _presume(sso_url: str) -> str:
    for form, issuer in _DERIVED:
        if found := re.fullmatch(form, sso_url):
            return issuer.format(found[1])
    return ""


def _binding(options: Options, said: Mapping[str, Any]) -> str:
    """Auth0 sends by redirect unless told otherwise."""
    wanted = options.text("protocolBinding", "bindingMethod")
    if wanted:
        return "post" if wanted in (_POST, "HTTP-POST") else "redirect"
    return "redirect" if options.text("signInEndpoint") else str(said.get("sso_binding") or "redirect")


def _slo_url(options: Options, sso_url: str) -> str:
    """Auth0 takes the sign-in address where no other is given; a provider that has no logout there would only fail."""
    url = options.text("signOutEndpoint")
    return "" if url == sso_url else url


def _of_metadata(entity: MetadataEntity | None) -> tuple[Certificate, ...]:
    return read_certificates(info.pem for info in entity.certificates) if entity else ()


def _joined(certificates: tuple[Certificate, ...], entity: MetadataEntity | None) -> tuple[Certificate, ...]:
    """What Auth0 trusted, and what metadata says beside it: a provider may be about to change over."""
    both = {one.sha256: one for one in (*certificates, *_of_metadata(entity))}
    return tuple(both.values())


def _about_issuer(entity: MetadataEntity | None, presumed: str) -> list[str]:
    if entity:
        return []
    if presumed:
        return [
            f"Their issuer is presumed to be {presumed}, by the form of their sign-in address: a test sign-in tells."
        ]
    return [
        "Their issuer (entity ID) is unknown: Auth0 never stored it. Ask for their metadata, or try a test sign-in."
    ]


def _about_metadata(url: str, fetched: Fetched) -> list[str]:
    return [f"Their metadata at {url[:300]} could not be read: {fetched.failure}"] if url and fetched.failure else []
