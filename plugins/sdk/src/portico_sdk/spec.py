"""One adapter: its key, its data, and the object that does the work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol, runtime_checkable

from portico_sdk.claims import ClaimRules
from portico_sdk.explaining import Explaining
from portico_sdk.flow import AdapterContext, BeginRequest, BeginResult, Callback, ExternalIdentity
from portico_sdk.logout import Logout
from portico_sdk.metadata import ParsedMetadata
from portico_sdk.pasting import PasteReading
from portico_sdk.recognizing import Recognizing
from portico_sdk.settings import SettingField, SetupStep

#: Version of the contract; a plug-in built for another major version is not loaded.
CONTRACT_VERSION = "1.0"


@runtime_checkable
class Adapter(Protocol):
    """The work of an adapter: stateless, safe to call from several threads."""

    def validate(self, settings: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        """Return the settings in their canonical form, every SettingField present (None where absent).

        Given only what the operator or customer wrote (defaults not yet filled in), plus input-only names such as
        `metadata_xml`. Raises SettingsError naming every field at fault. Does not demand what only activation needs.
        """

    def check_ready(self, settings: Mapping[str, Any], now: datetime) -> None:
        """Raise SettingsError unless a sign-in could work with these settings (what activation demands)."""

    def begin(self, context: AdapterContext, request: BeginRequest) -> BeginResult:
        """Return where to send the browser. Raises SignInRefused or ProviderUnreachable."""

    def complete(self, context: AdapterContext, callback: Callback) -> ExternalIdentity:
        """Return the identity that the provider proved, after every check. Raises SignInRefused.

        Does not remember replays: the gateway consumes `replay_id` in the transaction that accepts the login.
        """


@runtime_checkable
class MetadataImport(Protocol):
    """Capability `metadata_import`: reads what the provider publishes."""

    def parse_metadata(self, document: bytes, now: datetime) -> ParsedMetadata:
        """Return every identity provider in the document. Raises MetadataError."""


@runtime_checkable
class MetadataExport(Protocol):
    """Capability `metadata_export`: publishes our side."""

    def service_provider_metadata(self, context: AdapterContext) -> bytes:
        """Return our metadata document for this connection."""


Capability = Literal["metadata_import", "metadata_export", "recognize", "explain", "logout", "read_pasted"]

CAPABILITIES: Mapping[str, type] = {
    "metadata_import": MetadataImport,
    "metadata_export": MetadataExport,
    "recognize": Recognizing,
    "explain": Explaining,
    "logout": Logout,
    "read_pasted": PasteReading,
}


@dataclass(frozen=True, slots=True)
class AdapterSpec:
    """What a distribution registers: one spec per vendor and protocol.

    Args:
        key: lower-case kebab, for instance `okta-saml`; first-party keys are reserved.
        label: what a person reads in a list.
        protocol: decides which callback addresses the gateway opens for its connections.
        adapter: the object that does the work, an instance of Adapter; one serves every connection and thread.
        settings: every setting of a connection.
        setup_steps: pages of the customer's set-up, in the order of the provider's console.
        claim_rules: the defaults of a connection that has no rules of its own.
        capabilities: names whose protocol `adapter` also implements.
        contract: version of portico_sdk's contract this was written for.
    """

    key: str
    label: str
    protocol: Literal["saml", "oidc"]
    adapter: Adapter
    settings: tuple[SettingField, ...]
    setup_steps: tuple[SetupStep, ...] = ()
    claim_rules: ClaimRules = ()
    capabilities: frozenset[Capability] = frozenset()
    contract: str = CONTRACT_VERSION
