"""The gateway's management API, as any script outside would use it."""

from __future__ import annotations

from typing import Any

from app.demo.loopback import LoopbackHttp


class CallFailed(Exception):
    """An answer that is not a success."""


class GatewayApi:
    """Calls below `/api/v1` with an API key."""

    def __init__(self, http: LoopbackHttp, gateway: str, api_key: str) -> None:
        self._http, self._base = http, f"{gateway}/api/v1"
        self._headers = {"Authorization": f"Bearer {api_key}", "Accept": "application/json"}

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Return the JSON of the answer. Raises CallFailed, Unreachable."""
        answer = self._http.request(method, self._base + path, headers=self._headers, body=body)
        if not 200 <= answer.status < 300:
            raise CallFailed(f"{method} {path}: {answer.status} {answer.body.decode(errors='replace')[:1000]}")
        return answer.json() if answer.body else None

    def post(self, path: str, **body: Any) -> Any:
        """Return the answer to a POST. Raises CallFailed, Unreachable."""
        return self.call("POST", path, body)


class SimulatorConsole:
    """What a customer's administrator does at the (simulated) identity provider."""

    def __init__(self, http: LoopbackHttp, simulator: str, admin_token: str) -> None:
        self._http, self._simulator = http, simulator
        self._headers = {"Authorization": f"Bearer {admin_token}"}

    def register(self, idp: str, **application: Any) -> Any:
        """Return the application as it was registered, with the client id and secret of an OIDC one. Raises CallFailed."""
        answer = self._http.request(
            "POST", f"{self._simulator}/{idp}/applications", headers=self._headers, body=application
        )
        if answer.status != 201:
            raise CallFailed(f"{idp}: {answer.status} {answer.body.decode(errors='replace')[:1000]}")
        return answer.json()

    def metadata(self, idp: str) -> str:
        """Return the SAML metadata that the provider publishes. Raises CallFailed."""
        described = self._described(idp)
        answer = self._http.request("GET", described["metadata_url"])
        if answer.status != 200:
            raise CallFailed(f"metadata of {idp}: {answer.status}")
        return answer.body.decode()

    def issuer(self, idp: str) -> str:
        """Return the OIDC issuer that the provider's console shows. Raises CallFailed."""
        return str(self._described(idp)["issuer"])

    def _described(self, idp: str) -> Any:
        answer = self._http.request("GET", f"{self._simulator}/{idp}/about")
        if answer.status != 200:
            raise CallFailed(f"{idp}: {answer.status}")
        return answer.json()
