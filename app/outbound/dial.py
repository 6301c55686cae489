"""Opening a connection: resolve once, check every address, connect to a checked one.

Checks hang on the connection and not on the URL: whatever a library above makes of a URL, and whatever DNS answers the
next time, bytes only ever travel over a socket that was opened here.
"""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Callable, Sequence

from app.outbound.addresses import Address, is_openable, is_public, parse_address
from app.outbound.target import DEFAULT_PORTS, Target, UnsafeUrl, parse_target
from portico_sdk import ProviderUnreachable

Resolver = Callable[[str, int], Sequence[str]]


def system_addresses(host: str, port: int) -> Sequence[str]:
    """Return every address the system's resolver knows for `host`. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [str(entry[4][0]) for entry in found]


class Dialer:
    """Opens sockets to checked addresses only.

    Args:
        allow: origins (`scheme://host:port`) that may be reached although private, or on another port than 443; one in
            http only in development, and then only on loopback.
        development: whether `*.localhost` is 127.0.0.1 without asking DNS (RFC 6761 6.3).
        resolver: addresses of a name; may block.
        monotonic: seconds.

    Raises ValueError: an origin is not one, or may not be allowed.
    """

    def __init__(
        self, allow: frozenset[str], *, development: bool, resolver: Resolver, monotonic: Callable[[], float]
    ) -> None:
        self._allow = frozenset(_parse_origin(origin, development=development) for origin in allow)
        self._development = development
        self._resolver = resolver
        self._monotonic = monotonic

    def is_allowed(self, target: Target) -> bool:
        """Return whether the operator named this very origin."""
        return target.origin in self._allow

    def check_target(self, target: Target) -> None:
        """Raise ProviderUnreachable unless the gateway itself may ask this origin, as far as its URL shows."""
        if self.is_allowed(target):
            return
        if target.scheme != "https" or target.port != 443:
            raise ProviderUnreachable(
                "outbound-url-refused",
                f"{target.origin}: only https on port 443 is asked",
                hint="An operator can allow the exact origin with PORTICO_OUTBOUND_ALLOW.",
            )

    def connect(self, target: Target, timeout_s: float) -> socket.socket:
        """Return a connected socket to an address that passed the checks, within `timeout_s`.

        Raises:
            ProviderUnreachable: not allowed, or nobody answers to the name.
            OSError: none of the addresses could be reached in time.
        """
        deadline = self._monotonic() + timeout_s
        self.check_target(target)
        addresses = self._resolve(target, timeout_s)
        self._check_addresses(target, addresses)
        failure: OSError = TimeoutError("no time left to connect")
        for position, address in enumerate(addresses):
            share = (deadline - self._monotonic()) / (len(addresses) - position)
            if share <= 0:
                break
            try:
                connection = socket.create_connection((str(address), target.port), timeout=share)
            except OSError as error:
                failure = error
                continue
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.settimeout(max(deadline - self._monotonic(), 0.001))
            return connection
        raise failure

    def _check_addresses(self, target: Target, addresses: Sequence[Address]) -> None:
        allowed = self.is_allowed(target)
        for address in addresses:
            if target.scheme == "http":
                passed = allowed and address.is_loopback
            else:
                passed = is_openable(address) if allowed else is_public(address)
            if not passed:
                raise ProviderUnreachable(
                    "outbound-address-refused",
                    f"{target.host} is {address}, which is not a public address",
                    hint="An operator can allow a private origin with PORTICO_OUTBOUND_ALLOW.",
                )

    def _resolve(self, target: Target, timeout_s: float) -> tuple[Address, ...]:
        if target.address is not None:
            return (target.address,)
        if self._development and target.is_local_name:
            return (parse_address("127.0.0.1"),)
        try:
            names = _within(timeout_s, lambda: self._resolver(target.host, target.port))
            addresses = tuple(dict.fromkeys(parse_address(name) for name in names))
        except TimeoutError as error:
            raise ProviderUnreachable("outbound-timeout", f"DNS did not answer for {target.host} in time") from error
        except (OSError, ValueError, UnicodeError) as error:
            raise ProviderUnreachable("outbound-name-unknown", f"DNS knows no address of {target.host}") from error
        if not addresses:
            raise ProviderUnreachable("outbound-name-unknown", f"DNS knows no address of {target.host}")
        return addresses


def _within(timeout_s: float, resolve: Callable[[], Sequence[str]]) -> Sequence[str]:
    """Return what `resolve` returns. The system's resolver knows no time-out: it runs where it can be left behind."""
    answers: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

    def work() -> None:
        try:
            answers.put(resolve())
        except Exception as error:
            answers.put(error)

    threading.Thread(target=work, name="outbound-dns", daemon=True).start()
    try:
        answer = answers.get(timeout=timeout_s)
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def _parse_origin(origin: str, *, development: bool) -> str:
    try:
        target = parse_target(origin)
    except UnsafeUrl as error:
        raise ValueError(f"not an origin: {origin!r} ({error})") from error
    short = target.origin.removesuffix(f":{DEFAULT_PORTS[target.scheme]}")
    if origin.lower() not in (target.origin, short):
        raise ValueError(f"not an origin, write scheme://host:port: {origin!r}")
    if target.scheme == "http":
        if not development:
            raise ValueError(f"http is allowed in development only: {origin!r}")
        if not (target.is_local_name or (target.address is not None and target.address.is_loopback)):
            raise ValueError(f"http is allowed on loopback only: {origin!r}")
    return target.origin
