"""The upstream provider's discovery document, read once when the connection is made and kept from then on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.demo.loopback import Answer, LoopbackHttp

_LIMIT = 128 * 1024
_REQUIRED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "id_token_signing_alg_values_supported")


class SnapshotError(Exception):
    """The discovery document cannot be used; the connection is not created.

    Args:
        said: what the Management API says of it.
    """

    def __init__(self, message: str, said: str = '"options.issuer" is missing') -> None:
        super().__init__(message)
        self.said = said


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`options.oidc_metadata`: later changes of the document are not seen."""

    metadata: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.metadata[name]

    @property
    def issuer(self) -> str:
        """The issuer, compared as a string and never otherwise."""
        return str(self.metadata["issuer"])

    @property
    def iss_parameter_required(self) -> bool:
        """Whether the document promises `iss` in every authorization response (RFC 9207)."""
        return self.metadata.get("authorization_response_iss_parameter_supported") is True

    @property
    def advertises_s256(self) -> bool:
        """Whether the document names S256 among its code challenge methods."""
        return "S256" in self.metadata.get("code_challenge_methods_supported", ())


def take_snapshot(http: LoopbackHttp, discovery_url: str) -> Snapshot:
    """Return the document of `discovery_url`, which may be the issuer alone. Raises SnapshotError or Unreachable."""
    suffix = "/.well-known/openid-configuration"
    url = discovery_url if discovery_url.endswith(suffix) else discovery_url.rstrip("/") + suffix
    answer = http.request("GET", url, headers={"Accept": "application/json"})
    document = _document(answer)
    for name in _REQUIRED:
        if not document.get(name):
            raise SnapshotError(f"{url}: {name} is missing", f'"options.{name}" is missing')
    if "RS256" not in document["id_token_signing_alg_values_supported"]:
        wrong = "id_token_signing_alg_values_supported must include RS256"
        raise SnapshotError(f"{url}: {wrong}", f"options.oidc_metadata.{wrong}")
    if url != str(document["issuer"]).rstrip("/") + suffix:
        raise SnapshotError(f"{url}: it says to be {document['issuer']}")
    return Snapshot(document)


def _document(answer: Answer) -> dict[str, Any]:
    if answer.status != 200:
        raise SnapshotError(f"discovery answered {answer.status}")
    if len(answer.body) > _LIMIT:
        size = "Discovery document exceeds the maximum allowed size of 128 KB"
        raise SnapshotError(f"discovery answered with {len(answer.body)} bytes", size)
    try:
        document = answer.json()
    except ValueError as error:
        raise SnapshotError("discovery is not JSON") from error
    if not isinstance(document, dict):
        raise SnapshotError("discovery is not a JSON object")
    return document
