"""What is ours among the adapters: data only. The gateway imports none of them."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: Key -> the one distribution that may register it, installed or not.
RESERVED_KEYS: Mapping[str, str] = {
    "saml": "portico-saml",
    "oidc": "portico-oidc",
    "okta-saml": "portico-okta",
    "okta-oidc": "portico-okta",
    "entra-saml": "portico-entra",
    "entra-oidc": "portico-entra",
    "adfs-saml": "portico-adfs",
    "adfs-oidc": "portico-adfs",
    "google-saml": "portico-google",
    "google-oidc": "portico-google",
    "onelogin-saml": "portico-onelogin",
    "onelogin-oidc": "portico-onelogin",
    "jumpcloud-saml": "portico-jumpcloud",
    "jumpcloud-oidc": "portico-jumpcloud",
    "ping-saml": "portico-ping",
    "ping-oidc": "portico-ping",
    "keycloak-saml": "portico-keycloak",
    "keycloak-oidc": "portico-keycloak",
    "shibboleth-saml": "portico-shibboleth",
    "duo-saml": "portico-duo",
    "duo-oidc": "portico-duo",
    "cyberark-saml": "portico-cyberark",
    "cyberark-oidc": "portico-cyberark",
}

#: Distributions that load without being listed in PORTICO_ADAPTERS.
FIRST_PARTY = frozenset(RESERVED_KEYS.values())


def normalize_distribution(name: str) -> str:
    """Return the one spelling of a distribution's name.

    Spec: PyPA, names and normalization
    """
    return re.sub(r"[-_.]+", "-", name).strip().lower()
