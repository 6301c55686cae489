"""Shibboleth: the response signed, the assertion encrypted, attributes named by object identifiers, a NameID that changes
every time. Its metadata lists an older protocol first and two signing keys, the one that signs last.
"""

from datetime import timedelta

from portico_simulator.profiles.saml import SamlProfile
from portico_simulator.profiles.saml_habits import (
    EncryptionHabits,
    MetadataHabits,
    ReleasedAttribute,
    Requests,
    Service,
    Window,
    Writing,
)
from portico_simulator.profiles.spec import TRANSIENT, VendorError

_URI = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"
_EDUPERSON = "urn:oid:1.3.6.1.4.1.5923.1"
_FIVE = timedelta(minutes=5)

SHIBBOLETH_SAML = SamlProfile(
    key="shibboleth-saml",
    vendor="Shibboleth",
    entity_id="https://idp.{domain}/idp/shibboleth",
    sso_path="/idp/profile/SAML2/POST/SSO",
    metadata_path="/idp/shibboleth",
    slo_path="/idp/profile/SAML2/Redirect/SLO",
    signed="response",
    name_id_format=TRANSIENT,
    name_id_source="random",
    attributes=(
        ReleasedAttribute("urn:oid:0.9.2342.19200300.100.1.3", "email", _URI),
        ReleasedAttribute("urn:oid:2.5.4.42", "given_name", _URI),
        ReleasedAttribute("urn:oid:2.5.4.4", "family_name", _URI),
        ReleasedAttribute("urn:oid:2.16.840.1.113730.3.1.241", "name", _URI),
        ReleasedAttribute("urn:oid:0.9.2342.19200300.100.1.1", "local_name", _URI),
        ReleasedAttribute(f"{_EDUPERSON}.1.1.6", "scoped_name", _URI),
        ReleasedAttribute(f"{_EDUPERSON}.1.1.1", "affiliation", _URI),
        ReleasedAttribute(f"{_EDUPERSON}.1.1.9", "scoped_affiliation", _URI),
        ReleasedAttribute(f"{_EDUPERSON}.5.1.1", "groups", _URI),
        ReleasedAttribute("urn:oasis:names:tc:SAML:attribute:subject-id", "pairwise", _URI),
    ),
    keys=2,
    signs=1,
    window=Window(timedelta(0), _FIVE, _FIVE),
    writing=Writing(prefixes=("saml2p", "saml2"), typed_values=False),
    metadata=MetadataHabits(
        name_id_formats=(),
        want_signed_requests=None,
        encryption_key="last",
        scope=True,
        more_services=(
            Service(
                "SingleSignOnService", "urn:mace:shibboleth:1.0:profiles:AuthnRequest", "/idp/profile/Shibboleth/SSO"
            ),
            Service(
                "SingleSignOnService",
                "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST-SimpleSign",
                "/idp/profile/SAML2/POST-SimpleSign/SSO",
            ),
            Service("SingleSignOnService", "urn:oasis:names:tc:SAML:2.0:bindings:SOAP", "/idp/profile/SAML2/SOAP/ECP"),
        ),
    ),
    requests=Requests(authn_context=True, paths={"HTTP-Redirect": "/idp/profile/SAML2/Redirect/SSO"}),
    encryption=EncryptionHabits("always", "aes128-gcm"),
    errors=(
        VendorError("", "Unsupported Request", "unknown_application", "page"),
        VendorError("", "", "authn_context", status=("Requester", "NoAuthnContext")),
    ),
)
