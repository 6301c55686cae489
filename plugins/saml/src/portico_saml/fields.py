"""The settings of a SAML connection, as data, and the steps of setting one up at any provider."""

from __future__ import annotations

from portico_sdk import SettingField, SetupStep

SETTINGS: tuple[SettingField, ...] = (
    SettingField(
        "idp_entity_id",
        "text",
        "Issuer",
        required=True,
        editable_by="customer",
        help="Also called entity ID. Compared exactly, with case and slashes.",
        example="https://idp.example.com/metadata",
    ),
    SettingField(
        "sso_url",
        "url",
        "Single sign-on URL",
        required=True,
        editable_by="customer",
        help="Where we send people to sign in.",
        example="https://idp.example.com/sso",
    ),
    SettingField(
        "sso_binding",
        "choice",
        "How requests are sent",
        editable_by="customer",
        default="redirect",
        choices=("redirect", "post"),
        help="HTTP-Redirect suits nearly every provider; some publish HTTP-POST only.",
    ),
    SettingField(
        "slo_url",
        "url",
        "Single logout URL",
        editable_by="customer",
        help="Where we sign people out. Our requests are signed: the provider needs our certificate and logout URL.",
        example="https://idp.example.com/slo",
    ),
    SettingField(
        "slo_binding",
        "choice",
        "How logout messages are sent",
        editable_by="customer",
        default="redirect",
        choices=("redirect", "post"),
    ),
    SettingField(
        "sign_out_at_provider",
        "boolean",
        "Sign people out at the provider too",
        default=True,
        help="When an application signs somebody out and there is a single logout URL.",
    ),
    SettingField(
        "certificates",
        "certificates",
        "Signing certificates",
        required=True,
        editable_by="customer",
        help="All that the provider may sign with, old and new. Their dates are shown and watched, the keys are trusted.",
    ),
    SettingField(
        "metadata_url",
        "url",
        "Metadata URL",
        editable_by="customer",
        help="Read again every day, so that a new certificate never locks people out.",
        example="https://idp.example.com/metadata",
    ),
    SettingField(
        "sign_requests",
        "boolean",
        "Sign requests",
        editable_by="customer",
        default=False,
        help="Turn on when the provider demands signed requests; it then needs our certificate.",
    ),
    SettingField(
        "signed",
        "choice",
        "What must be signed",
        default="either",
        choices=("assertion", "response", "either", "both"),
        help="Whatever is chosen, an assertion counts only when a signature covers it.",
    ),
    SettingField(
        "encryption",
        "choice",
        "Encryption",
        default="optional",
        choices=("optional", "required"),
        help="Required: our metadata publishes a key for it, and assertions in clear are refused.",
    ),
    SettingField(
        "name_id_format",
        "text",
        "NameID format to ask for",
        help="Leave empty unless the provider insists: AD FS refuses a format that its rules do not issue.",
        example="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
    ),
    SettingField("force_authn", "boolean", "Ask to authenticate again each time", default=False),
    SettingField(
        "authn_context",
        "list",
        "Authentication contexts to ask for",
        help="Leave empty unless agreed: Entra refuses people who signed in by another method.",
        example="urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
    ),
    SettingField(
        "allow_idp_initiated",
        "boolean",
        "Allow starting at the provider",
        default=False,
        help="The response is checked and then thrown away; the person signs in from here, usually without noticing.",
    ),
    SettingField("idp_initiated_client_id", "text", "Application to open when started at the provider"),
    SettingField(
        "idp_initiated_targets",
        "list",
        "Pages of it to open",
        help="Each as KEY=URL. A RelayState that is one of these keys becomes target_link_uri; any other means nothing.",
        example="reports=https://app.example.com/reports",
    ),
    SettingField(
        "clock_skew_s",
        "integer",
        "Clock difference allowed, in seconds",
        default=180,
        minimum=0,
        maximum=300,
    ),
    SettingField(
        "sp_entity_id",
        "text",
        "Our entity ID",
        help="Empty means our metadata URL. Set for a connection that was moved here with its old identity.",
    ),
    SettingField("accepted_audiences", "list", "Further audiences to accept", help="Compared exactly."),
    SettingField("accepted_acs_urls", "list", "Further ACS URLs to accept", help="Compared exactly."),
    SettingField(
        "requested_acs_url",
        "url",
        "ACS URL to ask for",
        help="One of the further ACS URLs, for a provider that knows no other. Empty means our own.",
    ),
    SettingField(
        "subject_attribute",
        "text",
        "Attribute that identifies a person",
        help="Empty: what is safe for this provider. Choose one that is never given to another person. "
        "After the first sign-in a change makes new people of everybody.",
        example="urn:oasis:names:tc:SAML:attribute:subject-id",
    ),
)

SETUP_STEPS: tuple[SetupStep, ...] = (
    SetupStep(
        "create-application",
        "Create a SAML application",
        "In your identity provider, add an application that signs in with SAML 2.0 and copy these values into it.",
        copies=(
            ("entity_id", "Entity ID, also called Audience or Identifier"),
            ("acs_url", "ACS URL, also called Reply URL or Single sign-on URL"),
            ("metadata_url", "Metadata URL, if it can read our values from there"),
        ),
    ),
    SetupStep(
        "give-metadata",
        "Give us its metadata",
        "Paste the metadata URL of your identity provider, or choose its file. If it has neither, fill in the next page by "
        "hand.",
        asks=("metadata_url",),
    ),
    SetupStep(
        "check-values",
        "Check its address and certificates",
        "Compare these values with your identity provider's console. Paste every certificate it may sign with.",
        asks=("idp_entity_id", "sso_url", "sso_binding", "certificates"),
    ),
    SetupStep(
        "assign-people",
        "Assign people",
        "In your identity provider, give the people or groups who should sign in access to the application.",
    ),
)
