"""Which customer? Every route of an authorization request, and everything that has no route (outside.md)."""

from __future__ import annotations

import secrets
from urllib.parse import quote

import pytest

from tests.support.browser import Browser, Page, Step
from tests.support.gateway import Gateway
from tests.support.management import Client
from tests.support.refusals import reference_of, same_words
from tests.support.relying_party import RelyingParty
from tests.support.saml_customer import SamlCustomer


def arrives(relying_party: RelyingParty, customer: SamlCustomer, **parameters: str) -> bool:
    """Whether such a request of a new browser leads to this customer's identity provider, and back to a login there."""
    browser, attempt = Browser(), relying_party.attempt(**parameters)
    login = attempt.finish(customer.log_in(browser, attempt))
    return bool(login.claims["portico_connection"] == customer.id)


def ends(browser: Browser, relying_party: RelyingParty, **parameters: str) -> Page | Step:
    """Where a request that has no route ends: a page, or an error to the client."""
    end = browser.walk(
        relying_party.attempt(**parameters).url, stop=(relying_party.client.redirect_uri, "https://idp.")
    )
    assert not end.url.startswith("https://idp."), "it was sent to an identity provider"
    return end


def test_a_connection_is_chosen_by_its_parameter(gateway: Gateway, relying_party: RelyingParty) -> None:
    """`connection=<con-id>`."""
    customer = SamlCustomer(gateway)
    assert arrives(relying_party, customer, connection=customer.id)


def test_a_connection_is_chosen_by_acr_values(gateway: Gateway, relying_party: RelyingParty) -> None:
    """`acr_values=urn:portico:connection:<con-id>`, beside values of others, which are ignored."""
    customer = SamlCustomer(gateway)
    values = f"urn:mace:incommon:iap:silver urn:portico:connection:{customer.id} 2"
    assert arrives(relying_party, customer, acr_values=values)


def test_an_organization_is_chosen_by_id_or_slug(gateway: Gateway, relying_party: RelyingParty) -> None:
    """`organization=` and `urn:portico:organization:` take the id and the slug."""
    slug = f"acme-{secrets.token_hex(4)}"
    customer = SamlCustomer(gateway, organization=gateway.api.add_organization(slug=slug))
    for name in (customer.organization_id, slug):
        assert arrives(relying_party, customer, organization=name)
        assert arrives(relying_party, customer, acr_values=f"urn:portico:organization:{name}")


