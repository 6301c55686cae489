"""How much a request may bring, and whose word about the caller's address counts."""

from __future__ import annotations

from io import BytesIO
from typing import IO, Any

from flask import Flask, Request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.middleware.proxy_fix import ProxyFix

#: The largest SAML response or metadata document that anybody needs to send, with room to spare.
MAX_BODY_BYTES = 2 * 1024 * 1024
#: More fields than any form of ours, or any protocol's, has. A body of nothing but separators would be a million.
MAX_FORM_FIELDS = 200


class BoundedFormParser(FormDataParser):
    """Counts the fields of a form before it makes them. Raises RequestEntityTooLarge."""

    def parse(self, stream: IO[bytes], mimetype: str, content_length: int | None, options: Any = None) -> Any:
        if mimetype == "application/x-www-form-urlencoded":
            body = stream.read()
            if body.count(b"&") >= MAX_FORM_FIELDS:
                raise RequestEntityTooLarge
            stream = BytesIO(body)
        return super().parse(stream, mimetype, content_length, options)


class BoundedRequest(Request):
    """A request whose form has at most `MAX_FORM_FIELDS` fields."""

    form_data_parser_class = BoundedFormParser


def init_limits(app: Flask, *, trusted_proxy_hops: int) -> None:
    """Bound every request body, and believe exactly as many proxies as are ours.

    Only the caller's address is taken from them. Scheme and host never are: every URL we publish comes from the
    configured base URL.
    """
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_BODY_BYTES
    app.config["MAX_FORM_PARTS"] = MAX_FORM_FIELDS
    app.request_class = BoundedRequest
    if trusted_proxy_hops:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=trusted_proxy_hops, x_proto=0, x_host=0, x_port=0, x_prefix=0
        )
