"""What every test here lives with, the plug-ins' included: no network, and missing peers named at the end."""

pytest_plugins = ("tests.support.network", "tests.support.peers")
