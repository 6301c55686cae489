"""The management API as a script of the SaaS team's would use it: HTTP and an API key, nothing else."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

import requests

_TIMEOUT_S = 20


class Refused(Exception):
    """An answer outside of 2xx. `body` is the problem document where there is one."""

    def __init__(self, method: str, path: str, response: requests.Response) -> None:
        super().__init__(f"{method} {path}: {response.status_code} {response.text[:800]}")
        self.status = response.status_code
        self.body = response.json() if "json" in response.headers.get("Content-Type", "") else {}


@dataclass(frozen=True, slots=True)
class Client:
    """A registered application of ours (Auth0, mostly)."""

    client_id: str
    client_secret: str
    redirect_uri: str


class Management:
    """Calls under `/api/v1` of one gateway."""

    def __init__(self, base_url: str, api_key: str) -> None:
        self._base = f"{base_url}/api/v1"
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["Authorization"] = f"Bearer {api_key}"

    def call(self, method: str, path: str, body: dict[str, Any] | None = None, **query: Any) -> Any:
        """Return the JSON of a 2xx answer (None when it has no body). Raises Refused."""
        response = self._session.request(method, self._base + path, json=body, params=query, timeout=_TIMEOUT_S)
        if not response.ok:
            raise Refused(method, path, response)
        return response.json() if response.content else None

    def post(self, path: str, **body: Any) -> Any:
        return self.call("POST", path, body)

    def patch(self, path: str, **body: Any) -> Any:
        return self.call("PATCH", path, body)

    def get(self, path: str, **query: Any) -> Any:
        return self.call("GET", path, None, **query)

    def delete(self, path: str) -> Any:
        return self.call("DELETE", path)

    def add_client(self, redirect_uri: str = "https://tenant.example/login/callback", **more: Any) -> Client:
        """Register a client, by `client_secret_post` unless told otherwise."""
        more.setdefault("token_endpoint_auth_method", "client_secret_post")
        made = self.post("/clients", name="Auth0", redirect_uris=[redirect_uri], **more)
        return Client(made["client_id"], made.get("client_secret", ""), redirect_uri)

    def add_organization(self, domain: str | None = None, **more: Any) -> dict[str, Any]:
        """Add an organization with a name of its own; `domain` is vouched for."""
        unique = secrets.token_hex(6)
        made: dict[str, Any] = self.post("/organizations", **{"name": f"Customer {unique}", **more})
        if domain is not None:
            self.post(f"/organizations/{made['id']}/domains", domain=domain, verified=True)
        return made

    def add_connection(
        self, organization_id: str, adapter: str, settings: dict[str, Any], *, activate: bool = True, **more: Any
    ) -> dict[str, Any]:
        """Add a connection; it is active, untested, unless `activate` is false."""
        path = f"/organizations/{organization_id}/connections"
        made: dict[str, Any] = self.post(path, adapter=adapter, settings=settings, **more)
        if activate:
            self.activate(made["id"])
        return made

    def activate(self, connection_id: str) -> Any:
        return self.post(f"/connections/{connection_id}/activate", skip_test=True)

    def trace(self, reference: str) -> dict[str, Any]:
        """Return the trace that a reference id on a page names."""
        found: dict[str, Any] = self.get(f"/sign-ins/{reference}")
        return found
