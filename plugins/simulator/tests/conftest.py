"""A running simulator on loopback with one identity provider per profile, and a clock that a test can set."""

from __future__ import annotations

import base64
import hashlib
import html
import re
import threading
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import pytest
import requests
import xmlsec
from flask import Flask
from joserfc import jwt
from joserfc.jwk import KeySet
from lxml import etree
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from portico_simulator import create_simulator, parse_config
from portico_simulator.keys import MakeKey, SigningKey, make_signing_key

SP: dict[str, Any] = {"entity_id": "https://sp.example/metadata", "acs_urls": ["https://sp.example/acs"]}
RP: dict[str, Any] = {"client_id": "rp", "client_secret": "s3cret", "redirect_uris": ["https://rp.example/callback"]}
PERSONS: list[dict[str, Any]] = [
    {
        "username": "tessa.brandt@halden.example",
        "given_name": "Tessa",
        "family_name": "Brandt",
        "email": "tessa.brandt@halden.example",
        "groups": ["Dispatch", "Admins"],
    },
    {"username": "no.mail@halden.example", "given_name": "No", "family_name": "Mail"},
    {
        "username": "grace@halden.example",
        "given_name": "Grace",
        "family_name": "Hopper (200 groups)",
        "email": "grace@halden.example",
        "group_count": 200,
    },
    {
        "username": "guest@halden.example",
        "given_name": "Noor",
        "family_name": "Visser",
        "email": "noor@elsewhere.example",
        "guest": True,
    },
    {"username": "out@halden.example", "given_name": "Not", "family_name": "Assigned", "assigned": False},
]


