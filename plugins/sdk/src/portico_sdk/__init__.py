"""The contract for Portico's adapters: the only thing an author needs to read.

A distribution registers its adapters under the entry point group `portico.adapters`:

    [project.entry-points."portico.adapters"]
    acme = "portico_adapter_acme"

and the named module implements the hook:

    from portico_sdk import AdapterSpec, hookimpl

    @hookimpl
    def portico_register_adapters():
        return [AdapterSpec(key="acme-saml", label="Acme", protocol="saml", adapter=Acme(), settings=(...))]

The semantic version of this package is the version of the contract.
"""

from portico_sdk.checking import BrokenContract, check_spec
from portico_sdk.claims import PROFILE_FIELDS, ClaimRule, ClaimRules, Transform
from portico_sdk.errors import (
    AdapterError,
    FieldProblem,
    MetadataError,
    PasteError,
    ProviderRefused,
    ProviderUnreachable,
    SettingsError,
    SignInRefused,
)
from portico_sdk.events import SignInEvent
from portico_sdk.explaining import SYMPTOMS, Explainer, ExplainerRow, Explaining, Explanation, Failure, about
from portico_sdk.flow import (
    AdapterContext,
    BeginRequest,
    BeginResult,
    Cache,
    Callback,
    CheckResult,
    Document,
    ExternalIdentity,
    FormPost,
    Http,
    HttpResponse,
    KeyPair,
    Redirect,
    ServiceProvider,
)
from portico_sdk.hooks import ENTRY_POINT_GROUP, PROJECT, Hooks, hookimpl, hookspec
from portico_sdk.logout import Logout, LogoutDemand
from portico_sdk.metadata import CertificateInfo, MetadataEntity, ParsedMetadata
from portico_sdk.pasting import Pasted, PasteReading
from portico_sdk.reaching import UNREACHABLE, UNREACHABLE_ROWS
from portico_sdk.recognizing import Clue, Forms, Recognizing
from portico_sdk.settings import SettingField, SetupStep, change_fields
from portico_sdk.spec import (
    CAPABILITIES,
    CONTRACT_VERSION,
    Adapter,
    AdapterSpec,
    Capability,
    MetadataExport,
    MetadataImport,
)

__version__ = "1.0.0"

__all__ = [
    "CAPABILITIES",
    "CONTRACT_VERSION",
    "ENTRY_POINT_GROUP",
    "PROFILE_FIELDS",
    "PROJECT",
    "SYMPTOMS",
    "UNREACHABLE",
    "UNREACHABLE_ROWS",
    "Adapter",
    "AdapterContext",
    "AdapterError",
    "AdapterSpec",
    "BeginRequest",
    "BeginResult",
    "BrokenContract",
    "Cache",
    "Callback",
    "Capability",
    "CertificateInfo",
    "CheckResult",
    "ClaimRule",
    "ClaimRules",
    "Clue",
    "Document",
    "Explainer",
    "ExplainerRow",
    "Explaining",
    "Explanation",
    "ExternalIdentity",
    "Failure",
    "FieldProblem",
    "FormPost",
    "Forms",
    "Hooks",
    "Http",
    "HttpResponse",
    "KeyPair",
    "Logout",
    "LogoutDemand",
    "MetadataEntity",
    "MetadataError",
    "MetadataExport",
    "MetadataImport",
    "ParsedMetadata",
    "PasteError",
    "PasteReading",
    "Pasted",
    "ProviderRefused",
    "ProviderUnreachable",
    "Recognizing",
    "Redirect",
    "ServiceProvider",
    "SettingField",
    "SettingsError",
    "SetupStep",
    "SignInEvent",
    "SignInRefused",
    "Transform",
    "about",
    "change_fields",
    "check_spec",
    "hookimpl",
    "hookspec",
]
