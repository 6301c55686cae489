"""Checks of what must not get out: requests past the guard, secrets, and anything that outlives a sign-in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any
from urllib.parse import quote, quote_plus

from portico_sdk.errors import AdapterError
from portico_sdk.flow import BeginResult
from portico_sdk.testing.memory import fingerprint
from portico_sdk.testing.setup import Setup, SignIn
from portico_sdk.testing.verdicts import accepted_or_refused, check_identity


class IsolationChecks(Setup):
    """An adapter reaches what its context holds, and nothing else."""

    def test_every_request_goes_through_the_guard(self) -> None:
        """A connection of the adapter's own could reach the operator's internal network."""
        sign_in = self.sign_in()
        accepted_or_refused(sign_in.run, "a sign-in without a network of its own")
        tried = sign_in.unguarded
        assert not tried, f"a request to {tried[0]} did not go through context.http or a session that it guards"

    def test_nothing_is_kept_but_in_the_cache(self) -> None:
        """What one sign-in leaves behind in modules or in the adapter, the next customer's meets."""
        self.sign_in("warm-up").run()
        before = fingerprint(self.spec)
        self.sign_in("other").run()
        after = fingerprint(self.spec)
        changed = sorted(name for name in after if after[name] != before.get(name))
        assert not changed, f"a sign-in changed {', '.join(changed[:5])}; memory belongs into context.cache"

    def test_connections_do_not_mix(self) -> None:
        """Two customers in the middle of a sign-in, one after the other: each gets its own person."""
        one, two = self.sign_in("one", handle="first"), self.sign_in("two", handle="second")
        begun_one, begun_two = one.begin(), two.begin()
        answer_two, answer_one = two.provider.answer(begun_two), one.provider.answer(begun_one)
        first, second = check_identity(one.complete(answer_one)), check_identity(two.complete(answer_two))
        alone = check_identity(self.sign_in("one", handle="first").run())
        assert first.subject == alone.subject, "the first customer's person changed because of the second customer"
        assert first.replay_id != second.replay_id, "two customers' proofs have one replay_id"

    def test_secrets_stay_inside(self) -> None:
        """Neither the browser, the trace, the identity nor an error shows a secret setting or a private key."""
        sign_in = self.sign_in()
        secrets = _secrets_of(sign_in, [field.name for field in self.spec.settings if field.secret])
        begun = sign_in.begin()
        _check_silent(_texts(begun.action), secrets, "what the browser takes along")
        _check_silent(_texts(dict(begun.state)), secrets, "the state")
        identity = check_identity(sign_in.complete(sign_in.provider.answer(begun)))
        _check_silent(_texts(asdict(identity)), secrets, "the identity")
        for said in self._refusals(sign_in):
            _check_silent(said, secrets, "a refusal")
        _check_silent(_texts([asdict(record) for record in sign_in.records]), secrets, "the trace")

    def _refusals(self, sign_in: SignIn) -> Iterator[list[str]]:
        for state in (None, {}, {"x": "y"}):
            begun = accepted_or_refused(sign_in.begin, "begin")
            if isinstance(begun, BeginResult):
                answer = replace(sign_in.provider.answer(begun), state=state)
                refused = accepted_or_refused(lambda answer=answer: sign_in.complete(answer), "complete")  # type: ignore[misc]
                if isinstance(refused, AdapterError):
                    yield [refused.code, refused.detail, refused.hint, str(refused), repr(refused.__cause__)]


def _secrets_of(sign_in: SignIn, names: list[str]) -> list[str]:
    values = [str(sign_in.settings[name]) for name in names if sign_in.settings.get(name)]
    values += [_body(pair.private_key_pem) for pair in sign_in.provider.service_provider.keys]
    return [value for value in values if len(value) >= 6]  # shorter ones are anywhere


def _body(pem: str) -> str:
    """One line from the middle of the key: enough to know it by, however it is wrapped."""
    lines = pem.strip().splitlines()
    return lines[len(lines) // 2]


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for pair in value.items() for part in pair for text in _texts(part)]
    if isinstance(value, list | tuple | set | frozenset):
        return [text for part in value for text in _texts(part)]
    if hasattr(value, "__dataclass_fields__"):
        return _texts(asdict(value))
    return [str(value)]


def _check_silent(texts: list[str], secrets: list[str], where: str) -> None:
    for secret in secrets:
        forms = {secret, quote(secret, safe=""), quote_plus(secret)}
        assert not any(form in text for form in forms for text in texts), f"{where} shows a secret of the connection"
