"""One operation: what it is called, what it takes, what it gives, who may call it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from app.management.shapes import Nothing, Shape

if TYPE_CHECKING:
    from app.adapters import Registry
    from app.audit import Actor
    from app.auth0.auth0 import Auth0
    from app.connections import Connections
    from app.organizations import AskDns
    from app.setup_links import SetupLinks
    from app.signin.journey import Journey

Takes = TypeVar("Takes", bound=Shape, covariant=True)
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


@dataclass(frozen=True, slots=True)
class Rooms:
    """What operations reach beside the database.

    Args:
        fetch: returns the document at a URL through the outbound guard; raises ProviderUnreachable.
        ask_dns: asks for a domain's TXT record.
    """

    connections: Connections
    registry: Registry
    fetch: Callable[[str], bytes]
    setup_links: SetupLinks
    ask_dns: AskDns
    auth0: Auth0
    journey: Journey


@dataclass(frozen=True, slots=True)
class Call(Generic[Takes]):
    """One call of an operation. `takes` is the body of a write, the filter of a list; it passed its shape."""

    rooms: Rooms
    actor: Actor
    now: datetime
    takes: Takes


@dataclass(frozen=True, slots=True)
class Operation:
    """One row of the catalogue.

    Args:
        command: noun and verb, `("organization", "create")`: the command, and joined the OpenAPI operation id.
        path: below /api/v1, parameters in braces; they are the command's arguments and keywords of `run`.
        scope: what an API key needs for it.
        run: does it. Gets the call and the path's parameters; returns a shape, or None for nothing to say.
        takes: shape of the JSON body (POST, PUT, PATCH) or of the query (GET).
        gives: shape of the answer.
        status: of the answer over HTTP.
        example: the arguments of an example command line.
        writes: whether it changes anything (default: everything but GET): then it accepts an Idempotency-Key.
    """

    command: tuple[str, str]
    method: Method
    path: str
    scope: str
    summary: str
    run: Callable[..., Shape | None]
    takes: type[Shape] = Nothing
    gives: type[Shape] | None = None
    status: int = 200
    example: str = ""
    writes: bool | None = None

    @property
    def changes(self) -> bool:
        """Whether it changes anything."""
        return self.method != "GET" if self.writes is None else self.writes

    @property
    def id(self) -> str:
        return "-".join(self.command)

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names in the path, in order."""
        return tuple(part[1:-1] for part in self.path.split("/") if part.startswith("{"))

    def perform(self, call: Call[Any], path: dict[str, str]) -> Shape | None:
        """Run it with the path's parameters."""
        return self.run(call, **path)
