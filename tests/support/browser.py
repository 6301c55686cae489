"""A small browser: cookies with their SameSite rules, one step at a time, so that a test sees every address on the way.

It submits what a page would submit by itself: a form that holds only hidden fields (SAML-POST, `form_post`, the repost
page of http development), a `Refresh`, a redirect. Hosts below `.localhost` are loopback, as in browsers.
"""

from __future__ import annotations

import html
import http.cookiejar
import re
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlencode, urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.poolmanager import pool_classes_by_scheme

_TIMEOUT_S = 20
_STEPS = 15
_REFRESH = re.compile(r"\s*\d+\s*;\s*url\s*=\s*(.+?)\s*$", re.I)


@dataclass(frozen=True, slots=True)
class Step:
    """A request that a browser would make next."""

    method: str
    url: str
    fields: tuple[tuple[str, str], ...] = ()
    initiator: str = ""  # the page it comes from; empty when the person typed it

    @property
    def query(self) -> dict[str, str]:
        """The parameters of the query; each must be there once."""
        return _once(parse_qs(urlsplit(self.url).query, keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        """The fields of the form; each must be there once."""
        assert len({name for name, _ in self.fields}) == len(self.fields), self.fields
        return dict(self.fields)

    @property
    def answer(self) -> dict[str, str]:
        """What it carries: the form of a POST, the query of a GET."""
        return self.form if self.method == "POST" else self.query


@dataclass(slots=True)
class Form:
    """A form on a page. `automatic` when a person has nothing to fill in."""

    action: str = ""
    method: str = "GET"
    fields: list[tuple[str, str]] = field(default_factory=list)
    automatic: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """An answer, and the way on from it."""

    url: str
    status: int
    headers: requests.structures.CaseInsensitiveDict[str]
    text: str
    forms: tuple[Form, ...]

    @property
    def next(self) -> Step | None:
        """The step that a browser takes by itself, or None where the person has to act."""
        location = self.headers.get("Location")
        if self.status in (301, 302, 303, 307, 308) and location:
            return Step("GET", urljoin(self.url, location), initiator=self.url)
        refresh = _REFRESH.match(self.headers.get("Refresh", "")) or _meta_refresh(self.text)
        if refresh:
            return Step("GET", urljoin(self.url, html.unescape(refresh[1])), initiator=self.url)
        for form in self.forms:
            if form.automatic and form.method == "POST" and form.fields:
                return self.submit(form)
        return None

    def submit(self, form: Form, **values: str) -> Step:
        """The step of a person who fills `values` in and presses the button."""
        fields = [(name, values.pop(name, value)) for name, value in form.fields]
        fields += values.items()
        url = urljoin(self.url, form.action) if form.action else self.url
        if form.method == "POST":
            return Step("POST", url, tuple(fields), initiator=self.url)
        return Step("GET", f"{url.split('?')[0]}?{urlencode(fields)}", initiator=self.url)


class Browser:
    """One person's browser. Two tabs are two calls of `walk` on the same browser."""

    def __init__(self) -> None:
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.mount("http://", _Loopback())

    @property
    def cookies(self) -> requests.cookies.RequestsCookieJar:
        """The jar, for tests that look at or steal cookies."""
        return self._session.cookies

    def send(self, step: Step) -> Page:
        """Make one request and follow nothing. Lax cookies stay at home on a cross-site POST, as in a real browser."""
        body = urlencode(step.fields) if step.method == "POST" else None
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
        request = requests.Request(step.method, step.url, data=body, headers=headers)
        prepared = self._session.prepare_request(request)
        if step.method == "POST" and step.initiator and _site(step.initiator) != _site(step.url):
            self._withhold_lax(prepared)
        _as_written.set(urlsplit(step.url)._replace(scheme="", netloc="", fragment="").geturl())
        response = self._session.send(prepared, allow_redirects=False, timeout=_TIMEOUT_S)
        return Page(step.url, response.status_code, response.headers, response.text, _forms(response))

    def _withhold_lax(self, prepared: requests.PreparedRequest) -> None:
        everywhere = requests.cookies.RequestsCookieJar()
        for cookie in self._session.cookies:
            if _attribute(cookie, "SameSite").lower() == "none":
                everywhere.set_cookie(cookie)
        prepared.headers.pop("Cookie", None)
        prepared.prepare_cookies(everywhere)

    def walk(self, start: str | Step, *, stop: str | Iterable[str] = ()) -> Step | Page:
        """Go on until a page needs a person, or a step would lead below `stop`: that step is returned, not taken."""
        stops = (stop,) if isinstance(stop, str) else tuple(stop)
        step = start if isinstance(start, Step) else Step("GET", start)
        for _ in range(_STEPS):
            if step.url.startswith(stops):
                return step
            page = self.send(step)
            following = page.next
            if following is None:
                return page
            step = following
        raise AssertionError(f"no end of redirects; the last one leads to {step.url}")

    def reach(self, start: str | Step, stop: str | Iterable[str]) -> Step:
        """As `walk`, for a way that must end at `stop`."""
        end = self.walk(start, stop=stop)
        assert isinstance(end, Step), f"stopped at {end.url} with {end.status}: {_words(end.text)}"
        return end

    def read(self, start: str | Step) -> Page:
        """As `walk`, for a way that must end on a page."""
        end = self.walk(start)
        assert isinstance(end, Page)
        return end


class _Loopback(HTTPAdapter):
    """Sends `*.localhost` to 127.0.0.1 with the Host header it had, without asking DNS (RFC 6761 6.3).

    A target is sent as it is written: urllib3 would put percent-encodings into upper case, browsers do not, and the
    redirects that AD FS and Entra sign are in lower case.
    """

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        classes = {**pool_classes_by_scheme, "http": _PoolAsWritten}
        self.poolmanager.pool_classes_by_scheme = classes

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        parts = urlsplit(request.url or "")
        host = str(parts.hostname)
        if host != "localhost" and not host.endswith(".localhost"):
            return super().send(request, *args, **kwargs)
        moved = request.copy()
        moved.headers["Host"] = str(parts.netloc)
        moved.url = parts._replace(netloc=f"127.0.0.1:{parts.port or 80}").geturl()
        return super().send(moved, *args, **kwargs)


class _ConnectionAsWritten(HTTPConnection):
    def putrequest(self, method: str, url: str, *args: Any, **kwargs: Any) -> None:
        written = _as_written.get()
        same = unquote(written) == unquote(url) and written.isascii() and " " not in written
        super().putrequest(method, written if same else url, *args, **kwargs)


class _PoolAsWritten(HTTPConnectionPool):
    ConnectionCls = _ConnectionAsWritten


_as_written: ContextVar[str] = ContextVar("as_written", default="")


class _FormReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._open = Form(given.get("action", ""), given.get("method", "get").upper())
            self.forms.append(self._open)
        elif self._open is not None and tag in ("input", "select", "textarea", "button"):
            kind = given.get("type", "submit" if tag == "button" else "text").lower()
            if kind == "submit":
                # a button without a name sends nothing; one with a name is a choice that a person makes
                self._open.automatic &= not given.get("name")
            else:
                self._open.automatic &= kind == "hidden"
                if given.get("name"):
                    self._open.fields.append((given["name"], given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None


def _forms(response: requests.Response) -> tuple[Form, ...]:
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return ()
    reader = _FormReader()
    reader.feed(response.text)
    return tuple(reader.forms)


def _meta_refresh(text: str) -> re.Match[str] | None:
    found = re.search(r'<meta http-equiv="refresh" content="([^"]+)"', text, re.I)
    return _REFRESH.match(found[1]) if found else None


def _attribute(cookie: http.cookiejar.Cookie, name: str) -> str:
    return next((str(v) for k, v in cookie.__dict__["_rest"].items() if k.lower() == name.lower()), "")


def _site(url: str) -> str:
    """Return what browsers compare, near enough for our hosts: ports do not matter, names below .localhost do."""
    return f"{urlsplit(url).scheme}://{urlsplit(url).hostname}"


def _once(values: dict[str, list[str]]) -> dict[str, str]:
    assert all(len(value) == 1 for value in values.values()), values
    return {name: value[0] for name, value in values.items()}


def _words(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))[:600]


def parse_form(body: str) -> dict[str, str]:
    """Return the fields of an urlencoded body."""
    return dict(parse_qsl(body, keep_blank_values=True))
