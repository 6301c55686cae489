"""The demo's own HTTP: to this machine and nowhere else."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from flask import Flask, redirect, request
from werkzeug import Response
from werkzeug.serving import make_server

from app.demo.loopback import LoopbackHttp, Unreachable


@pytest.fixture
def port() -> Iterator[int]:
    """The port of a server that tells what it was asked."""
    flask = Flask("echo")
    flask.add_url_rule("/echo", "echo", lambda: {"host": request.host, "form": dict(request.form)}, methods=["POST"])

    def away() -> Response:
        return redirect("http://elsewhere.example/")

    flask.add_url_rule("/away", "away", away)
    server = make_server("127.0.0.1", 0, flask)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_every_name_is_this_machine(port: int) -> None:
    """The host stands in the Host header; the connection goes to 127.0.0.1, also for a public name."""
    for host in ("idp.localhost", "example.com"):
        answer = LoopbackHttp().request("POST", f"http://{host}:{port}/echo", form={"a": "b c"})
        assert answer.json() == {"host": f"{host}:{port}", "form": {"a": "b c"}}


def test_redirects_are_answers(port: int) -> None:
    """Nothing is followed."""
    answer = LoopbackHttp().request("GET", f"http://idp.localhost:{port}/away")
    assert (answer.status, answer.headers["location"]) == (302, "http://elsewhere.example/")


def test_nobody_there_is_one_error() -> None:
    """A refused connection is Unreachable."""
    with pytest.raises(Unreachable):
        LoopbackHttp().request("GET", "http://idp.localhost:9/")
