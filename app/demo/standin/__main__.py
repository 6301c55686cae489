"""`python -m app.demo.standin --port N --config FILE`: the stand-in as a process, on loopback only."""

from __future__ import annotations

import sys

from app.demo.loopback import LoopbackHttp
from app.demo.process import Peer, run_peer
from app.demo.standin.settings import parse_tenant
from app.demo.standin.views import create_standin

if __name__ == "__main__":
    sys.exit(run_peer(Peer("standin", lambda raw, ca: create_standin(parse_tenant(raw), LoopbackHttp(ca)))))
