"""`python -m portico_simulator --port N --config FILE`: the simulator as a process, on loopback only."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from pathlib import Path

from werkzeug.serving import make_server

from portico_simulator.app import create_simulator
from portico_simulator.config import parse_config


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="portico_simulator", description="Identity providers for demos and tests.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--config", type=Path, required=True, help="JSON file, see portico_simulator.config")
    parser.add_argument("--tls-certificate", type=Path, help="PEM file; serves https together with --tls-key")
    parser.add_argument("--tls-key", type=Path)
    options = parser.parse_args(arguments)
    try:
        app = create_simulator(parse_config(json.loads(options.config.read_text())))
    except (OSError, KeyError, TypeError, ValueError) as error:
        print(f"{options.config}: {type(error).__name__}: {error}", file=sys.stderr)
        return 2
    tls = (str(options.tls_certificate), str(options.tls_key)) if options.tls_certificate else None
    server = make_server("127.0.0.1", options.port, app, threaded=True, ssl_context=tls)

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


if __name__ == "__main__":
    sys.exit(main())
