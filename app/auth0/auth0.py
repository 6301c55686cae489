"""The room's door: everything that faces, commands and jobs do with the trust."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.audit import Actor
from app.auth0 import trust as trusts
from app.auth0.connecting import plan, run
from app.auth0.domains import describe, list_domains, look_at_aliases, push_aliases
from app.auth0.errors import Auth0CredentialsRefused
from app.auth0.models import Auth0Trust
from app.auth0.pace import Pace
from app.auth0.plan import PlannedStep, Progress, Work, silent
from app.auth0.steps import STEPS
from app.auth0.steps.connection import take_baseline
from app.auth0.tenant import Credentials, Requests, Tenant
from app.auth0.verification import verify
from app.cipher import Cipher
from app.crypto import SigningKeys
from app.database import end_read
from app.errors import Conflict
from app.jobs.leases import finish, take_lease
from portico_sdk import HttpResponse, ProviderUnreachable

LEASE = "auth0-writing"
TERM = timedelta(minutes=2)  # renewed with each step; after a kill nobody writes for that long


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
        given: credentials from the settings, which go before stored ones.
        sleep: seconds.
    """

    issuer: str
    cipher: Cipher
    keys: SigningKeys
    requests: Requests
    clock: Callable[[], datetime]
    given: Credentials | None = None
    sleep: Callable[[float], None] = time.sleep

    def open_tenant(
        self,
        row: Auth0Trust | None = None,
        *,
        credentials: Credentials | None = None,
        budget_s: float = 300.0,
        tell: Callable[[float], None] = lambda _seconds: None,
    ) -> Tenant:
        """Return the tenant's Management API. Asks nothing yet.

        Raises:
            NotFound: no trust was set up.
            Auth0CredentialsRefused: there are no credentials, neither given nor stored.
        """
        row = row or trusts.get_trust()
        credentials = credentials or self.given or trusts.open_credentials(row, self.cipher)
        if credentials is None:
            raise Auth0CredentialsRefused(
                "no credentials", code="auth0-no-credentials", hint="Give client id and secret, or connect again."
            )
        pace = Pace(self.clock, self.sleep, budget_s, tell)
        return Tenant(row.origin, credentials, Unhurried(self.requests), pace)

    def has_credentials(self, row: Auth0Trust) -> bool:
        """Whether the tenant can be asked without anybody giving credentials."""
        return self.given is not None or row.management_client_id is not None

    def plan(self, tenant: Tenant, *, actor: Actor) -> tuple[PlannedStep, ...]:
        """Return what `connect` would change. Raises NotFound, Auth0Failed, Conflict."""
        return plan(STEPS, self._work(tenant, actor))

    def connect(self, tenant: Tenant, *, actor: Actor, progress: Progress = silent) -> tuple[PlannedStep, ...]:
        """Put everything right that is not, and return what was changed. Raises NotFound, Auth0Failed, Conflict."""
        with self._writing() as renew:

            def told(name: str, done: int, of: int) -> None:
                renew()
                progress(name, done, of)

            return run(STEPS, self._work(tenant, actor, told))

    def verify(self, tenant: Tenant, *, actor: Actor, new_baseline: bool = False) -> dict[str, Any]:
        """Return the report, which is stored. Raises NotFound, Auth0Failed.

        Args:
            new_baseline: take the connections of now as those that were there before; an operator's word.
        """
        work = self._work(tenant, actor)
        if new_baseline:
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
        with self._writing():
            return describe(push_aliases(work, remove_foreign=remove_foreign), list_domains())

    def work(self, tenant: Tenant, *, actor: Actor) -> Work:
        """Return what steps of a plan share."""
        return self._work(tenant, actor)

    @contextmanager
    def writing(self) -> Iterator[Callable[[], None]]:
        """Keep every other process from writing to the tenant; yields what renews it. Raises Conflict."""
        with self._writing() as renew:
            yield renew

    def _work(self, tenant: Tenant, actor: Actor, progress: Progress = silent) -> Work:
        return Work(tenant, trusts.get_trust(), self.issuer, actor, self.clock(), progress)

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
