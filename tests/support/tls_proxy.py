"""What stands in front of the gateway in production: ends TLS and passes the bytes on. A process of its own.

python -m tests.support.tls_proxy --listen 8443 --to 8000 --certificate FILE --key FILE
"""

from __future__ import annotations

import argparse
import asyncio
import ssl
from contextlib import suppress


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError, ssl.SSLError):
        while data := await source.read(65_536):
            target.write(data)
            await target.drain()
    with suppress(ConnectionError, OSError, ssl.SSLError):
        target.close()


async def _serve(listen: int, to: int, certificate: str, key: str) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", to)
        except OSError:
            writer.close()
            return
        await asyncio.gather(_pump(reader, inner_writer), _pump(inner_reader, writer))

    server = await asyncio.start_server(connected, "127.0.0.1", listen, ssl=context)
    async with server:
        await server.serve_forever()


def main() -> None:
    """Serve until the process is ended."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--listen", type=int, required=True)
    parser.add_argument("--to", type=int, required=True)
    parser.add_argument("--certificate", required=True)
    parser.add_argument("--key", required=True)
    options = parser.parse_args()
    asyncio.run(_serve(options.listen, options.to, options.certificate, options.key))


if __name__ == "__main__":
    main()
