"""An operator at work: every act is an operation of the management API, done in the operator's name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.audit import Actor
from app.errors import NotFound, PorticoError
from app.management import OPERATIONS, Rooms
from app.management.operation import Call, Operation
from app.management.shapes import Shape, read_body, read_query

_BY_COMMAND: Mapping[tuple[str, str], Operation] = {operation.command: operation for operation in OPERATIONS}


@dataclass(frozen=True, slots=True)
class Desk:
    """One request of one operator."""

    rooms: Rooms
    actor: Actor
    now: datetime

    def ask(self, noun: str, verb: str, /, *path: str, **takes: Any) -> Any:
        """Run an operation and return the shape that it gives, or None.

        Args:
            path: values of the path's parameters, in order.
            takes: members of the body or the query; they pass the same shape as the API's.
        Raises:
            Invalid: a member has the wrong shape; and whatever the operation raises.
        """
        operation = _BY_COMMAND.get((noun, verb))
        if operation is None or len(path) != len(operation.parameters):
            raise PorticoError(f"the console asks for {noun} {verb}, which does not exist like that")
        taken = _read(operation, takes)
        call = Call(self.rooms, self.actor, self.now, taken)
        return operation.perform(call, dict(zip(operation.parameters, path, strict=True)))

    def find_name(self, noun: str, id_: str) -> str | None:
        """Return what people call a thing; None where it is gone."""
        try:
            return str(self.ask(noun, "get", id_).name)
        except NotFound:
            return None


def _read(operation: Operation, takes: Mapping[str, Any]) -> Shape:
    """As the API reads it: a query is text, a body is JSON."""
    if operation.method == "GET":
        pairs = [(name, value if isinstance(value, str) else json.dumps(value)) for name, value in takes.items()]
        return read_query(operation.takes, pairs)
    return read_body(operation.takes, json.dumps(takes).encode())


def name_of_actor(event: Any, operators: Mapping[str, str]) -> str:
    """Return how people know who did it; the id where the name was erased, or nobody has one."""
    label = event.actor.label or ("" if event.erased else operators.get(event.actor.id, ""))
    return str(label or event.actor.id or event.actor.kind)
