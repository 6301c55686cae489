"""A throw-away SAML identity provider that signs fast: for load, races and replays, which need hundreds of responses.

The response is written by string formatting in a form that already is its own exclusive canonicalization, so that digest
and signature need no XML library. tests/unit/support verifies what it makes with xmlsec.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

NS_ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion"
NS_PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol"
NS_SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED = NS_SIGNATURE + "enveloped-signature"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
EMAIL_FORMAT = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
PASSWORD_TRANSPORT = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"


@dataclass(frozen=True, slots=True)
class AuthnRequest:
    """What an identity provider needs from an AuthnRequest."""

    id: str
    issuer: str
    acs_url: str
    relay_state: str


def parse_authn_request(parameters: Mapping[str, str], *, deflated: bool) -> AuthnRequest:
    """Return the request in `SAMLRequest`. Only for our own documents: it reads them with regular expressions."""
    raw = base64.b64decode(parameters["SAMLRequest"])
    xml = (zlib.decompress(raw, -15) if deflated else raw).decode()
    issuer = re.search(r"<(?:\w+:)?Issuer[^>]*>\s*([^<]+?)\s*<", xml)
    assert issuer is not None
    return AuthnRequest(
        _attribute(xml, "ID"),
        issuer[1],
        _attribute(xml, "AssertionConsumerServiceURL"),
        parameters.get("RelayState", ""),
    )


def parse_redirect(location: str) -> AuthnRequest:
    """Return the request that an HTTP-Redirect carries."""
    query = parse_qs(urlsplit(location).query)
    return parse_authn_request({name: values[0] for name, values in query.items()}, deflated=True)


def _attribute(xml: str, name: str) -> str:
    found = re.search(rf"<(?:\w+:)?AuthnRequest[^>]*\b{name}\s*=\s*[\"']([^\"']*)", xml)
    assert found is not None, xml
    return found[1].replace("&amp;", "&")


@dataclass(frozen=True, slots=True)
class Subject:
    """Who signed in, by the provider's word."""

    name_id: str
    attributes: Mapping[str, Sequence[str]]
    name_id_format: str = EMAIL_FORMAT


