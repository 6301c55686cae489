"""A customer whose SAML identity provider is the test itself: it answers in process, at once, as honestly as told."""

from __future__ import annotations

import copy
import itertools
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from tests.support.browser import Browser, Step
from tests.support.certificates import Certified, make_certified
from tests.support.gateway import Gateway
from tests.support.relying_party import Attempt
from tests.support.signing_idp import AuthnRequest, SigningIdp, Subject, parse_authn_request, post_fields

SSO_PREFIX = "https://idp."


def _make_keys() -> Iterator[Certified]:
    """A few keys, over and over: making one takes a tenth of a second. Two customers in a row never share one."""
    made = [make_certified(f"idp {number}") for number in range(5)]
    yield from itertools.cycle(made)


_KEYS = _make_keys()


class SamlCustomer:
    """An organization with a verified domain and one active SAML connection.

    Args:
        key: of the identity provider; made when None.
        entity_id: of the identity provider; unique when None.
        more: settings of the connection beyond the necessary.
    """

    def __init__(
        self,
        gateway: Gateway,
        *,
        key: Certified | None = None,
        entity_id: str | None = None,
        domain: str | None = None,
        verified: bool = True,
        organization: dict[str, Any] | None = None,
        activate: bool = True,
        adapter: str = "saml",
        **more: Any,
    ) -> None:
        unique = secrets.token_hex(6)
        self.gateway = gateway
        self.domain = domain or f"{unique}.example"
        self.key = key or next(_KEYS)
        self.entity_id = entity_id or f"{SSO_PREFIX}{unique}.example/metadata"
        self.sso_url = f"{SSO_PREFIX}{unique}.example/sso"
        self.idp = SigningIdp(self.key.key_pem, self.key.certificate_pem)
        owned = self.domain if verified else None
        self.organization = organization or gateway.api.add_organization(owned, external_id=f"external {unique}")
        settings = {
            "idp_entity_id": self.entity_id,
            "sso_url": self.sso_url,
            "certificates": [self.key.certificate_pem],
            **more,
        }
        self.connection = gateway.api.add_connection(self.organization["id"], adapter, settings, activate=activate)

    @property
    def id(self) -> str:
        """Of the connection."""
        return str(self.connection["id"])

    @property
    def organization_id(self) -> str:
        return str(self.organization["id"])

    def with_key(self, key: Certified) -> SamlCustomer:
        """Return the same customer whose identity provider signs with another key."""
        changed = copy.copy(self)
        changed.idp = SigningIdp(key.key_pem, key.certificate_pem)
        return changed

    def subject(self, name: str = "ada", **attributes: list[str]) -> Subject:
        """A person of this customer."""
        email = f"{name}@{self.domain}"
        given = {"email": [email], "firstName": [name.capitalize()], "lastName": ["Lovelace"], **attributes}
        return Subject(email, {name: values for name, values in given.items() if values})

    def receive(self, browser: Browser, attempt: Attempt | str) -> AuthnRequest:
        """Let the browser walk to the identity provider, and return the request that it brings.

        A browser with a session of ours from an earlier login would never get there: take a new one for a second login.
        """
        start = attempt if isinstance(attempt, str) else attempt.url
        step = browser.reach(start, (self.sso_url, "https://tenant.example/"))
        assert step.url.startswith(self.sso_url), f"answered without the identity provider: {step.url}"
        return parse_authn_request(step.answer, deflated=step.method == "GET")

    def respond(self, asked: AuthnRequest, subject: Subject | None = None, assertion_id: str = "") -> Step:
        """Return the POST to the ACS that logs `subject` in."""
        xml = self.idp.respond(
            asked, self.entity_id, subject or self.subject(), datetime.now(UTC), assertion_id=assertion_id
        )
        return Step("POST", asked.acs_url, tuple(post_fields(xml, asked.relay_state).items()), initiator=self.sso_url)

    def log_in(self, browser: Browser, attempt: Attempt, subject: Subject | None = None) -> Step:
        """Walk the whole way; return the step that brings the answer to the client."""
        asked = self.receive(browser, attempt)
        return browser.reach(self.respond(asked, subject), attempt.relying_party.client.redirect_uri)
