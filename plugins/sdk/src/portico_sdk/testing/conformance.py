"""The class that an adapter's tests subclass."""

from __future__ import annotations

from portico_sdk.testing.capabilities import CapabilityChecks
from portico_sdk.testing.inheriting import check_inherited
from portico_sdk.testing.isolation import IsolationChecks
from portico_sdk.testing.settings import SettingChecks
from portico_sdk.testing.sign_in import SignInChecks
from portico_sdk.testing.spec import SpecChecks


class AdapterConformance(SpecChecks, SettingChecks, SignInChecks, IsolationChecks, CapabilityChecks):
    """Every adapter that keeps the contract passes this; a subclass adds tests of its own and takes none away.

    Attributes:
        spec: the AdapterSpec under test.
        extra_settings: what an administrator types beyond what the provider's own `settings` say.
        expects: fields of the profile as the spec's claim rules make them of what the provider sends:
            `{"email": "ada@example.com"}`. Only fields for which the spec has a rule.
        recognizes: addresses and entity IDs that are certainly this provider's (capability `recognize`).
        metadata: a document that `parse_metadata` reads (capability `metadata_import`).

    `make_provider(name)` returns a `Provider`: a new connection to an identity provider in memory at each call.

    Example:
        class TestAcme(AdapterConformance):
            spec = SPEC
            expects = {"email": "ada@example.com"}

            def make_provider(self, name):
                return AcmeInMemory(name)
    """

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        check_inherited(cls)
