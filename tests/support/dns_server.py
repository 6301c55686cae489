"""A small authoritative name server on loopback, for one zone: what a customer's DNS would answer, well or badly."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset


class NameServer:
    """Answers over UDP. `records` maps names to lists of TXT values, each a list of its strings.

    Args:
        rcode: what to answer instead, for servers in trouble.
        silent: answer nothing.
    """

    def __init__(self) -> None:
        self.records: dict[str, list[list[str]]] = {}
        self.rcode: dns.rcode.Rcode | None = None
        self.silent = False
        self.asked: list[str] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0.1)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def address(self) -> tuple[str, int]:
        host, port = self._socket.getsockname()
        return host, port

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(5)
        self._socket.close()

    def publish(self, name: str, *values: str | list[str]) -> None:
        """Let these TXT values stand at `name`, a list being the strings of one value."""
        self.records[name.lower()] = [value if isinstance(value, list) else [value] for value in values]

    def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                data, client = self._socket.recvfrom(4096)
            except TimeoutError:
                continue
            answer = self._answer(dns.message.from_wire(data))
            if answer is not None:
                self._socket.sendto(answer.to_wire(), client)

    def _answer(self, query: dns.message.Message) -> dns.message.Message | None:
        name = query.question[0].name
        text = name.to_text(omit_final_dot=True).lower()
        self.asked.append(text)
        if self.silent:
            return None
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.AA
        if self.rcode is not None:
            answer.set_rcode(self.rcode)
        elif text not in self.records:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        else:
            written = [" ".join(f'"{part}"' for part in value) for value in self.records[text]]
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", *written))
        return answer


@contextmanager
def name_server() -> Iterator[NameServer]:
    """A running name server."""
    server = NameServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()
