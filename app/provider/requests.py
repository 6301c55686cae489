"""An authorization request, before and after it was checked: two types, so that they are not mistaken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.access import RegisteredClient

#: Every parameter that means something here. `claims`, `claims_locales` and `display` do not: they are optional to support.
UNDERSTOOD = frozenset(
    {
        "client_id", "redirect_uri", "response_type", "response_mode", "scope", "state", "nonce",
        "code_challenge", "code_challenge_method", "prompt", "max_age", "login_hint", "id_token_hint", "ui_locales",
        "acr_values", "connection", "organization", "domain_hint", "request", "request_uri", "registration",
    }
)  # fmt: skip


@dataclass(slots=True)
class UnverifiedRequest:
    """What arrived at /oauth2/authorize: parameter names with all their values, and the client once it is known.

    Whatever we do not understand is not in it, and so never the reason for anything (OIDC Core 3.1.2.2, RFC 6749 3.1).
    """

    parameters: Mapping[str, Sequence[str]]
    client: RegisteredClient | None = None

    def __post_init__(self) -> None:
        self.parameters = {name: values for name, values in self.parameters.items() if name in UNDERSTOOD}

    def one(self, name: str) -> str | None:
        """Return the first value of a parameter; None when absent or empty (RFC 6749 3.1: treated as omitted)."""
        values = self.parameters.get(name)
        return (values[0] or None) if values else None


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """A request that passed every check. Only `checks.verify_authorization_request` makes one."""

    client_id: str
    allowed_organizations: tuple[str, ...] | None
    redirect_uri: str
    response_mode: str
    scope: str
    state: str | None = None
    nonce: str | None = None
    code_challenge: str | None = None
    prompt: frozenset[str] = field(default_factory=frozenset)
    max_age_s: int | None = None
    login_hint: str | None = None
    id_token_hint: str | None = None
    ui_locales: str | None = None

    def to_continuation(self, asked_at: int, hinted_sub: str | None) -> dict[str, str]:
        """Return what is needed to answer, as strings.

        Args:
            asked_at: seconds since the epoch.
            hinted_sub: of a verified id_token_hint: nobody else may come back.
        """
        kept = {
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "response_mode": self.response_mode,
            "scope": self.scope,
            "asked_at": str(asked_at),
            "state": self.state,
            "nonce": self.nonce,
            "code_challenge": self.code_challenge,
            "prompt": " ".join(sorted(self.prompt)) or None,
            "hinted_sub": hinted_sub,
            "max_age": None if self.max_age_s is None else str(self.max_age_s),
            "ui_locales": self.ui_locales[:200] if self.ui_locales else None,
        }
        return {key: value for key, value in kept.items() if value is not None}
