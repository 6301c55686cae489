"""Which judgement a strategy gets. Adapter keys stand here as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.auth0.importing.existing import ExistingConnection
from app.auth0.importing.proposal import Asked, Proposal
from app.auth0.importing.strategies.adfs import judge_adfs
from app.auth0.importing.strategies.google import judge_google
from app.auth0.importing.strategies.oidc import judge_oidc
from app.auth0.importing.strategies.okta import judge_okta
from app.auth0.importing.strategies.saml import judge_saml
from app.auth0.importing.strategies.waad import judge_waad

_JUDGES: Mapping[str, Callable[[ExistingConnection, Asked], Proposal]] = {
    "samlp": judge_saml,
    "pingfederate": judge_saml,
    "adfs": judge_adfs,
    "waad": judge_waad,
    "okta": judge_okta,
    "oidc": judge_oidc,
    "google-apps": judge_google,
}

_AGENT = (
    "The agent in your network answers passwords to Auth0 alone. An identity provider that speaks SAML or OpenID Connect "
    "is needed, such as AD FS or Entra ID; until then the connection stays in Auth0."
)


def judge(existing: ExistingConnection, asked: Asked) -> Proposal:
    """Return what becomes of the connection; strategies without a counterpart get no draft, and are told why."""
    chosen = _JUDGES.get(existing.strategy)
    return chosen(existing, asked) if chosen else Proposal("not-migratable", _AGENT)
