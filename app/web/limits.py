"""How much a request may bring, and whose word about the caller's address counts."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

#: The largest SAML response or metadata document that anybody needs to send, with room to spare.
MAX_BODY_BYTES = 2 * 1024 * 1024
MAX_FORM_PARTS = 100


def init_limits(app: Flask, *, trusted_proxy_hops: int) -> None:
    """Bound every request body, and believe exactly as many proxies as are ours.

    Only the caller's address is taken from them. Scheme and host never are: every URL we publish comes from the
    configured base URL.
    """
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_BODY_BYTES
    app.config["MAX_FORM_PARTS"] = MAX_FORM_PARTS
    if trusted_proxy_hops:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=trusted_proxy_hops, x_proto=0, x_host=0, x_port=0, x_prefix=0
        )
