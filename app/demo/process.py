"""One peer of the demo as a process: reads its configuration, listens on loopback, stops at a signal."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from werkzeug.serving import make_server


@dataclass(frozen=True, slots=True)
class Peer:
    """A peer. `make` gets the configuration and, where there is one, the file of the authority to trust."""

    name: str
    make: Callable[[Mapping[str, Any], Path | None], Any]


def run_peer(peer: Peer, arguments: list[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM. Returns the exit status; 2 for a configuration that cannot be used."""
    parser = argparse.ArgumentParser(prog=f"app.demo.{peer.name}")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--config", type=Path, required=True, help="JSON file")
    parser.add_argument("--tls-certificate", type=Path, help="PEM file; serves https together with --tls-key")
    parser.add_argument("--tls-key", type=Path)
    parser.add_argument("--ca", type=Path, help="PEM file of the authority that signed the other peers' certificates")
    options = parser.parse_args(arguments)
    try:
        wsgi_app = peer.make(json.loads(options.config.read_text()), options.ca)
    except Exception as error:
        print(f"{peer.name}: {type(error).__name__}: {error}", file=sys.stderr)
        return 2
    tls = (str(options.tls_certificate), str(options.tls_key)) if options.tls_certificate else None
    server = make_server("127.0.0.1", options.port, wsgi_app, threaded=True, ssl_context=tls)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
    return 0
