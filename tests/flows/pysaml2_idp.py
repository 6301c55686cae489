"""pysaml2 as a customer's SAML identity provider: another implementation, with the real xmlsec1 program behind it.

pysaml2 has no type hints, hence the line below.
"""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

import base64
import gc
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # it names a cipher mode by its old address when imported
    warnings.simplefilter("ignore", UserWarning)
    from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT, SAMLError
    from saml2.config import IdPConfig
    from saml2.metadata import entity_descriptor
    from saml2.saml import NAMEID_FORMAT_PERSISTENT, NameID
    from saml2.server import Server
    from saml2.xmldsig import DIGEST_SHA256, SIG_RSA_SHA256

from tests.support.browser import Step
from tests.support.certificates import Certified
from tests.support.peers import find_program

ENTITY_ID = "https://idp.pysaml2.example/metadata"
SSO_URL = "https://idp.pysaml2.example/sso"
PASSWORD = {"class_ref": "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport", "authn_auth": ENTITY_ID}


@contextmanager
def _tidied() -> Iterator[None]:
    """Let pysaml2 forget its temporary files here: it leaves closing them to the garbage collector, which warns."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        try:
            yield
        finally:
            gc.collect()


@dataclass(frozen=True, slots=True)
class Asked:
    """An AuthnRequest as pysaml2 understood it."""

    id: str
    issuer: str
    acs_url: str
    relay_state: str


class RequestRefused(Exception):
    """pysaml2 did not accept a request of ours."""


class PySaml2Idp:
    """One identity provider that knows one service provider by its metadata.

    Args:
        service_provider_metadata: the document that Portico publishes for the connection.
        want_signed: refuse requests that the service provider did not sign.
    """

    def __init__(
        self, folder: Path, service_provider_metadata: str, *, key: Certified, want_signed: bool = False
    ) -> None:
        # pysaml2 logs what it refuses as errors, with a stack; the exception is what a test looks at
        logging.getLogger("saml2").setLevel(logging.CRITICAL)
        (folder / "idp.key").write_text(key.key_pem)
        (folder / "idp.crt").write_text(key.certificate_pem)
        endpoints = [(SSO_URL, BINDING_HTTP_REDIRECT), (SSO_URL, BINDING_HTTP_POST)]
        config = IdPConfig().load(
            {
                "entityid": ENTITY_ID,
                "service": {
                    "idp": {
                        "endpoints": {"single_sign_on_service": endpoints},
                        "want_authn_requests_signed": want_signed,
                        "policy": {"default": {"lifetime": {"minutes": 5}, "attribute_restrictions": None}},
                    }
                },
                "metadata": {"inline": [service_provider_metadata]},
                "key_file": str(folder / "idp.key"),
                "cert_file": str(folder / "idp.crt"),
                "encryption_keypairs": [
                    {"key_file": str(folder / "idp.key"), "cert_file": str(folder / "idp.crt")},
                ],
                "xmlsec_binary": find_program("xmlsec1"),
                "signing_algorithm": SIG_RSA_SHA256,
                "digest_algorithm": DIGEST_SHA256,
            }
        )
        self._server = Server(config=config)
        self._config = config

    def metadata(self) -> str:
        """Return the document that the customer would paste."""
        return str(entity_descriptor(self._config))

    def read(self, step: Step) -> Asked:
        """Return the AuthnRequest that the browser brings. Raises RequestRefused, for a wrong signature above all."""
        with _tidied():
            message, refusal = self._parse(
                step.answer, BINDING_HTTP_POST if step.method == "POST" else BINDING_HTTP_REDIRECT
            )
        if refusal:
            raise RequestRefused(refusal)
        relay_state = step.answer.get("RelayState", "")
        return Asked(message.id, message.issuer.text, message.assertion_consumer_service_url, relay_state)

    def _parse(self, fields: dict[str, str], binding: str) -> tuple[Any, str]:
        """Return the message, or the words of the refusal: pysaml2's exception would keep its files open."""
        try:
            request = self._server.parse_authn_request(
                fields["SAMLRequest"],
                binding,
                relay_state=fields.get("RelayState"),
                sigalg=fields.get("SigAlg"),
                signature=fields.get("Signature"),
            )
        except SAMLError as error:
            return None, repr(error)
        return request.message, ""

    def answer(self, asked: Asked, subject: str, attributes: dict[str, Any], **how: Any) -> Step:
        """Return the POST to the ACS that logs `subject` in.

        Args:
            how: `sign_assertion`, `sign_response`, `encrypt_assertion` and whatever else create_authn_response takes.
        """
        with _tidied():
            response = self._server.create_authn_response(
                attributes,
                asked.id,
                asked.acs_url,
                asked.issuer,
                name_id=NameID(format=NAMEID_FORMAT_PERSISTENT, text=subject),
                authn=PASSWORD,
                sign_alg=SIG_RSA_SHA256,
                digest_alg=DIGEST_SHA256,
                **{"sign_assertion": False, "sign_response": False, **how},
            )
        return post(asked, str(response))


def post(asked: Asked, xml: str) -> Step:
    """Return the step of a browser that carries this response from the identity provider to the ACS."""
    fields = [("SAMLResponse", base64.b64encode(xml.encode()).decode()), ("RelayState", asked.relay_state)]
    return Step("POST", asked.acs_url, tuple(fields), initiator=SSO_URL)
