"""Reading what a person sees when a sign-in ends without a login."""

from __future__ import annotations

import re
from typing import Any

from tests.support.browser import Page, Step
from tests.support.management import Management

_REFERENCE = re.compile(r"\b[0-9a-f]{32}\b")


def reference_of(end: Page | Step) -> str:
    """Return the one reference id that the page shows, or that the error sent to the client ends in."""
    text = end.text if isinstance(end, Page) else end.answer.get("error_description", "")
    found: set[str] = set(_REFERENCE.findall(text))
    assert len(found) == 1, text
    return found.pop()


def same_words(end: Page | Step) -> tuple[Any, ...]:
    """Return what an outsider can tell from this ending, whatever differs by chance taken away."""
    if isinstance(end, Step):
        answer = {name: value for name, value in end.answer.items() if name != "state"}
        return ("client", end.method, *sorted((k, _REFERENCE.sub("*", v)) for k, v in answer.items()))
    text = re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?|state=[\w-]+", "*", _REFERENCE.sub("*", end.text))
    return ("page", end.status, text)


def expect_refusal(end: Page | Step, api: Management, code: str | None = None) -> dict[str, Any]:
    """Return the trace of a sign-in that ended on an error page: 4xx, a reference, and under it the reason `code`."""
    assert isinstance(end, Page), f"it went on to {end.url}"
    assert 400 <= end.status < 500, (end.status, end.text[:500])
    return _denied(end, api, code)


def expect_error(end: Page | Step, api: Management, code: str | None = None) -> dict[str, Any]:
    """Return the trace of a sign-in that ended with an error to the client before anybody went anywhere."""
    assert isinstance(end, Step), f"stopped at {end.url}"
    assert "code" not in end.answer
    assert end.answer["error"] == "access_denied"
    return _denied(end, api, code)


def _denied(end: Page | Step, api: Management, code: str | None) -> dict[str, Any]:
    trace = api.trace(reference_of(end))
    assert trace["outcome"] == "denied", trace
    if code is not None:
        assert trace["code"] == code, trace
        assert code not in (end.text if isinstance(end, Page) else str(end.answer)), "an outsider is told the cause"
    return trace
