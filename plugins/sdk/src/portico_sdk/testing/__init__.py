"""The conformance kit: what every adapter must do and refuse, whatever it is built on.

    class TestAcme(AdapterConformance):
        spec = SPEC
        expects = {"email": "ada@example.com"}

        def make_provider(self, name):
            return AcmeInMemory(name)

An adapter on `portico_saml` or `portico_oidc` takes `portico_saml.testing.SamlConformance` or
`portico_oidc.testing.OidcConformance` instead: they bring the provider, and the forgeries that it must refuse.

Nothing here may be imported by code that serves people.
"""

from portico_sdk.testing.conformance import AdapterConformance
from portico_sdk.testing.network import UnguardedRequest, no_network
from portico_sdk.testing.provider import MemoryCache, Provider, WatchedHttp, make_context
from portico_sdk.testing.rules import read_profile
from portico_sdk.testing.verdicts import accepted_or_refused, expect_refusal

__all__ = [
    "AdapterConformance",
    "MemoryCache",
    "Provider",
    "UnguardedRequest",
    "WatchedHttp",
    "accepted_or_refused",
    "expect_refusal",
    "make_context",
    "no_network",
    "read_profile",
]
