"""Signing out as browsers, applications and identity providers do it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from portico_saml.testing.logout import LogoutMessage
from portico_sdk import KeyPair
from tests.support.browser import Browser, Page, Step
from tests.support.gateway import Gateway
from tests.support.relying_party import Login, RelyingParty
from tests.support.saml_customer import SamlCustomer

TENANT = "https://tenant.example/"


def logout_url(gateway: Gateway, **parameters: str) -> str:
    """The logout endpoint with these parameters."""
    return f"{gateway.base_url}/oauth2/logout" + (f"?{urlencode(parameters)}" if parameters else "")


def log_in(
    browser: Browser, relying_party: RelyingParty, customer: SamlCustomer, name: str = "ada", **more: str
) -> Login:
    """A whole login."""
    attempt = relying_party.attempt(connection=customer.id, **more)
    return attempt.finish(customer.log_in(browser, attempt, customer.subject(name)))


def is_signed_in(browser: Browser, relying_party: RelyingParty, customer: SamlCustomer) -> bool:
    """Whether a session answers for this customer."""
    attempt = relying_party.attempt(connection=customer.id, prompt="none")
    end = browser.walk(attempt.url, stop=TENANT)
    assert isinstance(end, Step)
    if "code" in end.answer:
        return True
    assert attempt.error(end) == "login_required"
    return False


def confirm(browser: Browser, page: Page | Step, *, stop: tuple[str, ...] = (TENANT,)) -> Page | Step:
    """Press the button of the page that asks."""
    assert isinstance(page, Page), f"went on to {page.url}"
    assert "Sign out?" in page.text, page.text[:600]
    (form,) = page.forms
    return browser.walk(page.submit(form), stop=stop)


def message(customer: SamlCustomer, **changes: Any) -> LogoutMessage:
    """An honest LogoutRequest of this customer's provider for `ada`."""
    said: dict[str, Any] = {
        "issuer": customer.entity_id,
        "destination": slo_url(customer),
        "now": datetime.now(UTC),
        "name_id": f"ada@{customer.domain}",
        **changes,
    }
    return LogoutMessage(**said)


def slo_url(customer: SamlCustomer) -> str:
    """Our single logout service, as the customer knows it."""
    return str(customer.connection["service_provider"]["slo_url"])


def key_of(customer: SamlCustomer) -> KeyPair:
    """The key that this customer's provider signs with."""
    return KeyPair(customer.key.key_pem, customer.key.certificate_pem)
