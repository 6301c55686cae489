"""Applications that may use the connection: those that were named are let in, and nobody is put out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote

from app.auth0.models import Auth0Trust
from app.auth0.plan import Step, Work
from app.auth0.tenant import Tenant
from app.auth0.wanted import Difference
from app.errors import Invalid, Problem

AT_ONCE = 50


def _scopes(trust: Auth0Trust) -> tuple[str, ...]:
    return ("read:clients", "read:connections", "update:connections") if trust.applications else ()


def find_applications(tenant: Tenant, named: Iterable[str]) -> tuple[str, ...]:
    """Return the client ids of applications, each named by its client id or its exact name.

    Raises Invalid: there is none of that name, or several.
    """
    wanted = list(dict.fromkeys(named))
    query: dict[str, str | bool] = {"fields": "client_id,name", "include_fields": True}
    listed = list(tenant.list_numbered("/clients", "clients", query)) if wanted else []
    found: list[str] = []
    problems: list[Problem] = []
    for position, text in enumerate(wanted):
        ids = [str(one["client_id"]) for one in listed if one.get("client_id") == text]
        ids = ids or [str(one["client_id"]) for one in listed if one.get("name") == text]
        if len(ids) == 1:
            found += ids
        else:
            said = (
                "The tenant has no such application."
                if not ids
                else "Several applications have this name: give its id."
            )
            problems.append(Problem(f"applications[{position}]", "auth0-application", said))
    if problems:
        raise Invalid(*problems)
    return tuple(dict.fromkeys(found))


def list_enabled(work: Work) -> set[str]:
    """Return the client ids of the applications that may use the connection."""
    if work.connection_id is None:
        return set()
    path = f"/connections/{quote(work.connection_id, safe='')}/clients"
    return {str(one["client_id"]) for one in work.tenant.list(path, "clients", take=100)}


def _look(work: Work) -> set[str]:
    return list_enabled(work) if work.trust.applications else set()


def _missing(work: Work, enabled: set[str]) -> list[str]:
    return [one for one in work.trust.applications if one not in enabled]


def _want(work: Work, enabled: set[str]) -> Iterator[Difference]:
    for client_id in _missing(work, enabled):
        yield Difference(f"applications.{client_id}", True, False)


def _act(work: Work, enabled: set[str]) -> None:
    missing = _missing(work, enabled)
    for start in range(0, len(missing), AT_ONCE):
        work.tenant.patch(f"/connections/{work.connection_id}/clients", enable(missing[start : start + AT_ONCE]))


def enable(client_ids: Sequence[str]) -> list[dict[str, object]]:
    """Return the body of `PATCH /api/v2/connections/{id}/clients` for at most fifty applications."""
    return [{"client_id": client_id, "status": True} for client_id in client_ids]


APPLICATIONS = Step("applications", "The applications that may use it", _scopes, _look, _want, _act)
