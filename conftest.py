"""What every test here lives with, the plug-ins' included: no network, and missing peers named at the end."""

import os

pytest_plugins = ("tests.support.network", "tests.support.peers")


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: many tests wait for a process that starts, or for a browser."""
    return (os.cpu_count() or 1) + 1
