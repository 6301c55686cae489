"""A document that somebody looks at now: only an answer that says it is what was asked for is one."""

from __future__ import annotations

from typing import Any, cast

import pytest
from flask import Flask

from app.outbound import OutboundGuard, fetch_document
from portico_sdk import HttpResponse, ProviderUnreachable


class Answering:
    """Stands for the guard."""

    def __init__(self, status: int) -> None:
        self.status = status

    def request(self, method: str, url: str, **_: Any) -> HttpResponse:
        assert (method, url) == ("GET", "https://idp.example/metadata")
        return HttpResponse(self.status, {}, b"<html>")


def fetch(status: int) -> bytes:
    return fetch_document(cast(OutboundGuard, Answering(status)), "https://idp.example/metadata")


def test_a_document_is_given_as_it_came(app_context: Flask) -> None:
    assert fetch(200) == b"<html>"


@pytest.mark.parametrize("status", [204, 301, 302, 304, 400, 403, 404, 429, 500, 503])
def test_an_error_page_or_a_redirect_is_no_document(app_context: Flask, status: int) -> None:
    """Requirement 13 and row R7: the status is said, and nothing is followed."""
    with pytest.raises(ProviderUnreachable) as told:
        fetch(status)
    assert (told.value.code, told.value.detail) == ("outbound-status", f"the server answered {status}")
