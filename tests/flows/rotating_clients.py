"""Relying parties that others wrote, and the demo's stand-in for Auth0, as one thing: begin, come back, change credentials.

Each keeps the provider's key set as its authors made it keep it, until told to forget.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode, urlsplit

from authlib.integrations.flask_client import OAuth
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from flask import Flask, jsonify, request
from joserfc.jwk import KeySet, RSAKey
from werkzeug.serving import make_server

from app.demo.loopback import LoopbackHttp
from app.demo.standin.settings import parse_tenant
from app.demo.standin.views import create_standin
from tests.flows.node_peer import NodePeer
from tests.support.browser import Step
from tests.support.management import Client

CALLBACK = "https://tenant.example/login/callback"


@contextmanager
def serve(app: Flask, port: int) -> Iterator[None]:
    """Serve an application on loopback for the length of the block."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()


class Keys:
    """The keys of a client with `private_key_jwt`: the next one is published beside the current one."""

    def __init__(self) -> None:
        self.current, self.following = _make_key(), _make_key()

    @property
    def jwks(self) -> Any:
        return KeySet([self.current, self.following]).as_dict(private=False)

    def take_next(self) -> None:
        """Sign with the key that was published beside the current one."""
        self.current, self.following = self.following, self.current


def _make_key() -> RSAKey:
    key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"})
    key.ensure_kid()
    return key


class RelyingParty(ABC):
    """A client of the gateway at `issuer`, with a secret or with keys."""

    callback = CALLBACK  # what it registers at the gateway
    landing = CALLBACK  # where a login of it ends

    def __init__(self, issuer: str, keys: Keys | None) -> None:
        self.issuer, self.keys = issuer, keys
        self.client = Client("", "", "")

    @property
    def method(self) -> str:
        return "private_key_jwt" if self.jwks else "client_secret_post"

    @property
    def jwks(self) -> Any:
        """The public keys that it signs with; None where it has a secret."""
        return self.keys.jwks if self.keys else None

    def use(self, client: Client) -> None:
        """Take these credentials from now on (with keys: the next one)."""
        if self.client.client_id and self.keys:
            self.keys.take_next()
        self.client = client

    @abstractmethod
    def begin(self, connection: str) -> str:
        """Return where to send a browser."""

    @abstractmethod
    def finish(self, landed: Step) -> str:
        """Return the `sub` that the login gave. Raises AssertionError with what the software says."""

    @abstractmethod
    def forget_keys(self) -> None:
        """End the cache of the provider's key set."""


class NodeRelyingParty(RelyingParty):
    """openid-client, 5 or 6, in a process of its own, which makes its own keys."""

    def __init__(self, issuer: str, peer: NodePeer, signs: bool) -> None:
        super().__init__(issuer, None)
        self._peer, self._signs, self._keep = peer, signs, False

    @property
    def jwks(self) -> Any:
        return self._peer.hello["jwks"] if self._signs else None

    def use(self, client: Client) -> None:
        if self.client.client_id and self._signs:
            self._peer.expect(step="take_next_key")
        self.client, self._keep = client, False

    def begin(self, connection: str) -> str:
        known = {
            "issuer": self.issuer,
            "client_id": self.client.client_id,
            "redirect_uri": CALLBACK,
            "method": self.method,
            "params": {"acr_values": f"urn:portico:connection:{connection}"},
            "keep": self._keep,
        }
        self._keep = True
        secret = {} if self._signs else {"client_secret": self.client.client_secret}
        return str(self._peer.expect(step="begin", **known, **secret)["authorization_url"])

    def finish(self, landed: Step) -> str:
        return str(self._peer.expect(step="complete", callback=landed.url)["claims"]["sub"])

    def forget_keys(self) -> None:
        self._keep = False


