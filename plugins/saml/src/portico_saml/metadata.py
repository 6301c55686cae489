"""What an identity provider publishes, read with the mistakes that people make when they paste it.

Spec: SAML metadata 2.3 and 2.4.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from lxml import etree

from portico_saml.certificates import MAX_CERTIFICATES, CertificateProblem, read_certificates
from portico_saml.metadata_document import read_document
from portico_saml.names import MD, POST, REDIRECT, SAMLP
from portico_saml.reasons import Refusal
from portico_saml.scope import read_scopes
from portico_saml.times import parse_time
from portico_saml.urls import url_problem
from portico_sdk import CertificateInfo, MetadataEntity, MetadataError, ParsedMetadata

MAX_ENTITIES = 5000
_BINDINGS = {REDIRECT: "redirect", POST: "post"}


def parse_metadata(document: bytes, now: datetime) -> ParsedMetadata:
    """Return every identity provider in the document that a connection could be made of.

    Never takes a NameID format from it, nor any signature, federation or contact data.

    Raises:
        MetadataError: `detail` says what the document is instead, or what it lacks.
    """
    root = read_document(document)
    if root.tag not in (f"{{{MD}}}EntityDescriptor", f"{{{MD}}}EntitiesDescriptor"):
        raise MetadataError("metadata-other-xml", f"This XML is not SAML metadata: it begins with {_short(root)}.")
    descriptors = list(root.iter(f"{{{MD}}}EntityDescriptor"))
    if len(descriptors) > MAX_ENTITIES:
        raise MetadataError("metadata-too-large", f"It describes more than {MAX_ENTITIES} organizations.")
    entities: list[MetadataEntity] = []
    failures: list[MetadataError] = []
    for descriptor in descriptors:
        try:
            entities.append(_read_entity(descriptor, now))
        except MetadataError as error:
            failures.append(error)
    if not entities:
        raise _most_telling(failures)
    return ParsedMetadata(tuple(entities))


def _most_telling(failures: list[MetadataError]) -> MetadataError:
    """The failure of an identity provider says more than that something else is none."""
    others = [failure for failure in failures if failure.code != "metadata-no-provider"]
    return (others or failures or [MetadataError("metadata-no-provider", "The document describes nobody.")])[0]


def _read_entity(descriptor: etree._Element, now: datetime) -> MetadataEntity:
    entity_id = descriptor.get("entityID", "")
    role = _provider_role(descriptor)
    if not entity_id.strip() or len(entity_id) > 1024:
        raise MetadataError("metadata-no-entity-id", "The identity provider has no entity ID.")
    _check_valid_until(role, now)
    certificates, warnings = _certificates(role)
    endpoints = tuple(_endpoints(role))
    settings: dict[str, object] = {"idp_entity_id": entity_id, "certificates": [info.pem for info in certificates]}
    settings |= _usable(endpoints, "SingleSignOnService", ("sso_url", "sso_binding"), warnings)
    if "sso_url" not in settings:
        raise MetadataError("metadata-no-sso-url", "It has no single sign-on URL that we can use." + _tail(warnings))
    if scopes := read_scopes(role):
        settings["accepted_scopes"] = scopes
    settings |= _usable(endpoints, "SingleLogoutService", ("slo_url", "slo_binding"), warnings)
    for info in certificates:
        if info.not_after <= now:
            warnings.append(f"The certificate {info.subject} ended on {info.not_after:%d %b %Y}.")
    wants_signed = role.get("WantAuthnRequestsSigned") in ("true", "1")
    if wants_signed:
        warnings.append("It says that requests should be signed. Turn that on if sign-ins are refused there.")
    return MetadataEntity(entity_id, settings, certificates, endpoints, tuple(dict.fromkeys(warnings)), wants_signed)


def _provider_role(descriptor: etree._Element) -> etree._Element:
    roles = descriptor.findall(f"{{{MD}}}IDPSSODescriptor")
    for role in roles:
        if SAMLP in role.get("protocolSupportEnumeration", "").split():
            return role
    if roles:
        raise MetadataError("metadata-old-saml", "It speaks only an older version than SAML 2.0.")
    if descriptor.find(f"{{{MD}}}SPSSODescriptor") is not None:
        detail = "This is the metadata of an application, perhaps our own, not of an identity provider."
        raise MetadataError("metadata-no-provider", detail)
    raise MetadataError("metadata-no-provider", "The document describes no identity provider.")


def _check_valid_until(role: etree._Element, now: datetime) -> None:
    element: etree._Element | None = role
    while element is not None:
        if (text := element.get("validUntil")) is not None:
            try:
                ended = parse_time(text, "validUntil") <= now
            except Refusal as refusal:
                raise MetadataError("metadata-valid-until", "Its validUntil is not a UTC time.") from refusal
            if ended:
                raise MetadataError("metadata-expired", f"The document was valid until {text}. Get a new one.")
        element = element.getparent()


def _certificates(role: etree._Element) -> tuple[tuple[CertificateInfo, ...], list[str]]:
    """The signing certificates; a key without `use` serves for signing too."""
    found: dict[str, CertificateInfo] = {}
    warnings: list[str] = []
    codes: list[str] = []
    for descriptor in role.findall(f"{{{MD}}}KeyDescriptor"):
        if descriptor.get("use", "signing") != "signing":
            continue
        for certificate in descriptor.iter("{*}X509Certificate"):  # some write it in no or a mistyped namespace
            try:
                found |= {info.sha256: info for info in read_certificates([certificate.text or ""])}
            except CertificateProblem as problem:
                codes.append(problem.code)
                warnings.append(f"One of its certificates cannot be used. {problem.message}")
    if not found:
        code = "metadata-weak-key" if "certificate-weak" in codes else "metadata-no-certificate"
        raise MetadataError(code, "It has no certificate that we can verify sign-ins with." + _tail(warnings))
    return tuple(found.values())[:MAX_CERTIFICATES], warnings


def _endpoints(role: etree._Element) -> Iterator[tuple[str, str, str]]:
    for service in ("SingleSignOnService", "SingleLogoutService"):
        for endpoint in role.findall(f"{{{MD}}}{service}"):
            yield service, endpoint.get("Binding", ""), endpoint.get("Location", "").strip()


def _usable(
    endpoints: tuple[tuple[str, str, str], ...], service: str, names: tuple[str, str], warnings: list[str]
) -> dict[str, str]:
    """The endpoint of `service` to use: HTTP-Redirect where there is one, else HTTP-POST."""
    usable: dict[str, str] = {}
    for kind, binding, location in endpoints:
        if kind != service or binding not in _BINDINGS:
            continue
        if problem := url_problem(location):
            warnings.append(f"Its address for {service} cannot be used. {problem}")
            continue
        usable.setdefault(_BINDINGS[binding], location)
    for binding in ("redirect", "post"):
        if binding in usable:
            url_name, binding_name = names
            return {url_name: usable[binding]} | ({binding_name: binding} if binding_name else {})
    return {}


def _tail(warnings: list[str]) -> str:
    return "".join(f" {warning}" for warning in dict.fromkeys(warnings))[:500]


def _short(element: etree._Element) -> str:
    return str(etree.QName(element).localname)[:60]
