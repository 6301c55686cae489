"""R7, R3: requests that a customer's settings cause reach public https servers only, and are bounded in every way."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
import requests

from app.outbound import Limits, OutboundGuard
from portico_sdk import ProviderUnreachable, SignInRefused
from tests.security.loopback import Answer, Request, authority, serve

HANG_S = 5.0


def resolver(*addresses: str) -> Callable[[str, int], list[str]]:
    return lambda host, port: list(addresses)


def nameless(host: str, port: int) -> list[str]:
    raise OSError("no such name")


def guarded(
    *,
    allow: frozenset[str] = frozenset(),
    development: bool = False,
    resolver: Callable[[str, int], list[str]] | None = None,
    limits: Limits | None = None,
    tls: ssl.SSLContext | None = None,
    monotonic: Callable[[], float] = time.monotonic,
) -> OutboundGuard:
    return OutboundGuard(
        allow=allow,
        development=development,
        resolver=resolver or unresolvable,
        limits=limits or Limits(deadline_s=HANG_S),
        tls=tls or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
        monotonic=monotonic,
    )


def unresolvable(host: str, port: int) -> list[str]:
    raise AssertionError(f"DNS was asked for {host}")


def code_of(guard: OutboundGuard, url: str) -> str:
    with pytest.raises(ProviderUnreachable) as refused:
        guard.request("GET", url)
    return refused.value.code


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "192.0.0.8",
        "198.18.0.1",
        "192.88.99.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "2001:db8::1",
        "fc00::1",
        "fd00::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ],
)
class TestPrivateAddresses:
    """R7: private, loopback, link-local, CGNAT, ULA, multicast, mapped and translated addresses are refused."""

    def test_in_the_url(self, address: str) -> None:
        host = f"[{address}]" if ":" in address else address
        assert code_of(guarded(), f"https://{host}/x") == "outbound-address-refused"

    def test_behind_a_name(self, address: str) -> None:
        assert code_of(guarded(resolver=resolver(address)), "https://idp.test/") == "outbound-address-refused"

    def test_beside_a_public_address(self, address: str) -> None:
        """Every address of a name is checked, not the first only."""
        guard = guarded(resolver=resolver("93.184.216.34", address))
        assert code_of(guard, "https://idp.test/") == "outbound-address-refused"

    def test_a_browser_is_not_sent_there(self, address: str) -> None:
        host = f"[{address}]" if ":" in address else address
        with pytest.raises(SignInRefused):
            guarded().check_browser_url(f"https://{host}/authorize")


@pytest.mark.parametrize(
    "url",
    [
        "http://idp.test/",
        "file:///etc/passwd",
        "gopher://idp.test/",
        "ftp://idp.test/",
        "javascript:alert(1)",
        "data:text/html,x",
        "//idp.test/",
        "/relative",
        "",
        "https:idp.test",
        "https:///path",
        "https://",
        "https://user@idp.test/",
        "https://user:pass@idp.test/",
        "https://idp.test@127.0.0.1/",
        "https://idp.test\\@127.0.0.1/",
        "https://idp.test:22/",
        "https://idp.test:8443/",
        "https://idp.test:0/",
        "https://idp.test:/",
        "https://idp.test:99999/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://127.0.0.1.%2e/",
        "https://[::1%25lo]/",
        "https://[fe80::1%eth0]/",
        "https://idp.test%00.evil.test/",
        "https://idp。test/",
        "https://①②⑦.0.0.1/",
        "https://idp.test./",
        "https://idp..test/",
        "https://idp.test/\r\nX-Injected: 1",
        "https://idp.test/a b",
        "https://idp.test/\t",
        "https://idp.test/\x00",
        " https://idp.test/",
        "https://" + "a" * 5000 + ".test/",
    ],
)
def test_unusual_urls_are_refused_before_dns_is_asked(url: str) -> None:
    """R7: other schemes, ports, user names, CRLF and every second spelling of an address are refused."""
    guard = guarded()
    assert code_of(guard, url) == "outbound-url-refused"
    # a session repairs or refuses some of these before the guard sees them; nothing is sent either way
    session = guarded(resolver=nameless).guard(requests.Session())
    with pytest.raises((ProviderUnreachable, requests.RequestException, UnicodeError)), no_sockets():
        session.get(url)


@pytest.mark.parametrize(
    "url", ["http://idp.test/a", "https://u@idp.test/", "https://idp.test/#f", "javascript:alert(1)"]
)
def test_a_browser_is_sent_to_plain_https_only(url: str) -> None:
    """R3: what we redirect to is https without user name and fragment."""
    with pytest.raises(SignInRefused) as refused:
        guarded().check_browser_url(url)
    assert refused.value.code == "browser-url-refused"


def test_a_browser_may_be_sent_to_public_https_on_any_port_and_to_what_the_operator_allowed() -> None:
    """PORTICO_OUTBOUND_ALLOW also names browser endpoints."""
    guard = guarded(allow=frozenset({"https://10.0.0.7:443", "http://idp.localhost:9000"}), development=True)
    for url in (
        "https://idp.test/authorize?x=1",
        "https://idp.test:8443/",
        "https://10.0.0.7/sso",
        "http://idp.localhost:9000/authorize",
    ):
        guard.check_browser_url(url)
    with pytest.raises(SignInRefused):
        guard.check_browser_url("http://idp.localhost:9001/authorize")


@pytest.mark.parametrize("name", ["localhost", "metadata.localhost"])
def test_local_names_are_not_reached_in_development_without_being_allowed(name: str) -> None:
    """RFC 6761 6.3: `*.localhost` is 127.0.0.1 without DNS, and still needs the operator's word."""
    guard = guarded(development=True)
    assert code_of(guard, f"https://{name}/") == "outbound-address-refused"


