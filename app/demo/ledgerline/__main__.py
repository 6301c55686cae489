"""`python -m app.demo.ledgerline --port N --config FILE`: the application as a process, on loopback only."""

from __future__ import annotations

import sys

from app.demo.ledgerline.settings import parse_ledgerline
from app.demo.ledgerline.views import create_ledgerline
from app.demo.loopback import LoopbackHttp
from app.demo.process import Peer, run_peer

if __name__ == "__main__":
    sys.exit(run_peer(Peer("ledgerline", lambda raw, ca: create_ledgerline(parse_ledgerline(raw), LoopbackHttp(ca)))))
