"""Acts on clients, their secrets, and API keys."""

from __future__ import annotations

from app.console.acts.act import Act
from app.translations import marked

CLIENT, KEY = "/clients/{client_id}", "/api-keys/{api_key_id}"

ACTS = (
    Act(
        f"{CLIENT}/disable",
        ("client", "get"),
        ("client", "update"),
        marked("Disable %(name)s"),
        (
            "Nobody of any organization signs in through this client any more. Codes and tokens that it holds count for "
            "nothing.",
            "Its settings and secrets are kept, and you can enable it again.",
        ),
        marked("Disable this client"),
        CLIENT,
        type_out="name",
        take=lambda said, path: {"status": "disabled"},
    ),
    Act(
        f"{CLIENT}/delete",
        ("client", "get"),
        ("client", "delete"),
        marked("Delete %(name)s"),
        ("The client and its secrets are gone for good. Nobody of any organization signs in through it any more.",),
        marked("Delete this client"),
        CLIENT,
        then="/clients",
        type_out="name",
    ),
    Act(
        f"{CLIENT}/secrets/{{secret_id}}/revoke",
        ("client", "get"),
        ("client", "revoke-secret"),
        marked("Revoke a secret of %(name)s"),
        (
            "The secret %(secret_id)s counts for nothing from this moment.",
            "When the application still uses it, nobody can sign in until it has another one.",
        ),
        marked("Revoke the secret"),
        CLIENT,
        about=("client_id",),
    ),
    Act(
        f"{KEY}/revoke",
        ("api-key", "get"),
        ("api-key", "revoke"),
        marked("Revoke the key %(name)s"),
        ("Programs that use the key ending in %(hint)s are refused from this moment.", "This cannot be taken back."),
        marked("Revoke this key"),
        "/api-keys",
    ),
)
