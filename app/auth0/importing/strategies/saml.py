"""`samlp` and `pingfederate`: the provider keeps what it knows of us, except where an address or a key cannot move."""

from __future__ import annotations

from typing import Any

from app.auth0.importing.certificates import Certificate
from app.auth0.importing.claim_rules import find_id_sources, read_fields_map
from app.auth0.importing.existing import ExistingConnection
from app.auth0.importing.proposal import ACS_URL, METADATA_URL, Asked, LegacyIds, Proposal, Verdict
from app.auth0.importing.strategies.saml_own_side import OwnSide, read_own_side
from app.auth0.importing.strategies.saml_provider import Provider, read_provider
from portico_sdk import Clue


def judge_saml(existing: ExistingConnection, asked: Asked) -> Proposal:
    """Return a draft that keeps our old entity ID and, behind a custom domain, the old ACS URL too."""
    options = existing.options
    provider, own = read_provider(options, asked), read_own_side(existing, asked)
    clue = Clue(text=provider.metadata_url, entity_id=provider.entity_id, endpoints=(provider.sso_url,))
    rules, unmapped = read_fields_map(options, asked.attributes)
    sources = find_id_sources(options)
    verdict, must_change = _verdict(existing, asked, provider, own)
    return Proposal(
        verdict=verdict,
        must_change=must_change,
        adapter=asked.recognize(clue, "saml"),
        settings={**provider.settings(), **own.settings(), **_logout(provider, own), "subject_attribute": sources[0]},
        claim_rules=rules,
        signing_key=own.signing_key,
        decryption_key=own.decryption_key,
        carries=(f"Our entity ID stays {own.entity_id}.", *provider.carries, *own.carries),
        lost=(*own.lost, *unmapped),
        confirm=(
            *provider.confirm,
            *_about_logout(provider, own),
            *_expired(provider.certificates, asked),
            *_several(sources),
        ),
        certificates=provider.certificates,
        legacy=LegacyIds(f"{existing.strategy}|{existing.name}|", sources[0]),
    )


def _verdict(existing: ExistingConnection, asked: Asked, provider: Provider, own: OwnSide) -> tuple[Verdict, str]:
    """One visit to the page of our application at the provider is one thing, whatever is changed there."""
    old = f"https://{asked.tenant_host}/login/callback?connection={existing.name}"
    at_our_page, why = [], f"Our entity ID {own.entity_id} stays."
    if not own.acs_urls:
        at_our_page.append(f"the ACS URL (Reply URL) {old} by {ACS_URL}")
    if own.needs_certificate:
        at_our_page.append(f"our certificate by the one in {METADATA_URL}")
        why += " Requests are signed with another key from now on."
    tasks = [f"In your identity provider, replace {', and '.join(at_our_page)}. {why}"] if at_our_page else []
    if not provider.certificates and not provider.metadata_url:
        tasks.append("Send us the certificate that your identity provider signs with, or its metadata URL.")
    verdict: Verdict = "nothing" if not tasks else "one-thing" if len(tasks) == 1 else "new-setup"
    nothing = (
        f"Nothing, if your identity provider posts to {(*own.acs_urls, '')[0]}. Replace {old} by that if it does not."
    )
    return verdict, " ".join(tasks) or nothing


def _logout(provider: Provider, own: OwnSide) -> dict[str, bool]:
    """Our logout requests are signed: a provider that does not know the key would show people an error."""
    return {"sign_out_at_provider": False} if provider.slo_url and own.signing_key is None else {}


def _about_logout(provider: Provider, own: OwnSide) -> list[str]:
    if not _logout(provider, own):
        return []
    return [
        "Signing out at their provider is off: turn sign_out_at_provider on when it knows our certificate and logout URL."
    ]


def _expired(certificates: tuple[Certificate, ...], asked: Asked) -> list[str]:
    return [
        f"The certificate {one.subject or one.sha256[:16]} ended on {one.not_after:%d %B %Y}: ask for its successor."
        for one in certificates
        if one.not_after <= asked.now
    ]


def _several(sources: tuple[str, ...]) -> list[str]:
    if len(sources) == 1:
        return []
    others: Any = ", ".join(sources[1:4])
    return [f"People are known by {sources[0]} alone; Auth0 fell back to {others} where it was missing."]
