"""An identity provider in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lxml import etree

from portico_saml.names import SAML
from portico_saml.testing.answers import Answer, build_response
from portico_saml.testing.connections import make_key_pair
from portico_saml.testing.sealing import encrypt_assertion
from portico_saml.testing.signing import SHA256_ALGORITHMS, Algorithms, reparsed, sign, to_bytes
from portico_sdk import KeyPair


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """Signs what it is told to say."""

    entity_id: str
    sso_url: str
    key: KeyPair

    @classmethod
    def create(cls, entity_id: str) -> IdentityProvider:
        """Return a provider with a key of its own."""
        return cls(entity_id, entity_id.rstrip("/") + "/sso", make_key_pair("idp.example.com"))

    def respond(
        self,
        answer: Answer,
        *,
        signed: Literal["assertion", "response", "both", "nothing"] = "assertion",
        encrypt_to: str | None = None,
        algorithms: Algorithms = SHA256_ALGORITHMS,
    ) -> bytes:
        """Return the response as bytes; `encrypt_to` is the certificate (PEM) to encrypt the assertion for."""
        return to_bytes(self.respond_tree(answer, signed=signed, encrypt_to=encrypt_to, algorithms=algorithms))

    def respond_tree(
        self,
        answer: Answer,
        *,
        signed: Literal["assertion", "response", "both", "nothing"] = "assertion",
        encrypt_to: str | None = None,
        algorithms: Algorithms = SHA256_ALGORITHMS,
    ) -> etree._Element:
        """Return the response as a tree, for a test that goes on to damage it."""
        root = build_response(answer)
        assertion = root.find(f"{{{SAML}}}Assertion")
        if assertion is not None and signed in ("assertion", "both"):
            sign(assertion, self.key, algorithms)
        if encrypt_to is not None:
            root = encrypt_assertion(root, encrypt_to)
        if signed in ("response", "both"):
            sign(root, self.key, algorithms)
        return reparsed(root)
