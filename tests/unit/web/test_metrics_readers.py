"""`/metrics` tells what an installation is worth to its operator, and to nobody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from pydantic import ValidationError

from app.settings import Settings
from app.web.metrics import Metrics

KEY = "k" * 40
MakeApp = Callable[..., Flask]


def with_key(key: str, *, development: bool = False) -> Flask:
    app = Flask("app")
    Metrics().init_app(app, key=key, development=development)
    return app


def read(app: Flask, *, peer: str = "127.0.0.1", **headers: str) -> Any:
    sent = {name.replace("_", "-"): text for name, text in headers.items()}
    return app.test_client().get("/metrics", headers=sent, environ_overrides={"REMOTE_ADDR": peer})


def test_in_development_this_machine_reads_without_a_key(make_app: MakeApp) -> None:
    for peer in ("127.0.0.1", "127.0.0.9", "::1"):
        assert read(make_app(), peer=peer).status_code == 200


@pytest.mark.parametrize("peer", ["192.0.2.7", "10.0.0.1", "", "localhost.evil.example", "::ffff:192.0.2.7"])
def test_no_other_machine_reads_without_a_key(make_app: MakeApp, peer: str) -> None:
    assert read(make_app(), peer=peer).status_code == 403


@pytest.mark.parametrize(
    "header", ["X_Forwarded_For", "X_Forwarded_Host", "X_Forwarded_Proto", "Forwarded", "Via", "X_Real_IP"]
)
@pytest.mark.parametrize("hops", [0, 1])
def test_what_a_proxy_passed_on_is_not_from_this_machine(make_app: MakeApp, header: str, hops: int) -> None:
    """Although the proxy is, and although the header says that the caller is."""
    assert read(make_app(hops=hops), **{header: "127.0.0.1"}).status_code == 403


def test_in_production_nobody_reads_without_a_key(make_app: MakeApp) -> None:
    """A proxy in front makes every stranger look like this machine, and not every proxy adds a header."""
    assert read(make_app("https://sso.example.com")).status_code == 403


def test_the_key_opens_from_everywhere_and_nothing_else_does() -> None:
    """A key replaces the rule of loopback: it is asked for there too. The scheme is not case-sensitive."""
    app = with_key(KEY)
    assert read(app, peer="192.0.2.7", Authorization=f"Bearer {KEY}").status_code == 200
    assert read(app, Authorization=f"bearer {KEY}", X_Forwarded_For="192.0.2.7").status_code == 200


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer ", f"Basic {KEY}", KEY, f"Bearer {KEY[:-1]}", f"Bearer {KEY} "])
def test_anything_but_the_key_is_refused_the_same_way(make_app: MakeApp, sent: str) -> None:
    app = make_app(metrics_key=KEY)
    answer = read(app, Authorization=sent)
    nothing = read(app)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="metrics"')
    assert (nothing.status_code, nothing.headers["WWW-Authenticate"]) == (401, 'Bearer realm="metrics"')
    assert KEY not in answer.text


@pytest.mark.parametrize("key", ["short", "x" * 19, "with a blank in the middle", "ä" * 30])
def test_a_key_that_could_be_guessed_or_not_be_sent_stops_the_start(key: str) -> None:
    with pytest.raises(ValidationError):
        Settings(metrics_key=key)
