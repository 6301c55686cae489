"""Identity providers that behave like each vendor's, for demos and tests.

    app = create_simulator(parse_config({...}))

or, as a process of its own, `python -m portico_simulator --port 8001 --config simulator.json`. Profiles are data: one
module per vendor in `portico_simulator.profiles`. Everybody who knows a user name gets in: keep it on loopback.
"""

from portico_simulator.app import create_simulator
from portico_simulator.behaviour import Behaviour
from portico_simulator.config import IdpConfig, SimulatorConfig, parse_config
from portico_simulator.people import Person
from portico_simulator.profiles import PROFILES

__all__ = [
    "PROFILES",
    "Behaviour",
    "IdpConfig",
    "Person",
    "SimulatorConfig",
    "create_simulator",
    "parse_config",
]
