"""Generic SAML 2.0 adapter for Portico, and `SamlAdapter`, of which vendor profiles are instances."""

from __future__ import annotations

from collections.abc import Iterable

from portico_saml.adapter import SamlAdapter
from portico_saml.console import SamlConsole, explain_by
from portico_saml.fields import SETTINGS, SETUP_STEPS
from portico_saml.reasons import Reason
from portico_saml.vendor_policy import NAME_ID, SamlPolicy, SubjectSource
from portico_sdk import AdapterSpec, Capability, hookimpl

#: What every vendor profile on top of `SamlAdapter` declares.
CAPABILITIES: frozenset[Capability] = frozenset(
    {"metadata_import", "metadata_export", "recognize", "explain", "logout", "read_pasted"}
)

__all__ = [
    "CAPABILITIES",
    "NAME_ID",
    "SETTINGS",
    "SETUP_STEPS",
    "Reason",
    "SamlAdapter",
    "SamlConsole",
    "SamlPolicy",
    "SubjectSource",
    "explain_by",
    "portico_register_adapters",
]


@hookimpl
def portico_register_adapters() -> Iterable[AdapterSpec]:
    """Register the generic adapter, key `saml`."""
    return [
        AdapterSpec(
            key="saml",
            label="Generic SAML 2.0",
            protocol="saml",
            adapter=SamlAdapter(),
            settings=SETTINGS,
            setup_steps=SETUP_STEPS,
            capabilities=CAPABILITIES,
        )
    ]
