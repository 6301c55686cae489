"""Acts on clients, their secrets, and API keys."""

from __future__ import annotations

from app.console.acts.act import Act

CLIENT, KEY = "/clients/{client_id}", "/api-keys/{api_key_id}"

ACTS = (
    Act(
        f"{CLIENT}/disable",
        ("client", "get"),
        ("client", "update"),
        "Disable {name}",
        (
            "Nobody of any organization signs in through this client any more. Codes and tokens that it holds count for "
            "nothing.",
            "Its settings and secrets are kept, and you can enable it again.",
        ),
        "Disable this client",
        CLIENT,
        type_out="name",
        take=lambda said, path: {"status": "disabled"},
    ),
    Act(
        f"{CLIENT}/delete",
        ("client", "get"),
        ("client", "delete"),
        "Delete {name}",
        ("The client and its secrets are gone for good. Nobody of any organization signs in through it any more.",),
        "Delete this client",
        CLIENT,
        then="/clients",
        type_out="name",
    ),
    Act(
        f"{CLIENT}/secrets/{{secret_id}}/revoke",
        ("client", "get"),
        ("client", "revoke-secret"),
        "Revoke a secret of {name}",
        (
            "The secret {secret_id} counts for nothing from this moment.",
            "When the application still uses it, nobody can sign in until it has another one.",
        ),
        "Revoke the secret",
        CLIENT,
        about=("client_id",),
    ),
    Act(
        f"{KEY}/revoke",
        ("api-key", "get"),
        ("api-key", "revoke"),
        "Revoke the key {name}",
        ("Programs that use the key ending in {hint} are refused from this moment.", "This cannot be taken back."),
        "Revoke this key",
        "/api-keys",
    ),
)
