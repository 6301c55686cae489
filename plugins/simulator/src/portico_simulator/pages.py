"""Pages a person may see, and the error that becomes one."""

from __future__ import annotations

from typing import Any

from flask import make_response, render_template
from werkzeug import Response

from portico_simulator.idp import Idp


class ShownToPerson(Exception):
    """Something the identity provider tells the person itself, because it does not know a safe place to answer to."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.message, self.status = message, status


def page(template: str, idp: Idp[Any] | None, status: int = 200, **values: object) -> Response:
    """Return a page of this identity provider."""
    return make_response(render_template(f"simulator/{template}.html", idp=idp, **values), status)


def auto_post(idp: Idp[Any], url: str, fields: dict[str, str]) -> Response:
    """Return a page that sends the fields to `url` by POST: by script at once, by button without scripts."""
    return page("post", idp, url=url, fields=fields)
