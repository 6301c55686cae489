"""`python -m app.demo` (`make demo`): run the demo until Ctrl-C."""

from __future__ import annotations

import argparse
import shlex
import signal
import sys
import time
from pathlib import Path

from rich.console import Console

from app.demo.addresses import Addresses, addresses_from, taken_ports
from app.demo.cast import APPLICATION, CUSTOMERS
from app.demo.children import ChildFailed, Children
from app.demo.gateway_api import CallFailed
from app.demo.loopback import Unreachable
from app.demo.runner import ROOT, SHELL, Demo, NotOurFolder, empty_folder


def main() -> int:
    """Run the demo. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="app.demo", description="Portico with three simulated customers.")
    parser.add_argument("--port-base", type=int, default=8000, help="the first of four ports (8000)")
    parser.add_argument("--folder", type=Path, default=ROOT / "instance" / "demo", help="emptied at every start")
    options = parser.parse_args()
    console = Console()
    addresses = addresses_from(options.port_base)
    taken = taken_ports(addresses)
    if taken:
        ports = ", ".join(str(port) for port in taken)
        console.print(f"[red]In use already: port {ports}.[/] Choose others with --port-base 9000.")
        return 1
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    try:
        empty_folder(options.folder)
        with Children(options.folder) as children:
            with console.status("Starting") as status:
                Demo(addresses, options.folder, children, lambda text: status.update(text)).start()
            _greet(console, addresses, options.folder)
            return _watch(console, children)
    except KeyboardInterrupt:
        console.print("Stopped.")
        return 0
    except (ChildFailed, CallFailed, NotOurFolder, Unreachable) as error:
        console.print("[red]The demo did not start.[/]")
        console.print(str(error), markup=False, highlight=False)
        return 1


def _watch(console: Console, children: Children) -> int:
    while True:
        ended = children.ended()
        if ended is not None:
            console.print(f"[red]{ended.name} has ended.[/]")
            console.print(ended.tail(), markup=False, highlight=False)
            return 1
        time.sleep(0.5)


def _greet(console: Console, addresses: Addresses, folder: Path) -> None:
    console.print()
    console.print(f"  Open [bold]{addresses.app}[/] and sign in.", highlight=False)
    console.print()
    where = (
        ("Application", addresses.app, "Ledgerline, behind Auth0"),
        ("Auth0, a stand-in", f"{addresses.auth0}/logs", "its log: what Auth0 would say"),
        ("Portico", f"{addresses.gateway}/api/docs", "its management API"),
        ("Identity providers", addresses.simulator, "simulated, no passwords"),
    )
    for name, url, about in where:
        console.print(f"  {name:20}{url:36}[dim]{about}[/]", highlight=False, soft_wrap=True)
    console.print()
    for customer in CUSTOMERS:
        provider = f"{customer.vendor}, {customer.protocol}"
        console.print(f"  {customer.name:20}{provider:36}[dim]be {customer.first}[/]", highlight=False, soft_wrap=True)
    console.print()
    console.print("  To set up the trust as with a real tenant, in another terminal:")
    console.print(f"  [bold]set -a; . {shlex.quote(str(folder.resolve() / SHELL))}[/]", highlight=False, soft_wrap=True)
    connect = f".venv/bin/portico auth0 connect --domain {addresses.auth0} --application {APPLICATION}"
    console.print(f"  [bold]{connect}[/]", highlight=False, soft_wrap=True)
    console.print()
    console.print("  Stop with Ctrl-C.")


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
