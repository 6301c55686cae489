"""Fixtures: a whole sign-in at a provider in this process."""

from __future__ import annotations

import pytest

from portico_oidc.testing import World


@pytest.fixture
def world() -> World:
    """A provider that behaves, and a connection that fits."""
    return World()
