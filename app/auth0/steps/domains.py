"""The last step: the domains that lead here."""

from __future__ import annotations

from collections.abc import Iterator

from app.auth0.aliases import AliasPlan
from app.auth0.domains import look_at_aliases, push_aliases
from app.auth0.models import Auth0Trust
from app.auth0.plan import Step, Work
from app.auth0.steps.connection import SCOPES
from app.auth0.wanted import Difference


def _scopes(_trust: Auth0Trust) -> tuple[str, ...]:
    return SCOPES


def _want(_work: Work, plan: AliasPlan) -> Iterator[Difference]:
    for domain in plan.add:
        yield Difference(f"options.domain_aliases.{domain}", True, False)
    for domain in plan.remove:
        yield Difference(f"options.domain_aliases.{domain}", False, True)


def _act(work: Work, _plan: AliasPlan) -> None:
    push_aliases(work)


DOMAINS = Step("domains", "The domains that Auth0 sends to it", _scopes, look_at_aliases, _want, _act)
