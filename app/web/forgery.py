"""Forms that only our own pages can send: a token bound to the cookie of the visit, and the browser's own word.

The token is an HMAC under the cookie's value, which scripts cannot read and other sites do not know. It needs no store.
"""

from __future__ import annotations

import hashlib
import hmac

from flask import Request

from app.errors import Forbidden

FIELD = "form_token"


def form_token(cookie: str) -> str:
    """Return what a page of this visit puts into its forms."""
    return hmac.new(cookie.encode(), b"portico form", hashlib.sha256).hexdigest()


def check_form(request: Request, cookie: str) -> None:
    """Raise Forbidden unless a page of this visit sent the form."""
    check_own_origin(request)
    if not hmac.compare_digest(request.form.get(FIELD, "").encode(), form_token(cookie).encode()):
        raise Forbidden("the form has no token of this visit", code="form-foreign")


def check_own_origin(request: Request) -> None:
    """Raise Forbidden where the browser says that another site sent the form (Fetch Metadata)."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden("another site sent the form", code="form-foreign")
