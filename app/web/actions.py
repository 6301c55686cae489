"""Where the browser goes next: the only place that sends it to another origin.

A form whose answer redirects to another origin is stopped by `form-action` (CSP 3, 6.4.1), hence the three pages here.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import Response, make_response, render_template, request

from app.errors import PorticoError
from app.web.brand import Brand
from app.web.headers import POSTS_ELSEWHERE
from portico_sdk import FormPost, Redirect


def render_action(action: Redirect | FormPost) -> Response:
    """Send the browser on: 303 with the URL as it is, or a page that posts by itself and has a button.

    Does not decide whether this URL is one that may be gone to: the caller passed it through `check_browser_url`,
    or compared it with what a client registered.
    """
    if isinstance(action, Redirect):
        _check_absolute(action.url)
        response = Response(status=303)
        response.autocorrect_location_header = False
        response.headers["Location"] = action.url  # byte for byte: others compare state and codes
        return response
    return _posting_page(action.url, action.fields.items())


def render_repost(url: str, fields: Iterable[tuple[str, str]]) -> Response:
    """Return a page of our own origin that sends what came from another one once more, now with our cookie.

    For http development only, where a cookie cannot be `SameSite=None`. What follows the post may redirect to another
    origin, so the page is as free as a form post.
    """
    return _posting_page(url, fields)


def render_resend(url: str) -> Response:
    """Let the browser send the very same POST to `url`, body and all (RFC 9110 15.4.8), with the cookies of that host.

    Does not check `url`, as `render_action` does not; it has to be ours, for the body is somebody's proof.
    """
    _check_absolute(url)
    response = Response(status=307)
    response.autocorrect_location_header = False
    response.headers["Location"] = url
    return response


def render_onward(url: str, page: str = "components/onward.html") -> Response:
    """Return a page that goes on to `url` by itself and by a link: the answer to a form's 303, which CSP lets pass.

    Does not check `url`, as `render_action` does not.
    """
    _check_absolute(url)
    response = make_response(render_template(page, url=url))
    response.headers["Refresh"] = f"0; url={url}"
    return response


def render_start(action: Redirect | FormPost, brand: Brand) -> Response:
    """Return a page from which a person goes on by a click and in no other way.

    Raises PorticoError for a form post: there a link cannot lead.
    """
    if not isinstance(action, Redirect):
        raise PorticoError("a link cannot post")
    _check_absolute(action.url)
    return make_response(render_template("signin/start.html", url=action.url, brand=brand))


def _posting_page(url: str, fields: Iterable[tuple[str, str]]) -> Response:
    _check_absolute(url)
    request.environ[POSTS_ELSEWHERE] = True
    return make_response(render_template("components/form_post.html", url=url, fields=list(fields)))


def _check_absolute(url: str) -> None:
    """Raise PorticoError unless `url` is an absolute http(s) URL of printable ASCII: a mistake of ours otherwise."""
    printable = url.isascii() and url.isprintable() and not {" ", "\\", '"'} & set(url)
    if not printable or urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise PorticoError("the next address is not an absolute URL")