class AuthlibRelyingParty(RelyingParty):
    """Authlib's Flask client: its registry, its session, its checks."""

    def __init__(self, issuer: str, keys: Keys | None) -> None:
        super().__init__(issuer, keys)
        self._registered: Any = None
        self._browser: Any = None

    def use(self, client: Client) -> None:
        super().use(client)
        app = Flask("authlib-client")
        app.secret_key = "of this test"
        own = self.keys.current if self.keys else client.client_secret
        token_endpoint = f"{self.issuer}/oauth2/token"
        signer = PrivateKeyJWT(token_endpoint, headers={"kid": self.keys.current.kid}) if self.keys else None
        kept = self._registered.server_metadata if self._registered else {}
        self._registered = OAuth(app).register(
            "portico",
            client_id=client.client_id,
            client_secret=own,
            server_metadata_url=f"{self.issuer}/.well-known/openid-configuration",
            client_auth_methods=[signer] if signer else None,
            client_kwargs={
                "scope": "openid email profile",
                "code_challenge_method": "S256",
                "token_endpoint_auth_method": self.method,
            },
        )
        self._registered.server_metadata.update(kept)
        app.add_url_rule("/login", "login", self._login)
        app.add_url_rule("/callback", "callback", self._callback)
        self._browser = app.test_client()

    def _login(self) -> Any:
        return self._registered.authorize_redirect(CALLBACK, acr_values=request.args["acr_values"])

    def _callback(self) -> Any:
        return jsonify(self._registered.authorize_access_token()["userinfo"])

    def begin(self, connection: str) -> str:
        query = urlencode({"acr_values": f"urn:portico:connection:{connection}"})
        return str(self._browser.get(f"/login?{query}").location)

    def finish(self, landed: Step) -> str:
        answer = self._browser.get(f"/callback?{urlsplit(landed.url).query}")
        assert answer.status_code == 200, answer.text
        return str(answer.get_json()["sub"])

    def forget_keys(self) -> None:
        self._registered.server_metadata.pop("jwks", None)


class StandIn(RelyingParty):
    """The demo's stand-in for Auth0, with an application behind it: a login ends at the application."""

    landing = "https://app.example/callback"

    def __init__(self, issuer: str, keys: Keys | None, port: int) -> None:
        super().__init__(issuer, keys)
        self.origin = f"http://auth0.localhost:{port}"
        self.callback = f"{self.origin}/login/callback"
        self._serving = _Replaceable()
        self.app = Flask("tenant")
        self.app.wsgi_app = self._serving  # type: ignore[method-assign]

    def use(self, client: Client) -> None:
        super().use(client)
        self.forget_keys()

    def begin(self, connection: str) -> str:
        asked = {
            "client_id": "app",
            "redirect_uri": self.landing,
            "response_type": "code",
            "scope": "openid",
            "state": "s",
            "connection": "portico",
            "acr_values": f"urn:portico:connection:{connection}",
        }
        return f"{self.origin}/authorize?{urlencode(asked)}"

    def finish(self, landed: Step) -> str:
        assert "code" in landed.query, landed.query
        return ""

    def forget_keys(self) -> None:
        """Make the tenant anew: its key set lives for five minutes and has no other end."""
        pem = self.keys.current.as_pem(private=True).decode() if self.keys else None
        connection = {
            "name": "portico",
            "discovery_url": f"{self.issuer}/.well-known/openid-configuration",
            "client_id": self.client.client_id,
            "client_secret": self.client.client_secret or None,
            "private_key_pem": pem,
            "token_endpoint_auth_method": self.method,
            "assertion_audience": "issuer",
            "upstream_params": {"acr_values": {"alias": "acr_values"}},
        }
        application = {"name": "App", "client_id": "app", "client_secret": "s", "callbacks": [self.landing]}
        raw = {"base_url": self.origin, "connection": connection, "applications": [application]}
        self._serving.inner = create_standin(parse_tenant(raw), LoopbackHttp()).wsgi_app


class _Replaceable:
    """A WSGI application that can be exchanged while it is served."""

    def __init__(self) -> None:
        self.inner: Any = None

    def __call__(self, environ: Any, start_response: Any) -> Any:
        return self.inner(environ, start_response)
