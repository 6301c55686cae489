"""One call of the Management API: what an operation gets, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from app.demo.loopback import LoopbackHttp
from app.demo.standin.management.refusals import ApiRefused, missing_scope
from app.demo.standin.tenant.state import Tenant

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """A call whose token was good. Its body is JSON, and nothing more is known of it."""

    tenant: Tenant
    http: LoopbackHttp
    path: Mapping[str, str]
    query: MultiDict[str, str]
    body: Any
    scopes: frozenset[str]

    def may(self, scope: str) -> bool:
        """Whether the token has this scope."""
        return scope in self.scopes

    def need(self, *scopes: str) -> None:
        """Raise ApiRefused (403) unless the token has one of these."""
        if not self.scopes & set(scopes):
            raise missing_scope(scopes)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. `secret` says that a client secret, a key or the like is in it, which the tenant's log notes."""

    body: Any = None
    status: int = 200
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """An endpoint: any of its scopes is enough, and its title is what the log says after a write."""

    method: str
    path: str
    scopes: tuple[str, ...]
    title: str
    run: Callable[[Call], Reply]
    family: str = "api"


def unknown_path() -> ApiRefused:
    """There is no such endpoint."""
    return ApiRefused(404, "Not Found")
