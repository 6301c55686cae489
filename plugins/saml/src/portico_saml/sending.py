"""Our own messages on their way: by HTTP-Redirect or HTTP-POST, signed over the very bytes that are sent.

Spec: SAML bindings 3.4.4.1 and 3.5.4.
"""

from __future__ import annotations

import base64
import zlib
from typing import Literal
from urllib.parse import quote

import xmlsec
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from lxml import etree
from xmlsec import constants

from portico_saml.keys import OwnKey, own_keys
from portico_saml.names import RSA_SHA256
from portico_saml.reasons import Reason, refuse
from portico_sdk import AdapterContext, FormPost, Redirect

Message = Literal["SAMLRequest", "SAMLResponse"]


def send(
    document: etree._Element, message: Message, url: str, binding: str, relay_state: str, key: OwnKey | None
) -> Redirect | FormPost:
    """Return how the browser carries `document` to `url`, signed where there is a key; an empty RelayState is left out."""
    if binding == "post":
        if key is not None:
            _sign_enveloped(document, key)
        fields: dict[str, str] = {message: base64.b64encode(etree.tostring(document)).decode()}
        return FormPost(url, fields | ({"RelayState": relay_state} if relay_state else {}))
    return Redirect(with_query(url, redirect_query(document, message, relay_state, key)))


def redirect_query(document: etree._Element, message: Message, relay_state: str, key: OwnKey | None) -> str:
    """Return the query of HTTP-Redirect; its signature is over exactly the bytes before `&Signature=`."""
    compressor = zlib.compressobj(level=9, wbits=-15)
    deflated = compressor.compress(etree.tostring(document)) + compressor.flush()
    query = f"{message}={quote(base64.b64encode(deflated).decode(), safe='')}"
    if relay_state:
        query += f"&RelayState={quote(relay_state, safe='')}"
    if key is None:
        return query
    query += f"&SigAlg={quote(RSA_SHA256, safe='')}"
    signature = base64.b64encode(key.private.sign(query.encode("ascii"), PKCS1v15(), SHA256())).decode()
    return f"{query}&Signature={quote(signature, safe='')}"


def signing_key(context: AdapterContext) -> OwnKey:
    """Return the key that signs our messages. Raises Refusal when we have none."""
    keys = own_keys(context)
    if not keys:
        refuse(Reason.CONFIGURATION, "our message must be signed and we have no key")
    return keys[0]


def with_query(url: str, query: str) -> str:
    """Return `url` with `query` behind the one that it may have."""
    return f"{url}{'&' if '?' in url else '?'}{query}"


def _sign_enveloped(document: etree._Element, key: OwnKey) -> None:
    template = xmlsec.template.create(document, constants.TransformExclC14N, constants.TransformRsaSha256, ns="ds")
    document.insert(1, template)  # right after Issuer, as the schema wants it
    reference = xmlsec.template.add_reference(template, constants.TransformSha256, uri="#" + document.get("ID", ""))
    xmlsec.template.add_transform(reference, constants.TransformEnveloped)
    xmlsec.template.add_transform(reference, constants.TransformExclC14N)
    xmlsec.template.add_x509_data(xmlsec.template.ensure_key_info(template))
    context = xmlsec.SignatureContext()
    context.key = key.signing
    context.register_id(document, "ID")
    context.sign(template)
