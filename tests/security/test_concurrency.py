"""O2 and P1 under races: many at once, over several worker processes, on both databases; exactly one of them wins.

`make soak` runs 200 rounds of 100 over four processes instead of 5 rounds of 50 over two, and reports.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar

import pytest
import requests

from tests.support.browser import Browser, Step
from tests.support.gateway import Gateway
from tests.support.relying_party import RelyingParty
from tests.support.saml_customer import SamlCustomer
from tests.support.soak import RACERS, ROUNDS, Tallies

T = TypeVar("T")
_TIMEOUT_S = 60


def race(starts: Sequence[Callable[[], T]]) -> list[T]:
    """Run all at the same moment, each in a thread of its own, and return what they returned."""
    barrier = threading.Barrier(len(starts))
    results: list[T] = []
    errors: list[BaseException] = []

    def run(start: Callable[[], T]) -> None:
        try:
            barrier.wait(_TIMEOUT_S)
            results.append(start())
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(start,)) for start in starts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(_TIMEOUT_S)
    assert not errors, errors[0]
    assert len(results) == len(starts)
    return results


def post(url: str, fields: dict[str, str], cookies: dict[str, str] | None = None) -> requests.Response:
    """One POST on a connection of its own, no redirect followed."""
    with requests.Session() as session:
        session.trust_env = False
        return session.post(url, data=fields, cookies=cookies, allow_redirects=False, timeout=_TIMEOUT_S)


def outcome(response: requests.Response) -> tuple[int, str]:
    """Return the status and, where the answer is JSON, its error code."""
    is_json = "json" in response.headers.get("Content-Type", "")
    return response.status_code, response.json().get("error", "") if is_json else ""


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_one_of_many_redeems_a_code(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty, tallies: Tallies, round_: int
) -> None:
    """O2: exactly one 200, the others `invalid_grant`, and what the winner got is revoked by the others."""
    customer = SamlCustomer(gateway)
    attempt = relying_party.attempt(connection=customer.id)
    code = attempt.code(customer.log_in(browser, attempt))
    client = relying_party.client
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": client.redirect_uri,
        "client_id": client.client_id,
        "client_secret": client.client_secret,
        "code_verifier": attempt.verifier,
    }
    with tallies.round("one code", gateway.database_url) as outcomes:
        responses = race([lambda: post(f"{gateway.base_url}/oauth2/token", fields)] * RACERS)
        outcomes.update(" ".join(map(str, outcome(response))).strip() for response in responses)
    assert Counter(map(outcome, responses)) == {(200, ""): 1, (400, "invalid_grant"): RACERS - 1}
    winner = next(response for response in responses if response.status_code == 200)
    assert relying_party.userinfo(winner.json()["access_token"]).status_code == 401


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_one_of_many_posts_of_a_response_logs_in(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty, tallies: Tallies, round_: int
) -> None:
    """P1: the same POST from the same browser; one code is issued, the others get the page."""
    customer = SamlCustomer(gateway)
    attempt = relying_party.attempt(connection=customer.id)
    response = customer.respond(customer.receive(browser, attempt))
    cookies = {cookie.name: cookie.value or "" for cookie in browser.cookies}
    with tallies.round("one SAML response", gateway.database_url) as outcomes:
        answers = race([lambda: post(response.url, dict(response.fields), cookies)] * RACERS)
        outcomes.update(str(answer.status_code) for answer in answers)
    assert Counter(answer.status_code for answer in answers) == {303: 1, 400: RACERS - 1}
    winner = next(answer for answer in answers if answer.status_code == 303)
    attempt.finish(Step("GET", winner.headers["Location"]))


def test_one_of_many_envelopes_of_an_assertion_logs_in(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """P1: one assertion ID in answers to different requests, all pending, all at once: one is accepted."""
    customer = SamlCustomer(gateway)
    racers = RACERS // 2
    asked = [customer.receive(browser, relying_party.attempt(connection=customer.id)) for _ in range(racers)]
    cookies = {cookie.name: cookie.value or "" for cookie in browser.cookies}
    steps = [customer.respond(one, assertion_id="_shared") for one in asked]

    def start(step: Step) -> Callable[[], int]:
        return lambda: post(step.url, dict(step.fields), cookies).status_code

    assert Counter(race([start(step) for step in steps])) == {303: 1, 400: racers - 1}
