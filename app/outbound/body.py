"""Reading an answer's body: never more than the limit, on the wire or unpacked."""

from __future__ import annotations

import zlib

from urllib3.response import HTTPResponse

from portico_sdk import ProviderUnreachable

_CHUNK = 64 * 1024


def read_body(raw: HTTPResponse, limit: int) -> bytes:
    """Return the whole body, at most `limit` bytes, and give the connection back.

    Raises:
        ProviderUnreachable: larger, or compressed in a way that nobody asked for.
        HTTPError, OSError: from the connection.
    """
    body = bytearray()
    try:
        while chunk := raw.read1(_CHUNK, decode_content=False):
            body += chunk
            if len(body) > limit:
                raise ProviderUnreachable("outbound-too-large", f"the answer is larger than {limit} bytes")
        plain = _unpack(bytes(body), raw.headers.get("Content-Encoding", ""), limit)
    except BaseException:
        raw.close()  # a connection with unread bytes must not serve the next request
        raise
    raw.release_conn()
    return plain


def _unpack(body: bytes, encoding: str, limit: int) -> bytes:
    """We ask for no compression; some servers compress nevertheless."""
    encoding = encoding.strip().lower()
    if encoding in ("", "identity") or not body:
        return body
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise ProviderUnreachable("outbound-encoding", "the answer is compressed in a way that nobody asked for")
    inflate = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)  # recognises both headers
    try:
        plain = inflate.decompress(body, limit + 1)
    except zlib.error as error:
        raise ProviderUnreachable("outbound-encoding", "the answer is not compressed as it says") from error
    if len(plain) > limit:
        raise ProviderUnreachable("outbound-too-large", f"the answer is larger than {limit} bytes when unpacked")
    if not inflate.eof:
        raise ProviderUnreachable("outbound-encoding", "the answer ends too early")
    return plain
