"""One provider, one attacker and our own keys for the whole session; a fresh connection for each test."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lxml import etree

from portico_saml import SamlAdapter
from portico_saml.testing import Connection, IdentityProvider, make_key_pair, to_bytes
from portico_sdk import ExternalIdentity, KeyPair, SignInRefused

Accept = Callable[..., ExternalIdentity]
Refuse = Callable[..., str]


@pytest.fixture(scope="session")
def adapter() -> SamlAdapter:
    """The adapter under test."""
    return SamlAdapter()


@pytest.fixture(scope="session")
def idp() -> IdentityProvider:
    """The provider that connections trust."""
    return IdentityProvider.create("https://idp.example.com/")


@pytest.fixture(scope="session")
def attacker() -> IdentityProvider:
    """Somebody with a key of his own who claims the trusted provider's name."""
    return IdentityProvider.create("https://idp.example.com/")


@pytest.fixture(scope="session")
def own_key() -> KeyPair:
    """Our key pair."""
    return make_key_pair("portico.example.com")


@pytest.fixture(scope="session")
def older_own_key() -> KeyPair:
    """Our key pair before the last rotation."""
    return make_key_pair("portico.example.com")


@pytest.fixture
def connection(idp: IdentityProvider, own_key: KeyPair) -> Connection:
    """A connection to the trusted provider with default settings."""
    return Connection.to(idp, keys=(own_key,))


@pytest.fixture
def accept(adapter: SamlAdapter) -> Accept:
    """Complete a sign-in that must succeed."""

    def run(connection: Connection, response: bytes | str | etree._Element) -> ExternalIdentity:
        posted = to_bytes(response) if isinstance(response, etree._Element) else response
        return adapter.complete(connection.context(adapter), connection.callback(posted))

    return run


@pytest.fixture
def refuse(adapter: SamlAdapter) -> Refuse:
    """Complete a sign-in that must be refused, and return the code of the refusal."""

    def run(connection: Connection, response: bytes | str | etree._Element) -> str:
        posted = to_bytes(response) if isinstance(response, etree._Element) else response
        with pytest.raises(SignInRefused) as refused:
            adapter.complete(connection.context(adapter), connection.callback(posted))
        return refused.value.code

    return run
