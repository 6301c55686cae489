"""`google-apps`: the same OAuth client at Google, with one more redirect URI; `hd` is compared with the domains."""

from __future__ import annotations

from app.auth0.importing.existing import ExistingConnection
from app.auth0.importing.options import Options
from app.auth0.importing.proposal import Asked, LegacyIds, Proposal
from app.auth0.importing.strategies.credentials import (
    NOTHING,
    ask_for,
    confirm_secret,
    own_registration,
    read_credentials,
)


def judge_google(existing: ExistingConnection, asked: Asked) -> Proposal:
    """Return a draft of Google over OpenID Connect that takes people of the customer's Workspace domains alone."""
    options = existing.options
    shared = existing.name in asked.own_registrations
    domains = _domains(options)
    by_id = options.flag("map_user_id_to_id")
    return Proposal(
        verdict="nothing" if shared else "one-thing",
        must_change=NOTHING if shared else ask_for(options, "In Google Cloud"),
        adapter="google-oidc",
        settings={**({"hosted_domains": domains} if domains else {}), **read_credentials(options)},
        carries=(f"Only people of {', '.join(domains[:5])} are let in.",) if domains else (),
        lost=tuple(_lost(options)),
        confirm=(
            *(own_registration(options) if shared else ()),
            *confirm_secret(options),
            *([] if domains else ["Set their Google Workspace domains."]),
        ),
        legacy=LegacyIds("google-apps|", "sub" if by_id else "email"),
    )


def _domains(options: Options) -> list[str]:
    """Never the aliases: those only route, and a domain named here lets its people in."""
    named = (options.text("tenant_domain"), options.text("domain"))
    return list(dict.fromkeys(name.lower() for name in named if name))


def _lost(options: Options) -> list[str]:
    if options.flag("ext_groups", "api_enable_users"):
        return ["Groups were read by Google's directory API; an ID token of Google has none."]
    return []
