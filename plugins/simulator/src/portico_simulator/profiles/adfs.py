"""AD FS over SAML: http entity ID, assertion signed alone, no slack before now, WS-Federation in its metadata."""

from datetime import timedelta

from portico_simulator.profiles.spec import EMAIL_ADDRESS, PERSISTENT, TRANSIENT, ReleasedAttribute, SamlProfile

_IDENTITY = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"

ADFS_SAML = SamlProfile(
    key="adfs-saml",
    vendor="AD FS",
    entity_id="http://adfs.{domain}/adfs/services/trust",
    sso_path="/adfs/ls/",
    metadata_path="/FederationMetadata/2007-06/FederationMetadata.xml",
    bindings=("HTTP-Redirect", "HTTP-POST"),
    name_id_format=PERSISTENT,
    name_id_source="id",
    name_id_formats=(EMAIL_ADDRESS, PERSISTENT, TRANSIENT),
    attributes=(
        ReleasedAttribute(f"{_IDENTITY}/emailaddress", "email"),
        ReleasedAttribute(f"{_IDENTITY}/givenname", "given_name"),
        ReleasedAttribute(f"{_IDENTITY}/surname", "family_name"),
        ReleasedAttribute(f"{_IDENTITY}/upn", "username"),
        ReleasedAttribute("http://schemas.xmlsoap.org/claims/Group", "groups"),
    ),
    not_before=timedelta(0),
    not_on_or_after=timedelta(minutes=60),
    typed_values=False,
    strict_name_id_policy=True,
    encryption_key_first=True,
    role_descriptors=True,
    unknown_application="MSIS7007: the requested relying party trust is unspecified or unsupported.",
    wrong_acs="MSIS3200: no assertion consumer service of the relying party trust has the requested address.",
    not_assigned="MSIS5007: the caller is not allowed to request a token for the relying party.",
)
