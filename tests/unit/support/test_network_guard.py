"""No test reaches anything but this machine."""

from __future__ import annotations

import contextlib
import socket

import pytest


@pytest.mark.parametrize("address", ["192.0.2.1", "10.0.0.1", "169.254.169.254", "2001:db8::1", "::ffff:192.0.2.1"])
def test_a_connection_to_another_machine_fails_the_test(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as sock:
        for connect in (sock.connect, sock.connect_ex):
            with pytest.raises(pytest.fail.Exception, match="only loopback"):
                connect((address, 80))


def test_a_name_is_never_looked_up() -> None:
    with pytest.raises(pytest.fail.Exception, match="only loopback"):
        socket.getaddrinfo("idp.example.com", 443)


def test_code_that_catches_every_exception_cannot_hide_the_attempt() -> None:
    def swallow() -> None:
        with socket.socket() as sock, contextlib.suppress(Exception):
            sock.connect(("192.0.2.1", 80))

    with pytest.raises(pytest.fail.Exception):
        swallow()


def test_loopback_is_allowed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname(), timeout=5):
        pass
    assert socket.getaddrinfo("localhost", 80)
