"""Tools for tests of SAML adapters: an identity provider in memory, and the ways to forge what it signs.

    idp = IdentityProvider.create("https://idp.example.com/")
    connection = Connection.to(idp)
    answer = connection.answer(name_id="ada@example.com")
    identity = adapter.complete(connection.context(adapter), connection.callback(idp.respond(answer)))

Nothing here may be imported by code that serves people.
"""

from portico_saml.testing.answers import Answer, build_response
from portico_saml.testing.conformance import SamlConformance, SamlProvider
from portico_saml.testing.connections import Connection, FakeHttp, MemoryCache, make_key_pair
from portico_saml.testing.forgeries import FORGERIES, Forgery, Scene
from portico_saml.testing.providers import IdentityProvider
from portico_saml.testing.sealing import encrypt_assertion
from portico_saml.testing.signing import SHA256_ALGORITHMS, Algorithms, reparsed, sign, to_bytes
from portico_saml.testing.wrapping import WRAPPINGS, Wrapping

__all__ = [
    "FORGERIES",
    "SHA256_ALGORITHMS",
    "WRAPPINGS",
    "Algorithms",
    "Answer",
    "Connection",
    "FakeHttp",
    "Forgery",
    "IdentityProvider",
    "MemoryCache",
    "SamlConformance",
    "SamlProvider",
    "Scene",
    "Wrapping",
    "build_response",
    "encrypt_assertion",
    "make_key_pair",
    "reparsed",
    "sign",
    "to_bytes",
]