@pytest.mark.parametrize(
    ("origin", "development"),
    [
        ("http://127.0.0.1:9000", False),
        ("http://10.0.0.1:80", True),
        ("http://idp.test:80", True),
        ("https://adfs.corp/path", False),
        ("https://user@adfs.corp", False),
        ("https://*.corp:443", False),
        ("adfs.corp:443", False),
        ("", False),
    ],
)
def test_what_cannot_be_allowed_stops_the_start(origin: str, development: bool) -> None:
    """PORTICO_OUTBOUND_ALLOW takes exact origins; http only on loopback and in development."""
    with pytest.raises(ValueError, match=r"origin|http"):
        guarded(allow=frozenset({origin}), development=development)


def test_allowing_an_origin_never_opens_cloud_metadata_or_multicast() -> None:
    """R7: link-local, multicast and reserved addresses stay closed whatever is allowed."""
    allow = frozenset({"https://169.254.169.254:443", "https://224.0.0.1:443", "https://adfs.corp:443"})
    guard = guarded(allow=allow, resolver=resolver("169.254.169.254"))
    for host in ("169.254.169.254", "224.0.0.1", "adfs.corp"):
        assert code_of(guard, f"https://{host}/") == "outbound-address-refused"


def test_an_allowed_origin_opens_no_other_port_or_scheme() -> None:
    """PORTICO_OUTBOUND_ALLOW names origins exactly."""
    guard = guarded(allow=frozenset({"http://localhost:8080", "https://adfs.corp"}), development=True)
    for url in ("http://localhost:8081/", "http://localhost/", "http://adfs.corp/", "https://adfs.corp:8443/"):
        assert code_of(guard, url) == "outbound-url-refused"
    assert code_of(guard, "https://localhost/") == "outbound-address-refused"


def test_dns_rebinding_reaches_the_address_that_was_checked() -> None:
    """R7: a name is resolved once for each connection; what DNS says later changes nothing."""
    with serve(lambda _: Answer(b"private")) as server:
        answers = iter([["93.184.216.34"], ["127.0.0.1"]])
        asked: list[str] = []

        def rebinding(host: str, port: int) -> list[str]:
            asked.append(host)
            return next(answers)

        connected: list[tuple[str, int]] = []
        guard = guarded(resolver=rebinding)
        with refuse_to_connect(connected):
            assert code_of(guard, "https://idp.test/") == "outbound-connection"
        assert (asked, connected) == (["idp.test"], [("93.184.216.34", 443)])
        assert server.requests == []
        assert code_of(guard, "https://idp.test/") == "outbound-address-refused"


