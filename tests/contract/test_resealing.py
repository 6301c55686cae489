"""Replacing the encryption key: what connections keep opens with the new key alone afterwards (row M11)."""

from __future__ import annotations

from datetime import datetime

import pytest
from cryptography.fernet import Fernet
from flask import Flask

from app.cipher import CannotDecrypt, Cipher
from app.connections import reseal_connections
from tests.support.columns import READY
from tests.support.customers import OPERATOR, Customers, connections_of, silence


@pytest.mark.usefixtures("app_context")
def test_after_resealing_the_old_key_can_be_thrown_away(app: Flask, now: datetime) -> None:
    """Secrets, our private keys and earlier versions, all of them; restoring still works."""
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    before = Customers(connections_of(Cipher([old])), now)
    made = before.draft(before.organization(), settings={**READY, "client_secret": "one"}).id
    before.change(made, settings={"client_secret": "two"})
    with pytest.raises(CannotDecrypt):
        reseal_connections(Cipher([new]))
    assert reseal_connections(Cipher([new, old])) == 1
    after = Customers(connections_of(Cipher([new])), now)
    context = after.connections.open(made).context(now, silence)
    assert context.settings["client_secret"] == "two"
    assert "PRIVATE KEY" in context.service_provider.keys[0].private_key_pem
    after.connections.restore(made, actor=OPERATOR, now=now)
    assert after.connections.open(made).context(now, silence).settings["client_secret"] == "one"
