"""Setting up Keycloak for SAML, page by page of its console."""

from __future__ import annotations

from portico_sdk import SetupStep

STEPS: tuple[SetupStep, ...] = (
    SetupStep(
        "create-client",
        "Create a client in Keycloak",
        "In the admin console choose your realm, then Clients › Create client. Client ID must be our entity ID, byte for "
        "byte. Or choose Clients › Import client and upload our metadata, which sets the certificate too.",
        copies=(("entity_id", "Client ID"), ("metadata_url", "Import client: our metadata")),
        choices=(("Client type", "SAML"),),
    ),
    SetupStep(
        "copy-values",
        "Copy our ACS URL into Keycloak",
        "On the next page, or on the client's Settings tab, paste it, and Save.",
        copies=(("acs_url", "Valid redirect URIs"), ("acs_url", "Master SAML Processing URL")),
        choices=(
            ("Name ID format", "persistent"),
            ("Force name ID format", "On"),
            ("Include AuthnStatement", "On"),
            ("Sign documents", "On"),
            ("Signature algorithm", "RSA_SHA256"),
        ),
    ),
    SetupStep(
        "certificate",
        "Give Keycloak our certificate",
        "Open the client's Keys tab. Leave Client signature required on, choose Import key and paste our certificate. "
        "Without it Keycloak shows Invalid requester.",
        copies=(("certificate", "Import key: certificate PEM"),),
        choices=(("Client signature required", "On"), ("Encrypt assertions", "Off")),
    ),
    SetupStep(
        "attributes",
        "Release e-mail address, name and groups",
        "Open Client scopes › the scope that ends in -dedicated › Add mapper › By configuration. Add a User Property "
        "mapper for each of the first three lines and a Group list mapper for the last.",
        choices=(
            ("User Property: email", "SAML Attribute Name: email"),
            ("User Property: firstName", "SAML Attribute Name: firstName"),
            ("User Property: lastName", "SAML Attribute Name: lastName"),
            ("Group list", "Group attribute name: groups, Single Group Attribute: On, Full group path: Off"),
        ),
    ),
    SetupStep(
        "give-metadata",
        "Give us the realm's metadata",
        "Open Realm settings › General › Endpoints and copy the address of SAML 2.0 Identity Provider Metadata. We read it "
        "again every day, so a new key never locks your people out.",
        asks=("metadata_url",),
    ),
    SetupStep(
        "check-values",
        "Check its address and certificates",
        "The realm's address is the one that the metadata names; it changes with the host name of Keycloak.",
        asks=("idp_entity_id", "sso_url", "certificates", "sign_requests"),
    ),
    SetupStep(
        "assign-people",
        "Say who may sign in",
        "Keycloak lets in everybody of the realm. To let in fewer, give the client a flow with a role condition under "
        "Authentication, and the role to people or groups.",
    ),
)
