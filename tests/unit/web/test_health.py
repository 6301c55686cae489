"""`/healthz`, `/readyz`, `/metrics`: what they say, and what they never say."""

from __future__ import annotations


def test_ready_only_when_every_question_is_answered_yes(make_app) -> None:  # type: ignore[no-untyped-def]
    """Row A2: 503 without a cause; a question that raises counts as no."""

    def down() -> bool:
        raise ConnectionError("postgresql://user:hunter2@db")

    ready = make_app(ready={"database": lambda: True}).test_client().get("/readyz")
    assert (ready.status_code, ready.json) == (200, {"status": "ready", "checks": {"database": True}})
    client = make_app(ready={"database": down, "keys": lambda: True}).test_client()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["checks"] == {"database": False, "keys": True}
    assert "hunter2" not in answer.text
    assert client.get("/healthz").json == {"status": "ok"}


def test_metrics_count_answers_by_class_and_time_by_route(make_app) -> None:  # type: ignore[no-untyped-def]
    client = make_app().test_client()
    client.get("/broken/crash")
    client.get("/never/heard/of/s3cret")
    text = client.get("/metrics").text
    assert 'portico_responses_total{status="5xx"} 1.0' in text
    assert 'portico_request_seconds_count{route="broken"} 1.0' in text
    assert "s3cret" not in text
