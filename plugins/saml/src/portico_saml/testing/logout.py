"""Logout messages as a provider sends them, honest and otherwise, by either binding."""

from __future__ import annotations

import base64
import zlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from urllib.parse import parse_qsl, quote

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from lxml import etree

from portico_saml.names import RSA_SHA256, SAML, SAMLP, STATUS_SUCCESS
from portico_saml.testing.signing import sign, to_bytes
from portico_saml.times import format_time
from portico_sdk import Callback, KeyPair

Kind = Literal["LogoutRequest", "LogoutResponse"]


@dataclass(frozen=True, slots=True)
class LogoutMessage:
    """One message, before it is signed and sent. `attributes` None removes one of the root's."""

    issuer: str
    destination: str
    now: datetime
    kind: Kind = "LogoutRequest"
    message_id: str = "_logout1"
    name_id: str | None = "ada@example.com"
    session_indexes: tuple[str, ...] = ()
    status: str = STATUS_SUCCESS
    attributes: dict[str, str | None] = field(default_factory=dict)

    def tree(self) -> etree._Element:
        """Return the document, unsigned."""
        said: dict[str, str | None] = {
            "ID": self.message_id,
            "Version": "2.0",
            "IssueInstant": format_time(self.now),
            "Destination": self.destination,
            **self.attributes,
        }
        root = etree.Element(
            f"{{{SAMLP}}}{self.kind}",
            {name: value for name, value in said.items() if value is not None},
            nsmap={"samlp": SAMLP, "saml": SAML},
        )
        etree.SubElement(root, f"{{{SAML}}}Issuer").text = self.issuer
        if self.kind == "LogoutResponse":
            status = etree.SubElement(root, f"{{{SAMLP}}}Status")
            etree.SubElement(status, f"{{{SAMLP}}}StatusCode", {"Value": self.status})
            return root
        if self.name_id is not None:
            etree.SubElement(root, f"{{{SAML}}}NameID").text = self.name_id
        for index in self.session_indexes:
            etree.SubElement(root, f"{{{SAMLP}}}SessionIndex").text = index
        return root

    @property
    def parameter(self) -> str:
        """The parameter that carries it."""
        return "SAMLRequest" if self.kind == "LogoutRequest" else "SAMLResponse"

    def posted(self, key: KeyPair | None, relay_state: str | None = None) -> dict[str, str]:
        """Return the fields of HTTP-POST, signed by `key`."""
        root = self.tree()
        if key is not None:
            sign(root, key)
        fields = {self.parameter: base64.b64encode(to_bytes(root)).decode()}
        return fields | ({} if relay_state is None else {"RelayState": relay_state})

    def query(self, key: KeyPair | None, relay_state: str | None = None, *, lower_case: bool = False) -> str:
        """Return the query of HTTP-Redirect, signed by `key`; `lower_case` encodes as AD FS and Entra do."""
        deflated = zlib.compress(to_bytes(self.tree()))[2:-4]
        pieces = [(self.parameter, base64.b64encode(deflated).decode())]
        if relay_state is not None:
            pieces.append(("RelayState", relay_state))
        if key is not None:
            pieces.append(("SigAlg", RSA_SHA256))
        query = "&".join(f"{name}={_encode(value, lower_case)}" for name, value in pieces)
        if key is None:
            return query
        private = load_pem_private_key(key.private_key_pem.encode(), None)
        assert isinstance(private, RSAPrivateKey)
        signature = base64.b64encode(private.sign(query.encode(), PKCS1v15(), SHA256())).decode()
        return f"{query}&Signature={_encode(signature, lower_case)}"


def post_callback(url: str, fields: dict[str, str], state: Any = None) -> Callback:
    """Return the POST that carries `fields` to `url`."""
    return Callback("POST", url, "", tuple(fields.items()), state)


def get_callback(url: str, query: str, state: Any = None) -> Callback:
    """Return the GET of `url` with this raw query."""
    return Callback("GET", url, query, tuple(parse_qsl(query, keep_blank_values=True)), state)


def _encode(value: str, lower_case: bool) -> str:
    encoded = quote(value, safe="")
    if not lower_case:
        return encoded
    parts = encoded.split("%")
    return parts[0] + "".join(f"%{part[:2].lower()}{part[2:]}" for part in parts[1:])
