"""An OpenID provider in this process, as honest or as hostile as a test wants, for this adapter and for profiles on it.

provider = FakeProvider()
context = fake_context(OidcAdapter().validate(provider.settings(), NOW), FakeHttp(provider.answer))
begun = adapter.begin(context, BeginRequest(handle="h"))
identity = adapter.complete(context, provider.sign_in(begun))
"""

from portico_oidc.testing.attacks import ATTACKS, Attack
from portico_oidc.testing.conformance import OidcConformance, OidcProvider
from portico_oidc.testing.context import CALLBACK, NOW, FakeCache, fake_context
from portico_oidc.testing.http import FakeHttp, SentRequest
from portico_oidc.testing.provider import FakeProvider, json_answer
from portico_oidc.testing.tokens import (
    SigningKey,
    encoded,
    sign,
    signing_key,
    unsecured,
    with_symmetric_key,
)
from portico_oidc.testing.world import World, refusal_of, returned

__all__ = [
    "ATTACKS",
    "CALLBACK",
    "NOW",
    "Attack",
    "FakeCache",
    "FakeHttp",
    "FakeProvider",
    "OidcConformance",
    "OidcProvider",
    "SentRequest",
    "SigningKey",
    "World",
    "encoded",
    "fake_context",
    "json_answer",
    "refusal_of",
    "returned",
    "sign",
    "signing_key",
    "unsecured",
    "with_symmetric_key",
]
