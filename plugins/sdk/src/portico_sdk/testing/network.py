"""Noticing requests that do not go through the guard."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock


class UnguardedRequest(OSError):
    """The adapter opened a connection of its own: it could reach what the operator's guard forbids."""


@contextmanager
def no_network(tried: list[str]) -> Iterator[None]:
    """Let every connection of this process fail, and add its address to `tried`.

    An adapter may catch the failure; the list remembers all the same.
    """

    def refuse(*arguments: Any, **_options: Any) -> Any:
        tried.append(next((repr(one) for one in arguments if not isinstance(one, socket.socket)), "?"))
        raise UnguardedRequest(f"a request to {tried[-1]} did not go through context.http")

    with (
        mock.patch.object(socket.socket, "connect", refuse),
        mock.patch.object(socket.socket, "connect_ex", refuse),
        mock.patch.object(socket, "create_connection", refuse),
        mock.patch.object(socket, "getaddrinfo", refuse),
        mock.patch.object(socket, "gethostbyname", refuse),
    ):
        yield