class SigningIdp:
    """One key, one certificate. Entity ID and subject are given per response.

    Args:
        signed: which elements carry a signature.
    """

    def __init__(
        self, key_pem: str, certificate_pem: str, signed: Literal["assertion", "response", "both"] = "assertion"
    ) -> None:
        key = serialization.load_pem_private_key(key_pem.encode(), None)
        assert isinstance(key, rsa.RSAPrivateKey)
        self._key = key
        self._certificate = "".join(certificate_pem.split("-----")[2].split())
        self._signed = signed

    def respond(
        self, request: AuthnRequest, entity_id: str, subject: Subject, now: datetime, assertion_id: str = ""
    ) -> str:
        """Return the Response to `request` as XML.

        Args:
            assertion_id: of an earlier assertion, for replays in another envelope.
        """
        assertion = self._assertion(request, entity_id, subject, now, assertion_id or _new_id("a"))
        response_id = _new_id("r")
        head = (
            f'<samlp:Response xmlns:samlp="{NS_PROTOCOL}" Destination="{_quoted(request.acs_url)}" ID="{response_id}" '
            f'InResponseTo="{_quoted(request.id)}" IssueInstant="{_stamp(now)}" Version="2.0">'
            f'<saml:Issuer xmlns:saml="{NS_ASSERTION}">{_text(entity_id)}</saml:Issuer>'
        )
        tail = (
            '<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"></samlp:StatusCode>'
            f"</samlp:Status>{assertion}</samlp:Response>"
        )
        signature = self._sign(response_id, head + tail) if self._signed != "assertion" else ""
        return head + signature + tail

    def _assertion(
        self, request: AuthnRequest, entity_id: str, subject: Subject, now: datetime, assertion_id: str
    ) -> str:
        until = _stamp(now + timedelta(minutes=5))
        head = (
            f'<saml:Assertion xmlns:saml="{NS_ASSERTION}" ID="{assertion_id}" IssueInstant="{_stamp(now)}" Version="2.0">'
            f"<saml:Issuer>{_text(entity_id)}</saml:Issuer>"
        )
        tail = (
            f'<saml:Subject><saml:NameID Format="{subject.name_id_format}">{_text(subject.name_id)}</saml:NameID>'
            '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">'
            f'<saml:SubjectConfirmationData InResponseTo="{_quoted(request.id)}" NotOnOrAfter="{until}" '
            f'Recipient="{_quoted(request.acs_url)}"></saml:SubjectConfirmationData></saml:SubjectConfirmation>'
            f'</saml:Subject><saml:Conditions NotBefore="{_stamp(now - timedelta(minutes=1))}" NotOnOrAfter="{until}">'
            f"<saml:AudienceRestriction><saml:Audience>{_text(request.issuer)}</saml:Audience></saml:AudienceRestriction>"
            f'</saml:Conditions><saml:AuthnStatement AuthnInstant="{_stamp(now)}" SessionIndex="{assertion_id}">'
            f"<saml:AuthnContext><saml:AuthnContextClassRef>{PASSWORD_TRANSPORT}</saml:AuthnContextClassRef>"
            "</saml:AuthnContext></saml:AuthnStatement>"
            f"{_attribute_statement(subject.attributes)}</saml:Assertion>"
        )
        signature = self._sign(assertion_id, head + tail) if self._signed != "response" else ""
        return head + signature + tail

    def _sign(self, reference: str, canonical: str) -> str:
        digest = base64.b64encode(hashlib.sha256(canonical.encode()).digest()).decode()
        info = (
            f'<ds:CanonicalizationMethod Algorithm="{EXCLUSIVE}"></ds:CanonicalizationMethod>'
            f'<ds:SignatureMethod Algorithm="{RSA_SHA256}"></ds:SignatureMethod>'
            f'<ds:Reference URI="#{reference}"><ds:Transforms><ds:Transform Algorithm="{ENVELOPED}"></ds:Transform>'
            f'<ds:Transform Algorithm="{EXCLUSIVE}"></ds:Transform></ds:Transforms>'
            f'<ds:DigestMethod Algorithm="{SHA256}"></ds:DigestMethod><ds:DigestValue>{digest}</ds:DigestValue>'
            "</ds:Reference></ds:SignedInfo>"
        )
        # the namespace stands on SignedInfo in its own canonical form, and on Signature in the document
        signed = f'<ds:SignedInfo xmlns:ds="{NS_SIGNATURE}">{info}'
        value = base64.b64encode(self._key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()
        return (
            f'<ds:Signature xmlns:ds="{NS_SIGNATURE}"><ds:SignedInfo>{info}<ds:SignatureValue>{value}</ds:SignatureValue>'
            f"<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{self._certificate}</ds:X509Certificate></ds:X509Data>"
            "</ds:KeyInfo></ds:Signature>"
        )


def post_fields(xml: str, relay_state: str) -> dict[str, str]:
    """Return the fields of the POST that carries `xml` to the ACS."""
    return {"SAMLResponse": base64.b64encode(xml.encode()).decode(), "RelayState": relay_state}


def _attribute_statement(attributes: Mapping[str, Sequence[str]]) -> str:
    if not attributes:
        return ""  # the schema wants one attribute at least
    written = "".join(
        f'<saml:Attribute Name="{_quoted(name)}">'
        + "".join(f"<saml:AttributeValue>{_text(value)}</saml:AttributeValue>" for value in values)
        + "</saml:Attribute>"
        for name, values in attributes.items()
    )
    return f"<saml:AttributeStatement>{written}</saml:AttributeStatement>"


def _new_id(kind: str) -> str:
    return f"_{kind}{os.urandom(16).hex()}"


def _stamp(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def _quoted(value: str) -> str:
    """Return an attribute value as canonical XML writes it; `>` stays as it is."""
    value = value.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return value.replace("\t", "&#x9;").replace("\n", "&#xA;").replace("\r", "&#xD;")


def _text(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#xD;")
