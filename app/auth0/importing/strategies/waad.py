"""`waad`: the same application registration of Microsoft Entra ID, with one more redirect URI."""

from __future__ import annotations

import re

from app.auth0.importing.existing import ExistingConnection
from app.auth0.importing.options import Options
from app.auth0.importing.proposal import REDIRECT_URI, Asked, LegacyIds, Proposal
from app.auth0.importing.strategies.credentials import (
    NOTHING,
    carry_credentials,
    own_registration,
    read_credentials,
)

_TENANT = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_LOGIN = "https://login.microsoftonline.com"

_THEIRS = f"In Entra ID, add {REDIRECT_URI} to the redirect URIs (Web) of the application {{client_id}}."
_WS_FED = (
    f"In Entra ID, register an application with the redirect URI {REDIRECT_URI} and give us its client ID and a client "
    "secret: the present one is for WS-Federation."
)


def judge_waad(existing: ExistingConnection, asked: Asked) -> Proposal:
    """Return a draft of Entra over OpenID Connect, for exactly one directory."""
    options = existing.options
    client_id = options.text("client_id", "app_id")[:200]
    if options.flag("use_wsfed") or options.text("waad_protocol") == "ws-federation":
        shared, verdict, must_change, credentials = False, "new-setup", _WS_FED, {}
    else:
        shared = options.flag("useCommonEndpoint", "waad_common_endpoint") or existing.name in asked.own_registrations
        verdict = "nothing" if shared else "one-thing"
        must_change = NOTHING if shared else _THEIRS.replace("{client_id}", client_id or "of this connection")
        credentials = read_credentials(options)
    tenant = _tenant(options, asked)
    issuer = {"issuer": f"{_LOGIN}/{tenant}/v2.0"} if tenant else {}
    source = options.text("userid_attribute", "user_id_attribute")
    return Proposal(
        verdict=verdict,  # type: ignore[arg-type]
        must_change=must_change,
        adapter="entra-oidc",
        settings={**issuer, **credentials},
        carries=carry_credentials(options) if credentials else (),
        lost=tuple(_lost(options)),
        confirm=(*(own_registration(options) if shared else ()), *_confirm(options, tenant, source)),
        legacy=LegacyIds("waad|", source if source in ("oid", "sub") else "oid"),
    )


def _tenant(options: Options, asked: Asked) -> str:
    """The directory's id: as it is written down, else as Microsoft says for one of its domains."""
    for name in ("tenantId", "tenant_id", "tenant_domain", "domain"):
        if _TENANT.fullmatch(options.text(name)):
            return options.text(name).lower()
    for domain in (options.text("tenant_domain"), options.text("domain")):
        if _DOMAIN.fullmatch(domain):
            issuer = asked.read_issuer(f"{_LOGIN}/{domain}/v2.0/.well-known/openid-configuration")
            if found := re.fullmatch(rf"{re.escape(_LOGIN)}/({_TENANT.pattern})/v2\.0", issuer):
                return found[1].lower()
    return ""


def _lost(options: Options) -> list[str]:
    if options.flag("ext_groups", "ext_nested_groups") or "ext_groups" in options.texts("scope"):
        return ["Groups were read from Microsoft Graph; here they come in the ID token: add the groups claim there."]
    return []


def _confirm(options: Options, tenant: str, source: str) -> list[str]:
    said = [] if tenant else ["Which directory it is does not stand in the export: set its tenant ID in the issuer."]
    if source not in ("oid", "sub"):
        said.append(
            "Old ids are taken to be object ids (oid): compare with one of the tenant's users of this connection."
        )
    if options.is_hidden("client_secret"):
        said.append("The client secret is hidden in the export: set it.")
    return said