def test_an_organization_is_chosen_by_its_external_id(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """`urn:portico:external:` takes the percent-encoded external id, and the ID token says it."""
    external = f"crm/42 åß:{secrets.token_hex(4)}"
    customer = SamlCustomer(gateway, organization=gateway.api.add_organization(external_id=external))
    attempt = relying_party.attempt(acr_values=f"urn:portico:external:{quote(external, safe='')}")
    login = attempt.finish(customer.log_in(browser, attempt))
    assert login.claims["portico_org"] == customer.organization_id
    assert login.claims["portico_org_external_id"] == external


def test_a_domain_is_a_hint(gateway: Gateway, relying_party: RelyingParty) -> None:
    """`domain_hint` and the domain of `login_hint` route when the exact domain is verified, in any case of letters."""
    customer = SamlCustomer(gateway)
    assert arrives(relying_party, customer, domain_hint=customer.domain.upper())
    assert arrives(relying_party, customer, login_hint=f"Ada@{customer.domain.upper()}")


def test_without_a_hint_a_page_asks_for_the_work_email(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """The page posts to its own origin, and the way on from there is an own-origin page (`form-action`)."""
    customer = SamlCustomer(gateway)
    attempt = relying_party.attempt()
    page = browser.read(attempt.url)
    assert page.status == 200
    form = next(form for form in page.forms if form.method == "POST")
    submitted = page.submit(form, email=f"ada@{customer.domain}")
    assert submitted.url.startswith(gateway.base_url + "/")
    answer = browser.send(submitted)
    assert answer.status == 303
    assert answer.next is not None
    assert answer.next.url.startswith(gateway.base_url + "/")
    asked = customer.receive(browser, answer.next.url)
    login = attempt.finish(browser.reach(customer.respond(asked), relying_party.client.redirect_uri))
    assert login.claims["portico_connection"] == customer.id


def test_the_email_page_tells_a_stranger_nothing(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """No page lists customers' names: an unknown domain asks again, with the same page for everybody."""
    name = f"Secret Customer {secrets.token_hex(4)}"
    SamlCustomer(gateway, organization=gateway.api.add_organization(name=name))
    page = browser.read(relying_party.attempt().url)
    assert name not in page.text
    form = next(form for form in page.forms if form.method == "POST")
    again = browser.read(page.submit(form, email="somebody@nobody-knows.example"))
    assert name not in again.text
    assert any(form.method == "POST" for form in again.forms), again.text


def test_the_only_allowed_organization_needs_no_hint(gateway: Gateway, browser: Browser) -> None:
    """A client of one organization goes there without being told; of two, it has to say which."""
    one, two = SamlCustomer(gateway), SamlCustomer(gateway)
    alone = gateway.api.add_client(allowed_organizations=[one.organization_id])
    assert arrives(RelyingParty(gateway.base_url, alone), one)
    both = RelyingParty(
        gateway.base_url, gateway.api.add_client(allowed_organizations=[one.organization_id, two.organization_id])
    )
    assert browser.read(both.attempt().url).forms
    assert arrives(both, two, organization=two.organization_id)


@pytest.mark.parametrize("hint", [{}, {"login_hint": "x@nobody-knows.example"}], ids=["none", "unknown domain"])
def test_prompt_none_is_answered_by_login_required(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty, hint: dict[str, str]
) -> None:
    """OIDC Core 3.1.2.6: nothing may be shown, so the client is told."""
    attempt = relying_party.attempt(prompt="none", **hint)
    end = browser.reach(attempt.url, relying_party.client.redirect_uri)
    assert attempt.error(end) == "login_required"


def test_prompt_none_with_a_route_shows_nothing(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """Without a session of ours, `prompt=none` ends at the client even where the customer is known."""
    customer = SamlCustomer(gateway)
    attempt = relying_party.attempt(prompt="none", connection=customer.id)
    end = browser.reach(attempt.url, relying_party.client.redirect_uri)
    assert attempt.error(end) == "login_required"


def test_selectors_that_contradict_are_an_error(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """Nobody is sent anywhere when a request names two customers, in whatever pair of parameters."""
    one, two = SamlCustomer(gateway), SamlCustomer(gateway)
    contradictions = [
        {"connection": one.id, "organization": two.organization_id},
        {"connection": one.id, "acr_values": f"urn:portico:connection:{two.id}"},
        {"connection": one.id, "domain_hint": two.domain},
        {"connection": one.id, "login_hint": f"ada@{two.domain}"},
        {"organization": one.organization_id, "acr_values": f"urn:portico:organization:{two.organization_id}"},
        {"organization": one.organization_id, "domain_hint": two.domain},
        {"organization": one.organization_id, "login_hint": f"ada@{two.domain}"},
        {"domain_hint": one.domain, "login_hint": f"ada@{two.domain}"},
        {"acr_values": f"urn:portico:connection:{one.id} urn:portico:connection:{two.id}"},
        {"acr_values": f"urn:portico:connection:{one.id} urn:portico:organization:{one.organization_id}"},
    ]
    for parameters in contradictions:
        end = ends(browser, relying_party, **parameters)
        if isinstance(end, Step):
            assert "code" not in end.answer
            assert end.answer["error"] in ("invalid_request", "access_denied"), (parameters, end.answer)
        else:
            assert 400 <= end.status < 500, parameters
        reference_of(end)


def test_selectors_that_agree_are_fine(gateway: Gateway, relying_party: RelyingParty) -> None:
    """The same customer named four times; and a login_hint whose domain nobody verified contradicts nothing."""
    customer = SamlCustomer(gateway)
    assert arrives(
        relying_party,
        customer,
        connection=customer.id,
        organization=customer.organization_id,
        domain_hint=customer.domain,
        login_hint=f"ada@{customer.domain}",
        acr_values=f"urn:portico:organization:{customer.organization_id}",
    )
    assert arrives(relying_party, customer, connection=customer.id, login_hint="ada@nobody-knows.example")


def test_every_unusable_target_gives_one_and_the_same_error(
    gateway: Gateway, browser: Browser, client: Client, relying_party: RelyingParty
) -> None:
    """Unknown, draft, disabled, deleted, of a disabled organization, not for this client: nobody can tell which."""
    draft = SamlCustomer(gateway, activate=False)
    disabled, deleted, other, closed = (SamlCustomer(gateway) for _ in range(4))
    gateway.api.post(f"/connections/{disabled.id}/deactivate")
    gateway.api.post(f"/connections/{deleted.id}/deactivate")
    gateway.api.delete(f"/connections/{deleted.id}")
    gateway.api.patch(f"/organizations/{closed.organization_id}", status="disabled")
    fussy = RelyingParty(gateway.base_url, gateway.api.add_client(allowed_organizations=[other.organization_id]))
    unknown = "con-" + draft.id[4:][::-1]
    endings = [
        *(ends(browser, relying_party, connection=c) for c in (unknown, draft.id, disabled.id, deleted.id, closed.id)),
        ends(browser, fussy, connection=SamlCustomer(gateway).id),
        ends(browser, relying_party, organization="no-such-slug"),
        ends(browser, relying_party, organization=closed.organization_id),
        ends(browser, relying_party, acr_values=f"urn:portico:connection:{unknown}"),
        ends(browser, relying_party, acr_values="urn:portico:external:nobody"),
        ends(browser, relying_party, organization=draft.organization_id),
        ends(browser, relying_party, domain_hint="nobody-knows.example"),
    ]
    assert len({same_words(end) for end in endings}) == 1, [same_words(end) for end in endings]


def test_several_active_connections_of_an_organization(gateway: Gateway, relying_party: RelyingParty) -> None:
    """The one that lists the hint's domain, else the default."""
    first = SamlCustomer(gateway)
    second = SamlCustomer(gateway, organization=first.organization, verified=False)
    subsidiary = f"sub-{first.domain}"
    gateway.api.post(f"/organizations/{first.organization_id}/domains", domain=subsidiary, verified=True)
    gateway.api.patch(f"/connections/{second.id}", domains=[subsidiary])
    second.domain = subsidiary
    assert arrives(relying_party, first, organization=first.organization_id)
    assert arrives(relying_party, first, login_hint=f"ada@{first.domain}")
    assert arrives(relying_party, second, login_hint=f"ada@{subsidiary}")
    assert arrives(relying_party, second, domain_hint=subsidiary)
    assert arrives(relying_party, second, connection=second.id)
    gateway.api.patch(f"/connections/{second.id}", is_default=True)
    assert arrives(relying_party, second, organization=first.organization_id)
