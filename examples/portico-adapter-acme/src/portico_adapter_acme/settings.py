"""The settings of a connection, in the words of Acme's console."""

from portico_saml import SETTINGS
from portico_sdk import change_fields

FIELDS = change_fields(
    SETTINGS,
    {
        "idp_entity_id": {
            "label": "Realm address",
            "help": "Acme shows it on the application's page, under Details.",
            "example": "https://globex.acme.example/saml",
        },
        "sso_url": {"label": "Login address", "example": "https://globex.acme.example/saml/login"},
        "certificates": {"label": "Realm certificate"},
    },
)