@dataclass
class Clock:
    """A clock that stands still."""

    moment: datetime = field(default_factory=lambda: datetime(2026, 11, 23, 14, 2, 9, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **delta: float) -> None:
        self.moment += timedelta(**delta)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def make_key() -> MakeKey:
    """Return a key factory that makes each key once in a test run: making keys is most of a start's time."""
    made: dict[str, SigningKey] = {}

    def make(common_name: str, now: datetime, years: int) -> SigningKey:
        if common_name not in made:
            made[common_name] = make_signing_key(common_name, now, years)
        return made[common_name]

    return make


@pytest.fixture
def make_app(clock: Clock, make_key: MakeKey) -> Callable[..., Flask]:
    """Return a function that makes a simulator with one identity provider `idp` of the given profile."""

    def make(profile: str, *, base_url: str = "http://idp.localhost:8001", **extra: Any) -> Flask:
        saml = profile.endswith("saml")
        entry = {
            "id": "idp",
            "profile": profile,
            "label": "Halden Freight",
            "domain": "halden.example",
            "persons": PERSONS,
            "applications": [SP if saml else RP],
        }
        raw = {"base_url": base_url, "admin_token": "admin", "idps": [entry | extra]}
        return create_simulator(parse_config(raw), now=clock, make_key=make_key)

    return make


@pytest.fixture
def serve() -> Iterator[Callable[[Flask], str]]:
    """Return a function that serves an application on a free loopback port and returns its address."""
    servers = []

    def start(app: Flask) -> str:
        server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def browser() -> Iterator[requests.Session]:
    """Return a session that follows nothing by itself and asks no proxy."""
    with requests.Session() as session:
        session.trust_env = False
        yield session


NS = {
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "md": "urn:oasis:names:tc:SAML:2.0:metadata",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "xenc": "http://www.w3.org/2001/04/xmlenc#",
    "shibmd": "urn:mace:shibboleth:metadata:1.0",
    "fed": "http://docs.oasis-open.org/wsfed/federation/200706",
}


class SamlParty:
    """A service provider and the browser it talks through, in process."""

    ns = NS

    def __init__(self, app: Flask) -> None:
        self.app, self.client = app, app.test_client()
        self.idp = app.extensions["idps"]["idp"]

    def path(self, template: str) -> str:
        url: str = self.idp.url(template)
        return url.removeprefix(self.idp.base_url)

    def request(self, issuer: str = SP["entity_id"], inner: str = "", **attributes: str) -> bytes:
        given = {"ID": "_req1", "Version": "2.0", "IssueInstant": "2026-11-23T14:02:09Z"} | attributes
        written = " ".join(f'{name}="{value}"' for name, value in given.items())
        return (
            f'<samlp:AuthnRequest xmlns:samlp="{NS["samlp"]}" xmlns:saml="{NS["saml"]}" {written}>'
            f"<saml:Issuer>{issuer}</saml:Issuer>{inner}</samlp:AuthnRequest>"
        ).encode()

    def ask(self, document: bytes | None = None) -> TestResponse:
        """Send a request to the single sign-on service, by Redirect where the vendor takes that."""
        if "HTTP-Redirect" not in self.idp.profile.requests.bindings:
            fields = {"SAMLRequest": base64.b64encode(document or self.request()).decode(), "RelayState": "relay"}
            return self.client.post(self.path(self.idp.profile.sso_path), data=fields)
        packer = zlib.compressobj(wbits=-15)
        packed = packer.compress(self.request() if document is None else document) + packer.flush()
        query = urlencode({"SAMLRequest": base64.b64encode(packed).decode(), "RelayState": "relay"})
        path = self.path(self.idp.profile.sso_path)
        return self.client.get(f"{path}{'&' if '?' in path else '?'}{query}")

    def sign_in(self, username: str = PERSONS[0]["username"], document: bytes | None = None) -> TestResponse:
        asked = self.ask(document)
        assert asked.status_code == 303, asked.text
        return self.client.post(asked.headers["Location"], data={"username": username})

    def response(self, username: str = PERSONS[0]["username"], document: bytes | None = None) -> etree._Element:
        return self.read(self.sign_in(username, document))

    def read(self, page: TestResponse) -> etree._Element:
        """Return the response that the page posts."""
        assert page.status_code == 200, page.text
        found = re.search(r'name="SAMLResponse" value="([^"]*)"', page.text)
        assert found is not None, page.text
        return etree.fromstring(base64.b64decode(html.unescape(found[1])))

    def metadata(self, query: str = "") -> bytes:
        return self.client.get(self.path(self.idp.profile.metadata_path) + query).data

    def published(self, query: str = "") -> list[xmlsec.Key]:
        """Return the signing keys in metadata, in their order."""
        found = etree.fromstring(self.metadata(query)).iterfind(".//md:IDPSSODescriptor/md:KeyDescriptor", NS)
        signing = [key for key in found if key.get("use", "signing") == "signing"]
        texts = [key.findtext(".//ds:X509Certificate", "", NS) for key in signing]
        return [xmlsec.Key.from_memory(base64.b64decode(t), xmlsec.constants.KeyDataFormatCertDer) for t in texts]

    def verifies(self, element: etree._Element, key: xmlsec.Key) -> bool:
        """Tell whether the signature that is a child of `element` covers it and verifies with the key."""
        signature = element.find("ds:Signature", NS)
        assert signature is not None
        reference = signature.find(".//ds:Reference", NS)
        assert reference is not None
        assert reference.get("URI") == f"#{element.get('ID')}"
        xmlsec.tree.add_ids(element, ["ID"])
        context = xmlsec.SignatureContext()
        context.key = key
        try:
            context.verify(signature)
        except xmlsec.Error:
            return False
        return True

    def attributes(self, response: etree._Element) -> list[tuple[str | None, list[str | None]]]:
        """Return name and values of each Attribute, repeats and all."""
        found = response.iterfind(".//saml:Attribute", NS)
        return [(a.get("Name"), [value.text for value in a.findall("saml:AttributeValue", NS)]) for a in found]

    def status(self, response: etree._Element) -> list[str]:
        """Return the status codes, outer first, and the message."""
        codes = [c.get("Value", "").rpartition(":")[2] for c in response.iterfind(".//samlp:StatusCode", NS)]
        return [*codes, response.findtext(".//samlp:StatusMessage", "", NS)]

    def control(self, what: str, body: dict[str, Any]) -> TestResponse:
        """Switch the identity provider's behaviour or keys, as a test does."""
        call = self.client.put if what == "behaviour" else self.client.post
        return call(f"/idp/{what}", json=body, headers={"Authorization": "Bearer admin"})


@pytest.fixture
def saml_party(make_app: Callable[..., Flask]) -> Callable[..., SamlParty]:
    """Return a function that registers us at an identity provider of the given profile."""

    def make(profile: str, **extra: Any) -> SamlParty:
        application = SP | extra.pop("application", {})
        return SamlParty(make_app(profile, **{"applications": [application]} | extra))

    return make


VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


class OidcParty:
    """A relying party and the browser it talks through."""

    def __init__(self, app: Flask, origin: str, browser: requests.Session) -> None:
        self.origin, self.browser = origin, browser
        idp = app.extensions["idps"]["idp"]
        idp.base_url = origin
        self.issuer = idp.fill(idp.profile.issuer)
        self.metadata: dict[str, Any] = self._get(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration").json()

    def _get(self, url: str, **options: Any) -> requests.Response:
        return self.browser.get(url, allow_redirects=False, timeout=5, **options)

    def authorize(self, **changes: str | None) -> requests.Response:
        values: dict[str, str | None] = {
            "client_id": "rp",
            "redirect_uri": RP["redirect_uris"][0],
            "response_type": "code",
            "scope": "openid profile email",
            "state": "st",
            "nonce": "no",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        values |= changes
        sent = {name: value for name, value in values.items() if value is not None}
        return self._get(self.metadata["authorization_endpoint"], params=sent)

    def sign_in(self, username: str = PERSONS[0]["username"], **changes: str | None) -> dict[str, str]:
        page = self.authorize(**changes)
        assert page.status_code == 303, page.text
        if not page.headers["Location"].startswith(RP["redirect_uris"][0]):
            page = self.choose(page, username, allow_redirects=False)
        return self.answer(page)

    def choose(self, asked: requests.Response, username: str, **options: Any) -> requests.Response:
        """Sign in as this person on the page that the authorization endpoint sent the browser to."""
        where = urljoin(asked.url, asked.headers["Location"])
        return self.browser.post(where, data={"username": username}, timeout=5, **options)

    def redeem(self, code: str, **changes: str | None) -> requests.Response:
        values: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": RP["redirect_uris"][0],
            "client_id": "rp",
            "client_secret": "s3cret",
            "code_verifier": VERIFIER,
        }
        values |= changes
        sent = {name: value for name, value in values.items() if value is not None}
        return requests.post(self.metadata["token_endpoint"], data=sent, timeout=5)

    def verified(self, token: str) -> tuple[dict[str, Any], dict[str, Any]]:
        keys = KeySet.import_key_set(self._get(self.metadata["jwks_uri"]).json())
        decoded = jwt.decode(token, keys, ["RS256"])
        return decoded.header, dict(decoded.claims)

    def answer(self, response: requests.Response) -> dict[str, str]:
        """Return the parameters of a redirect to the callback."""
        assert response.status_code == 303, response.text
        assert response.headers["Location"].startswith(RP["redirect_uris"][0])
        return {name: values[0] for name, values in parse_qs(urlsplit(response.headers["Location"]).query).items()}

    def claims(self, username: str = PERSONS[0]["username"], **changes: str | None) -> dict[str, Any]:
        """Sign in and return the verified claims of the ID token."""
        return self.verified(self.redeem(self.sign_in(username, **changes)["code"]).json()["id_token"])[1]

    def userinfo(self, access_token: str) -> requests.Response:
        bearer = {"Authorization": f"Bearer {access_token}"}
        return requests.get(self.metadata["userinfo_endpoint"], headers=bearer, timeout=5)

    def control(self, what: str, body: dict[str, Any]) -> requests.Response:
        """Switch the identity provider's behaviour or keys, as a test does."""
        call = requests.put if what == "behaviour" else requests.post
        return call(f"{self.origin}/idp/{what}", json=body, headers={"Authorization": "Bearer admin"}, timeout=5)


@pytest.fixture
def party(
    make_app: Callable[..., Flask], serve: Callable[[Flask], str], browser: requests.Session
) -> Callable[..., Any]:
    """Return a function that registers us at a served OpenID Provider of the given profile."""

    def make(profile: str, **extra: Any) -> OidcParty:
        app = make_app(profile, **extra)
        return OidcParty(app, serve(app), browser)

    return make
