"""Setting up AD FS for SAML, page by page of its wizard."""

from __future__ import annotations

from portico_adfs.claim_rules import ATTRIBUTES_RULE, NAME_ID_RULE, NOT_BEFORE_SKEW
from portico_sdk import SetupStep

STEPS: tuple[SetupStep, ...] = (
    SetupStep(
        "add-trust",
        "Add a relying party trust",
        "On the AD FS server open Server Manager › Tools › AD FS Management › Relying Party Trusts › Add Relying Party "
        "Trust… and choose Claims aware, then Start. With outbound https paste our metadata URL under Import data about "
        "the relying party published online or on a local network, and skip the next page.",
        copies=(("metadata_url", "Federation metadata address (host name or URL)"),),
    ),
    SetupStep(
        "copy-values",
        "Or enter our two values by hand",
        "Choose Enter data about the relying party manually, type a Display name, and configure no certificate.",
        copies=(
            ("acs_url", "Relying party SAML 2.0 SSO service URL"),
            ("entity_id", "Relying party trust identifier"),
        ),
        choices=(("Enable support for the SAML 2.0 WebSSO protocol", "ticked"),),
    ),
    SetupStep(
        "assign-people",
        "Say who may sign in",
        "On Choose Access Control Policy choose who may use it, then Next and Close, with Configure claims issuance policy "
        "for this application ticked.",
        choices=(("Choose an access control policy", "Permit everyone, or Permit specific group"),),
    ),
    SetupStep(
        "attributes-rule",
        "Release e-mail address, name and groups",
        "In Edit Claim Issuance Policy choose Add Rule › Send Claims Using a Custom Rule and paste the rule. By hand: Send "
        "LDAP Attributes as Claims with the pairs below.",
        choices=(
            ("Attribute store", "Active Directory"),
            ("E-Mail-Addresses", "E-Mail Address"),
            ("Given-Name", "Given Name"),
            ("Surname", "Surname"),
            ("User-Principal-Name", "UPN"),
            ("Token-Groups - Unqualified Names", "Group"),
        ),
        snippets=(("Custom rule: attributes", ATTRIBUTES_RULE),),
    ),
    SetupStep(
        "name-id-rule",
        "Name people for good",
        "Add a second rule, again Send Claims Using a Custom Rule. It sends the security identifier as NameID, which is "
        "never given to another account. Without a rule AD FS sends no NameID, and nobody can sign in.",
        snippets=(("Custom rule: persistent NameID", NAME_ID_RULE),),
    ),
    SetupStep(
        "give-metadata",
        "Give us the metadata of AD FS",
        "It stands under your server's name, at /FederationMetadata/2007-06/FederationMetadata.xml. We read it again every "
        "day: AD FS replaces its certificate every year by itself. If we cannot reach the server, upload the file; we then "
        "remind you before the certificate ends.",
        asks=("metadata_url",),
    ),
    SetupStep(
        "check-values",
        "Check its address and certificates",
        "AD FS Management shows the identifier under Edit Federation Service Properties, and the certificates under "
        "Service › Certificates › Token-signing.",
        asks=("idp_entity_id", "sso_url", "certificates"),
        snippets=(("PowerShell, only if sign-ins are refused as not valid yet", NOT_BEFORE_SKEW),),
    ),
)
