"""Errors outside are one sentence and a random 128-bit reference id (M12; ASVS 16.5.1)."""

from __future__ import annotations

import re

import pytest
from flask import Flask, Response, request
from structlog.testing import capture_logs

from app.errors import SignInFailed


def reference(page: str) -> str:
    found = re.search(r'id="ref">([0-9a-f]{32})<', page)
    assert found
    return found.group(1)


@pytest.mark.parametrize(
    ("kind", "status", "sentence"),
    [
        ("invalid", 422, "Some values cannot be used"),
        ("conflict", 409, "This contradicts what is stored"),
        ("sign-in", 400, "We could not sign you in"),
        ("crash", 500, "Something went wrong"),
        ("own", 500, "Something went wrong"),
        ("unicode", 400, "The request cannot be understood"),
    ],
)
def test_every_error_is_a_page_with_a_constant_sentence(app: Flask, kind: str, status: int, sentence: str) -> None:
    """A page says the sentence and the reference; the cause appears in the log alone, under that reference."""
    with capture_logs() as logs:
        answer = app.test_client().get(f"/broken/{kind}")
    assert answer.status_code == status
    assert sentence in answer.text
    for secret in ("hunter2", "con-1", "org y", "sda1", "Vera", "saml-signature", "Traceback"):
        assert secret not in answer.text
    assert [entry["reference"] for entry in logs] == [reference(answer.text)]


def test_two_errors_have_two_references(app: Flask) -> None:
    client = app.test_client()
    assert reference(client.get("/broken/crash").text) != reference(client.get("/broken/crash").text)


def test_a_reference_that_an_error_brings_is_shown(app: Flask) -> None:
    """The id of a trace is the reference a person sees."""

    def view() -> str:
        error = SignInFailed()
        error.reference = "ab" * 16  # type: ignore[attr-defined]
        raise error

    app.add_url_rule("/traced", "traced", view)
    assert reference(app.test_client().get("/traced").text) == "ab" * 16


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "//nothing//at/all", 404),
        ("PUT", "/broken/crash", 405),
        ("GET", "/static/0000/portico.css", 404),
        ("GET", "/static/0000/../../settings.py", 404),
        ("GET", "/nothing/%00%ff", 404),
    ],
)
def test_routing_errors_are_pages_too(app: Flask, method: str, path: str, status: int) -> None:
    answer = app.test_client().open(path, method=method)
    assert answer.status_code == status
    assert reference(answer.text)


def test_a_wrong_method_names_the_right_ones(app: Flask) -> None:
    assert "POST" in app.test_client().put("/broken/crash").headers["Allow"]


def test_a_body_over_2_mib_is_413(app: Flask) -> None:
    """Row S14: size is refused before anything reads the body."""
    app.add_url_rule("/form", "form", lambda: str(len(request.form)), methods=["POST"])
    answer = app.test_client().post("/form", data={"SAMLResponse": "A" * (2 * 1024 * 1024)})
    assert answer.status_code == 413
    assert reference(answer.text)


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_form_of_a_million_fields_is_413(app: Flask, content_type: str) -> None:
    """Row S14: counted before a single field is made, which would cost a second and 200 MB."""
    app.add_url_rule("/form", "form", lambda: str(len(request.form)), methods=["POST"])
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n'
    body = part * 30_000 + b"--x--\r\n" if "multipart" in content_type else b"a&" * 1_000_000
    assert app.test_client().post("/form", data=body, content_type=content_type).status_code == 413
    small = part * 3 + b"--x--\r\n" if "multipart" in content_type else b"a=b&a=c&d=e"
    assert app.test_client().post("/form", data=small, content_type=content_type).text in ("1", "2")


def test_the_log_names_the_route_and_never_the_path(app: Flask) -> None:
    """Row T10: a token in a path stays out of the log."""
    with capture_logs() as logs:
        app.test_client().get("/broken/crash?token=s3cret")
        app.test_client().get("/setup/s3cret-token")
    assert logs[0]["route"] == "/broken/<kind>"
    assert "s3cret" not in str(logs)


def test_a_face_may_answer_in_its_own_form(make_app) -> None:  # type: ignore[no-untyped-def]
    app = make_app(answers={"/broken/": lambda refusal: Response(refusal.code, refusal.status)})
    assert app.test_client().get("/broken/conflict").text == "conflict"
    assert app.test_client().get("/broken/sign-in").text == "sign-in-failed"
    assert "html" in app.test_client().get("/elsewhere").text
