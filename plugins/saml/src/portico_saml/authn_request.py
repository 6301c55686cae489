"""Our request: an AuthnRequest by HTTP-Redirect or HTTP-POST, signed over the very bytes that are sent.

Spec: SAML core 3.4.1, SAML bindings 3.4.4.1 and 3.5.4.
"""

from __future__ import annotations

import base64
import zlib
from datetime import datetime
from urllib.parse import quote

import xmlsec
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from lxml import etree
from xmlsec import constants

from portico_saml.keys import OwnKey, own_keys
from portico_saml.names import POST, RSA_SHA256, SAML, SAMLP
from portico_saml.policy import entity_id
from portico_saml.reasons import Reason, refuse
from portico_saml.times import format_time
from portico_sdk import AdapterContext, BeginRequest, BeginResult, FormPost, Redirect


def begin(context: AdapterContext, request: BeginRequest, login_hint_parameter: str | None) -> BeginResult:
    """Return where to send the browser, with a request that names our own fixed ACS URL and nothing from outside.

    Raises:
        SignInRefused: the connection has no usable single sign-on URL, or must sign without a key.
    """
    settings = context.settings
    url = settings["sso_url"]
    if not url:
        refuse(Reason.CONFIGURATION, "the connection has no single sign-on URL")
    context.http.check_browser_url(url)
    if login_hint_parameter and request.login_hint:
        url = _with_query(url, f"{login_hint_parameter}={quote(request.login_hint[:320], safe='')}")
    request_id = "_" + context.random(20).hex()
    document = build_request(context, request, request_id, settings["sso_url"], context.now)
    key = _signing_key(context) if settings["sign_requests"] else None
    state = {"request_id": request_id, "issued_at": format_time(context.now)}
    if document.get("ForceAuthn"):
        state["force_authn"] = "true"
    if settings["sso_binding"] == "post":
        if key is not None:
            _sign_enveloped(document, key)
        fields = {"SAMLRequest": base64.b64encode(etree.tostring(document)).decode(), "RelayState": request.handle}
        return BeginResult(FormPost(url, fields), state)
    return BeginResult(Redirect(_with_query(url, redirect_query(document, request.handle, key))), state)


def build_request(
    context: AdapterContext, request: BeginRequest, request_id: str, destination: str, now: datetime
) -> etree._Element:
    """Return the AuthnRequest. NameIDPolicy and RequestedAuthnContext are there only when the connection names them."""
    settings = context.settings
    root = etree.Element(
        f"{{{SAMLP}}}AuthnRequest",
        {
            "ID": request_id,
            "Version": "2.0",
            "IssueInstant": format_time(now),
            "Destination": destination,
            "ProtocolBinding": POST,
            "AssertionConsumerServiceURL": context.service_provider.acs_url,
        },
        nsmap={"samlp": SAMLP, "saml": SAML},
    )
    if settings["force_authn"] or "login" in request.prompt or request.max_age_s == 0:
        root.set("ForceAuthn", "true")
    etree.SubElement(root, f"{{{SAML}}}Issuer").text = entity_id(context)
    if settings["name_id_format"]:
        policy = etree.SubElement(root, f"{{{SAMLP}}}NameIDPolicy", {"Format": settings["name_id_format"]})
        policy.set("AllowCreate", "true")
    if settings["authn_context"]:
        requested = etree.SubElement(root, f"{{{SAMLP}}}RequestedAuthnContext", {"Comparison": "exact"})
        for reference in settings["authn_context"]:
            etree.SubElement(requested, f"{{{SAML}}}AuthnContextClassRef").text = reference
    return root


def redirect_query(document: etree._Element, relay_state: str, key: OwnKey | None) -> str:
    """Return the query of HTTP-Redirect; its signature is over exactly the bytes before `&Signature=`."""
    compressor = zlib.compressobj(level=9, wbits=-15)
    deflated = compressor.compress(etree.tostring(document)) + compressor.flush()
    encoded = base64.b64encode(deflated).decode()
    query = f"SAMLRequest={quote(encoded, safe='')}&RelayState={quote(relay_state, safe='')}"
    if key is None:
        return query
    query += f"&SigAlg={quote(RSA_SHA256, safe='')}"
    signature = base64.b64encode(key.private.sign(query.encode("ascii"), PKCS1v15(), SHA256())).decode()
    return f"{query}&Signature={quote(signature, safe='')}"


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


def _signing_key(context: AdapterContext) -> OwnKey:
    keys = own_keys(context)
    if not keys:
        refuse(Reason.CONFIGURATION, "requests must be signed and we have no key")
    return keys[0]


def _with_query(url: str, query: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{query}"