def test_redirects_are_not_followed() -> None:
    """R7: a 302 to a private address is an answer like any other, from `request` and from a guarded session."""
    with serve(lambda _: Answer(b"", 302, {"Location": "http://169.254.169.254/latest"})) as server:
        guard = local_guard(server.origin)
        assert guard.request("GET", server.origin + "/").status == 302
        assert guard.guard(requests.Session()).get(server.origin + "/").status_code == 302
        assert len(server.requests) == 2


def test_a_body_over_the_limit_is_cut_off_while_it_arrives() -> None:
    """R3: 10 GB with and without Content-Length costs at most a little more than 1 MiB."""
    for headers in ({"Content-Length": str(10 * 1024**3)}, {"Transfer-Encoding": "chunked"}, {"Connection": "close"}):
        sent = [0]

        def endless(write: Callable[[bytes], None], headers: dict[str, str] = headers, sent: list[int] = sent) -> None:
            block = b"x" * 65536
            if "Transfer-Encoding" in headers:
                block = b"10000\r\n" + block + b"\r\n"
            while sent[0] < 10 * 1024**3:
                write(block)
                sent[0] += len(block)

        with serve(partial(always, Answer(b"", 200, headers, endless))) as server:
            assert code_of(local_guard(server.origin), server.origin + "/") == "outbound-too-large"
        assert sent[0] < 64 * 1024**2  # what fits into socket buffers


def test_a_gzip_bomb_is_not_unpacked() -> None:
    """R3: the limit holds for the unpacked body; compression nobody asked for is taken only within it."""
    bomb = gzip.compress(b"\0" * (200 * 1024**2))
    assert len(bomb) < 1024**2
    with serve(lambda _: Answer(bomb, 200, {"Content-Encoding": "gzip"})) as server:
        assert code_of(local_guard(server.origin), server.origin + "/") == "outbound-too-large"
    with serve(lambda _: Answer(gzip.compress(b"{}"), 200, {"Content-Encoding": "gzip"})) as server:
        assert local_guard(server.origin).request("GET", server.origin + "/").body == b"{}"
    for encoding, body in (("br", b"x"), ("gzip, gzip", bomb), ("gzip", b"not gzip"), ("gzip", bomb[:1000])):
        with serve(partial(always, Answer(body, 200, {"Content-Encoding": encoding}))) as server:
            assert code_of(local_guard(server.origin), server.origin + "/") in (
                "outbound-encoding",
                "outbound-too-large",
            )


@pytest.mark.parametrize("slow", ["accept", "status line", "headers", "body", "chunks"])
def test_a_slow_server_ends_at_the_deadline(slow: str) -> None:
    """R3: one deadline covers the whole answer, however it drips (slowloris)."""

    def drip(write: Callable[[bytes], None]) -> None:
        start = {
            "accept": b"",
            "status line": b"",
            "headers": b"HTTP/1.1 200 OK\r\n",
            "body": b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n",
            "chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        }[slow]
        byte = {"accept": b"", "status line": b"H", "headers": b"X", "body": b"x", "chunks": b"1\r\nx\r\n"}[slow]
        write(start)
        for _ in range(200):
            time.sleep(0.05)
            write(byte)

    with serve(lambda _: Answer(raw=drip)) as server:
        guard = local_guard(server.origin, Limits(deadline_s=0.4))
        started = time.monotonic()
        assert code_of(guard, server.origin + "/") == "outbound-timeout"
        assert time.monotonic() - started < HANG_S


def test_a_slow_resolver_ends_at_the_deadline() -> None:
    """R3: DNS of the attacker's own is inside the deadline too."""
    done = threading.Event()
    guard = guarded(resolver=lambda host, port: [str(done.wait(HANG_S))], limits=Limits(deadline_s=0.2))
    started = time.monotonic()
    assert code_of(guard, "https://idp.test/") == "outbound-timeout"
    assert time.monotonic() - started < HANG_S
    done.set()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\x16\x03\x01nonsense\r\n\r\n",
        b"HTTP/1.1 999999 x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
    ],
)
def test_nonsense_instead_of_http_is_unreachable(answer: bytes) -> None:
    """No answer makes anything but ProviderUnreachable."""
    with serve(lambda _: Answer(raw=lambda write: write(answer))) as server:
        assert code_of(local_guard(server.origin), server.origin + "/") == "outbound-connection"


