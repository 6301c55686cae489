"""The room's door: everything that faces, commands and jobs do with the trust."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from app.audit import Actor
from app.auth0 import trust as trusts
from app.auth0.connecting import adopt_name, plan, run
from app.auth0.deciding import Typed, bind_organizations, decide, find_custom_domains, find_customers
from app.auth0.domains import describe, list_domains, look_at_aliases, push_aliases
from app.auth0.errors import Auth0CredentialsRefused, understood
from app.auth0.login_url import make_login_url
from app.auth0.models import Auth0Trust
from app.auth0.pace import Pace, Patience
from app.auth0.plan import PlannedStep, Progress, Work, silent
from app.auth0.printing.printed import print_trust
from app.auth0.steps import STEPS
from app.auth0.steps.applications import find_applications
from app.auth0.steps.connection import take_baseline
from app.auth0.tenant import Credentials, Requests, Tenant
from app.auth0.trust import Given, decisions_of
from app.auth0.verification import verify
from app.cipher import Cipher
from app.crypto import SigningKeys
from app.database import end_read, transaction
from app.errors import Conflict
from app.jobs.leases import finish, take_lease
from portico_sdk import HttpResponse, ProviderUnreachable

LEASE = "auth0-writing"
PATIENT = Patience()
TERM = timedelta(minutes=2)  # renewed with each step; after a kill nobody writes for that long


#: With this scope, custom domains are found; without it they are named.
CUSTOM_DOMAINS = "read:custom_domains"


@dataclass(frozen=True, slots=True)
class Connected:
    """What a run changed, and the address that tries the whole way (None without an application to try it with)."""

    steps: tuple[PlannedStep, ...]
    login_url: str | None


@dataclass(frozen=True, slots=True)
class Unhurried:
    """The guarded way out, with no reading transaction open while another server thinks."""

    requests: Requests

    def request(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, data: bytes | None = None
    ) -> HttpResponse:
        """Return the answer whatever its status. Raises ProviderUnreachable."""
        end_read()
        return self.requests.request(method, url, headers=headers, data=data)


@dataclass(frozen=True, slots=True)
class Auth0:
    """The trust of this installation.

    Args:
        issuer: Portico's own.
        given: credentials from the settings, which go before stored ones of the same tenant.
        sleep: seconds.
    """

    issuer: str
    cipher: Cipher
    keys: SigningKeys
    requests: Requests
    clock: Callable[[], datetime]
    given: Given | None = None
    sleep: Callable[[float], None] = time.sleep

    def open_tenant(
        self,
        row: Auth0Trust | None = None,
        *,
        credentials: Credentials | None = None,
        patience: Patience = PATIENT,
    ) -> Tenant:
        """Return the tenant's Management API. Asks nothing yet.

        Raises:
            NotFound: no trust was set up.
            Auth0CredentialsRefused: there are no credentials, neither given nor stored.
        """
        row = row or trusts.get_trust()
        credentials = credentials or trusts.find_credentials(row, self.given, self.cipher)
        if credentials is None:
            raise Auth0CredentialsRefused(
                "no credentials", code="auth0-no-credentials", hint="Give client id and secret, or connect again."
            )
        most = patience.at_most_s
        until = None if most is None else self.clock() + timedelta(seconds=most)
        pace = Pace(self.clock, self.sleep, patience.budget_s, patience.tell, until)
        return Tenant(row.origin, credentials, Unhurried(self.requests), pace)

    def has_credentials(self, row: Auth0Trust) -> bool:
        """Whether the tenant can be asked without anybody giving credentials."""
        given = self.given is not None and self.given.origin == row.origin
        return given or row.management_client_id is not None

    def plan(
        self, typed: Typed, credentials: Credentials | None, *, actor: Actor, patience: Patience = PATIENT
    ) -> tuple[PlannedStep, ...]:
        """Return what `connect` would change. Changes and stores nothing. Raises Invalid, Auth0Failed, Conflict."""
        row, tenant, customers = self._decide(typed, credentials, patience)
        return plan(STEPS, replace(self._work(tenant, actor, row), to_bind=customers))

    def connect(
        self,
        typed: Typed,
        credentials: Credentials | None,
        *,
        actor: Actor,
        progress: Progress = silent,
        patience: Patience = PATIENT,
    ) -> Connected:
        """Store what was decided, put everything right that is not, and return what was changed.

        Raises:
            Invalid, Conflict, Auth0Failed: what was done before stays done; the same call goes on from there.
        """
        row, tenant, customers = self._decide(typed, credentials, patience)
        now = self.clock()
        with transaction():
            used = credentials or (trusts.find_credentials(row, self.given, self.cipher) if self.given else None)
            trusts.store_decisions(decisions_of(row), used, self.cipher, actor=actor, now=now)
            bind_organizations(customers, actor=actor, now=now)
        with self._writing() as renew:

            def told(name: str, done: int, of: int) -> None:
                renew()
                progress(name, done, of)

            steps = run(STEPS, self._work(tenant, actor, progress=told))
        with understood():
            return Connected(steps, make_login_url(tenant, trusts.get_trust()))

    def _decide(
        self, typed: Typed, credentials: Credentials | None, patience: Patience
    ) -> tuple[Auth0Trust, Tenant, dict[str, str]]:
        """What is decided as a row that is not stored, the tenant, and the customers that were named."""
        before = trusts.find_trust()
        decisions = decide(typed, before, self.issuer)
        customers = find_customers(typed.organizations or ())
        row = trusts.make_row(decisions, before)
        tenant = self.open_tenant(row, credentials=credentials, patience=patience)
        with understood():
            if typed.applications is not None:
                row.applications = list(find_applications(tenant, typed.applications))
            if typed.custom_domains is None and tenant.may(CUSTOM_DOMAINS):
                row.custom_domains = find_custom_domains(tenant.find("/custom-domains"))
        return row, tenant, customers

    def verify(self, tenant: Tenant, *, actor: Actor, new_baseline: bool = False) -> dict[str, Any]:
        """Return the report, which is stored. Raises NotFound, Auth0Failed.

        Args:
            new_baseline: take the connections of now as those that were there before; an operator's word.
        """
        work = self._work(tenant, actor)
        with suppress(Conflict):  # several: the report says so
            adopt_name(work)
            if work.trust.connection_id is None and work.connection_id is not None:
                trusts.note(connection_id=work.connection_id)  # made by hand, from what was printed
        if new_baseline or (work.trust.baseline is None and work.trust.connection_id is not None):
            trusts.note(baseline=take_baseline(work))
        kids = [str(key["kid"]) for key in self.keys.public_jwks(work.now)["keys"]]
        report = verify(work, published_kids=kids, fetch=self._fetch)
        trusts.note(report=report, verified_at=work.now)
        return report

    def push_domains(
        self, tenant: Tenant, *, actor: Actor, dry_run: bool = False, remove_foreign: bool = False
    ) -> dict[str, Any]:
        """Bring the domain aliases in step, or with `dry_run` say what would happen. Raises NotFound, Auth0Failed."""
        work = self._work(tenant, actor)
        if dry_run:
            return describe(look_at_aliases(work, remove_foreign=remove_foreign), list_domains())
        with self._writing(), understood():
            return describe(push_aliases(work, remove_foreign=remove_foreign), list_domains())

    def print(self, typed: Typed, form: str, *, actor: Actor | None = None, now: datetime | None = None) -> str:
        """Return the trust as text: see `print_trust`. Asks no tenant, and needs no credentials."""
        return print_trust(typed, form, self.issuer, self.cipher, actor=actor, now=now)

    def work(self, tenant: Tenant, *, actor: Actor) -> Work:
        """Return what steps of a plan share."""
        return self._work(tenant, actor)

    @contextmanager
    def writing(self) -> Iterator[Callable[[], None]]:
        """Keep every other process from writing to the tenant; yields what renews it. Raises Conflict."""
        with self._writing() as renew:
            yield renew

    def _work(
        self, tenant: Tenant, actor: Actor, row: Auth0Trust | None = None, *, progress: Progress = silent
    ) -> Work:
        return Work(tenant, row or trusts.get_trust(), self.issuer, actor, self.clock(), progress)

    @contextmanager
    def _writing(self) -> Iterator[Callable[[], None]]:
        """Two that read, change and write a connection's options would each lose what the other wrote."""
        holder = secrets.token_hex(8)
        if not take_lease(LEASE, holder, self.clock(), TERM):
            raise Conflict(
                "another process writes", code="auth0-in-work", hint="Somebody is at it: try again in two minutes."
            )
        try:
            yield lambda: finish(LEASE, holder, due=self.clock() + TERM, succeeded_at=None)
        finally:
            finish(LEASE, holder, due=self.clock(), succeeded_at=self.clock())

    def _fetch(self, url: str) -> bytes | None:
        try:
            answer = self.requests.request("GET", url)
        except ProviderUnreachable:
            return None
        return answer.body if answer.status == 200 else b""
