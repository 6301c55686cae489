"""Static files: addresses that name the content, kept for good, nothing else within reach."""

from __future__ import annotations

import gzip

from flask import Flask

from app.web.assets import STATIC


def url(app: Flask, name: str) -> str:
    asset = app.jinja_env.globals["asset"]
    assert callable(asset)
    return str(asset(name))


def test_a_file_is_immutable_under_its_fingerprint(app: Flask) -> None:
    answer = app.test_client().get(url(app, "portico.css"))
    assert answer.data == (STATIC / "portico.css").read_bytes()
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.mimetype == "text/css"


def test_text_is_compressed_for_those_who_ask(app: Flask) -> None:
    answer = app.test_client().get(url(app, "vendor/bootstrap.min.css"), headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.data) == (STATIC / "vendor/bootstrap.min.css").read_bytes()
    assert len(answer.data) < 40_000


def test_another_fingerprint_is_404_and_not_cached(app: Flask) -> None:
    answer = app.test_client().get("/static/0123456789abcdef/portico.css")
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"
