"""Which identity providers can be chosen, and finding one by what people call it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.translations import marked
from portico_sdk import AdapterSpec

#: What people still call some of them, and where they sign in: by the first part of an adapter's key.
KNOWN_AS = {
    "entra": "Microsoft Azure Active Directory AAD Office 365 login.microsoftonline.com",
    "adfs": "Microsoft Active Directory Federation Services",
    "google": "Workspace G Suite accounts.google.com",
    "okta": "okta.com",
    "onelogin": "onelogin.com",
    "ping": "PingFederate PingIdentity pingone.com",
    "keycloak": "Red Hat SSO",
    "shibboleth": "university federation",
}
ADDRESSES = {
    "entra": "login.microsoftonline.com",
    "google": "accounts.google.com",
    "okta": "company.okta.com",
    "adfs": marked("your server/adfs/ls"),
    "onelogin": "company.onelogin.com",
    "ping": "auth.pingone.com",
}


@dataclass(frozen=True, slots=True)
class Provider:
    """One choice: an adapter's key, its label, and where people see its sign-in page."""

    key: str
    label: str
    address: str


def list_providers(specs: Iterable[AdapterSpec], wanted: str = "") -> tuple[Provider, ...]:
    """Return the choices whose name or nickname holds every word of `wanted`; the generic ones last, and always."""
    words = wanted.casefold().split()
    found = []
    for spec in specs:
        vendor = spec.key.partition("-")[0]
        generic = spec.key in ("saml", "oidc")
        text = f"{spec.label} {spec.key} {KNOWN_AS.get(vendor, '')} {spec.protocol}".casefold()
        if generic or all(word in text for word in words):
            found.append((generic, spec.label.casefold(), Provider(spec.key, spec.label, ADDRESSES.get(vendor, ""))))
    return tuple(provider for _, _, provider in sorted(found, key=lambda one: one[:2]))
