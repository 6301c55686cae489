"""The attacks are real: an adapter that checks nothing accepts every one that reaches its end."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from portico_oidc import OidcAdapter, portico_register_adapters
from portico_oidc.testing import ATTACKS, Attack, OidcConformance
from portico_sdk import AdapterContext, Callback, CheckResult, ExternalIdentity

#: Here even a careless adapter finds no identity, or none of its requests meets the lie.
_WITHOUT_IDENTITY = {
    "not a token",
    "an encrypted token",
    "no object in the token",
    "no subject",
    "an empty subject",
    "a subject that is a list",
    "no ID token",
    "the token endpoint refuses",
    "no code",
    "another code",
    # refused by what this adapter inherits: `begin` reads discovery
    "discovery in another issuer's name",
    "an unencrypted token endpoint",
    "an unencrypted authorization endpoint",
    "userinfo about somebody else",
}


class ChecksNothing(OidcAdapter):
    """Redeems the code, and believes the token that it gets."""

    def complete(self, context: AdapterContext, callback: Callback) -> ExternalIdentity:
        form = {
            "grant_type": "authorization_code",
            "code": callback.single("code") or "",
            "redirect_uri": context.service_provider.redirect_uri,
            "client_id": context.settings["client_id"],
            "client_secret": context.settings["client_secret"],
            "code_verifier": (callback.state or {}).get("code_verifier", ""),
        }
        answer = context.http.request("POST", f"{context.settings['issuer']}/token", data=form)
        payload = json.loads(answer.body)["id_token"].split(".")[1]
        claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        context.record(CheckResult("nothing", True))
        until = context.now + timedelta(minutes=5)
        return ExternalIdentity(claims["sub"], "sub", "x", {}, str(claims.get("nonce")), until)


class Kit(OidcConformance):
    """The kit on that adapter."""

    spec = replace(next(iter(portico_register_adapters())), adapter=ChecksNothing())


@pytest.mark.parametrize(
    "attack", [one for one in ATTACKS if one.name not in _WITHOUT_IDENTITY], ids=lambda attack: attack.name
)
def test_an_adapter_that_checks_nothing_fails_each_attack(attack: Attack) -> None:
    """Issue 3: the kit fails deliberately broken adapters, for the right reason."""
    with pytest.raises(AssertionError, match="must be refused with SignInRefused, and was accepted"):
        Kit().forged(attack)
