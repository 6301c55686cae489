"""A customer whose OpenID provider runs in the test, on a loopback port that the gateway in this process may reach."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from portico_oidc.testing import FakeProvider
from portico_oidc.testing.http import SentRequest
from portico_sdk import HttpResponse

TELL = "/tell"  # where a client is told of people who were signed out


class LocalProvider:
    """The provider behind a real port, and a client's endpoint beside it.

    Attributes:
        told: what the client was told, as (headers, body).
    """

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.origin = f"http://127.0.0.1:{server.server_address[1]}"
        self.provider = FakeProvider(self.origin)
        self.told: list[tuple[dict[str, str], Any]] = []

    def answer(self, request: SentRequest) -> HttpResponse:
        if request.url == f"{self.origin}{TELL}":
            self.told.append((dict(request.headers), json.loads(request.body)))
            return HttpResponse(200, {}, b"")
        return self.provider.answer(request)


@contextmanager
def local_provider() -> Iterator[LocalProvider]:
    """Serve the provider until the end of the block."""
    running: list[LocalProvider] = []

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            made = running[0].answer(SentRequest(self.command, f"{running[0].origin}{self.path}", headers, body))
            self.send_response(made.status)
            for name, value in made.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(made.body)))
            self.end_headers()
            self.wfile.write(made.body)

        do_GET = do_POST = _serve  # noqa: N815 -- names of the standard library

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    running.append(LocalProvider(server))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield running[0]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