def test_the_environment_adds_no_proxy_and_no_password(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """R7: neither proxies nor netrc nor cookies of an earlier answer leave with a request."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with serve(lambda _: Answer(b"ok", 200, {"Set-Cookie": "a=b"})) as server:
        guard = local_guard(server.origin)
        session = guard.guard(requests.Session())
        for _ in range(2):
            assert session.get(server.origin + "/", proxies={"http": "http://127.0.0.1:1"}).text == "ok"
            assert guard.request("GET", server.origin + "/").body == b"ok"
        for request in server.requests:
            assert "authorization" not in request.headers
            assert "cookie" not in request.headers


class TestTls:
    """https means a certificate that is valid for the name in the URL."""

    def test_checked_address_and_checked_name(self, tmp_path: Path) -> None:
        """A connection to a checked address still proves the host name (SNI and certificate)."""
        trusted, server_tls = authority(tmp_path, "idp.test")
        with serve(lambda _: Answer(b"secure"), tls=server_tls) as server:
            allow = frozenset({f"https://idp.test:{server.port}", f"https://other.test:{server.port}"})
            guard = guarded(allow=allow, resolver=resolver("127.0.0.1"), tls=trusted)
            assert guard.request("GET", f"https://idp.test:{server.port}/").body == b"secure"
            assert server.requests[0].headers["host"] == f"idp.test:{server.port}"
            assert code_of(guard, f"https://other.test:{server.port}/") == "outbound-tls"

    def test_a_session_cannot_turn_verification_off(self, tmp_path: Path) -> None:
        """`verify=False`, own certificates and time-outs of a guarded session change nothing."""
        _, server_tls = authority(tmp_path, "idp.test")
        with serve(lambda _: Answer(b"secure"), tls=server_tls) as server:
            guard = guarded(
                allow=frozenset({f"https://idp.test:{server.port}"}),
                resolver=resolver("127.0.0.1"),
                tls=ssl.create_default_context(),
            )
            session = guard.guard(requests.Session())
            session.verify = False
            with pytest.raises(ProviderUnreachable) as refused:
                session.get(f"https://idp.test:{server.port}/", verify=False)
            assert refused.value.code == "outbound-tls"
            assert server.requests == []


def test_connections_are_reused_without_asking_dns_again() -> None:
    """One login asks a provider twice (token, userinfo): one connection, to the address that was checked."""
    asked: list[str] = []

    def counting(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    with serve(lambda _: Answer(b"ok")) as server:
        clock = [0.0]
        guard = guarded(
            allow=frozenset({f"http://127.0.0.1:{server.port}"}),
            development=True,
            resolver=counting,
            monotonic=lambda: clock[0],
        )
        for _ in range(3):
            guard.request("GET", server.origin + "/")
            with guard.guard(requests.Session()) as session:  # its end closes nothing of the process
                session.get(server.origin + "/")
        assert len({request.client for request in server.requests}) == 1
        clock[0] += 10  # idle for longer than some servers keep a connection
        guard.request("GET", server.origin + "/")
        assert len({request.client for request in server.requests}) == 2
        guard.close()


def local_guard(origin: str, limits: Limits | None = None) -> OutboundGuard:
    return guarded(allow=frozenset({origin}), development=True, limits=limits)


def always(answer: Answer, _request: Request) -> Answer:
    return answer


@contextmanager
def no_sockets() -> Iterator[None]:
    with refuse_to_connect([]) as connected:
        yield
    assert connected == []


@contextmanager
def refuse_to_connect(connected: list[tuple[str, int]]) -> Iterator[list[tuple[str, int]]]:
    real = socket.create_connection

    def refuse(address: tuple[str, int], *args: object, **kwargs: object) -> socket.socket:
        connected.append(address[:2])
        raise ConnectionRefusedError("no connections in this test")

    socket.create_connection = refuse  # type: ignore[assignment]
    try:
        yield connected
    finally:
        socket.create_connection = real
