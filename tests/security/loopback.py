"""A small server on 127.0.0.1 that answers as badly as a test wants, and a throw-away certificate authority."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Write = Callable[[bytes], None]


@dataclass(frozen=True)
class Request:
    """What arrived: `client` tells connections apart."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    client: tuple[str, int]


@dataclass(frozen=True)
class Answer:
    """What goes back: a body, or whatever `stream` writes after the headers, or whatever `raw` writes at all."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    stream: Callable[[Write], None] | None = None
    raw: Callable[[Write], None] | None = None


class Server:
    """Answers on its own threads until `stop`."""

    def __init__(self, answer: Callable[[Request], Answer], tls: ssl.SSLContext | None) -> None:
        self.requests: list[Request] = []
        self._answer, self._tls = answer, tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self.port: int = self._listener.getsockname()[1]
        self.origin = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)

    def _accept(self) -> None:
        workers = []
        while True:
            try:
                connection, client = self._listener.accept()
            except OSError:
                break
            worker = threading.Thread(target=self._converse, args=(connection, client), daemon=True)
            worker.start()
            workers.append(worker)
        for worker in workers:
            worker.join(5)

    def _converse(self, connection: socket.socket, client: tuple[str, int]) -> None:
        self._open.add(connection)
        with suppress(OSError), connection:
            connection.settimeout(10)
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
                self._open.add(connection)
            with connection, connection.makefile("rb") as reader:
                while request := _read_request(reader, client):
                    self.requests.append(request)
                    if not _reply(connection, self._answer(request)):
                        return


def _read_request(reader: object, client: tuple[str, int]) -> Request | None:
    line = reader.readline().decode().split()  # type: ignore[attr-defined]
    if len(line) != 3:
        return None
    headers = {}
    while text := reader.readline().decode().strip():  # type: ignore[attr-defined]
        name, _, value = text.partition(":")
        headers[name.lower()] = value.strip()
    body = reader.read(int(headers.get("content-length", "0")))  # type: ignore[attr-defined]
    return Request(line[0], line[1], headers, body, client)


def _reply(connection: socket.socket, answer: Answer) -> bool:
    """Return whether the connection can be used again."""
    if answer.raw:
        answer.raw(connection.sendall)
        return False
    headers = dict(answer.headers)
    if answer.stream is None:
        headers["Content-Length"] = str(len(answer.body))
    lines = [f"HTTP/1.1 {answer.status} X", *(f"{name}: {value}" for name, value in headers.items())]
    connection.sendall("\r\n".join([*lines, "", ""]).encode() + answer.body)
    if answer.stream:
        answer.stream(connection.sendall)
        return False
    return True


@contextmanager
def serve(answer: Callable[[Request], Answer], tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Run a server that answers with what `answer` returns, for the length of the block."""
    server = Server(answer, tls)
    try:
        yield server
    finally:
        server.stop()


def authority(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return a client context that trusts a new authority only, and a server context with its certificate for `name`."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    path = folder / "server.pem"
    path.write_bytes(
        pem
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return ssl.create_default_context(cadata=pem.decode()), server
