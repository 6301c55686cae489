"""Which Auth0 organization is which customer: what the tenant was told, and what it has to be told yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from app.audit import Actor, EventName, record
from app.auth0.models import Auth0Binding
from app.database import db, transaction
from app.organizations import list_auth0_organizations

#: Bindings that are looked at in one run although nothing changed: the longest not looked at.
LOOK_AT = 50
#: After a failure; what is not there is asked for again once an hour.
TRY_AGAIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Binding:
    """One Auth0 organization and the customer that it stands for; None: it has to stand for nobody any more.

    Args:
        former: whom it stood for, as far as we told; only its mark is taken away.
    """

    auth0_organization_id: str
    organization_id: str | None
    former: str | None = None
    told: bool = False


def list_bindings(*, whole: bool = False) -> list[Binding]:
    """Return what has to be looked at: everything that changed since the tenant was told, and some that did not.

    Args:
        whole: everything, whatever was told.
    """
    wanted = list_auth0_organizations()
    told = {row.organization_id: row for row in db.session.scalars(select(Auth0Binding))}
    ends = [
        Binding(row.auth0_organization_id, None, former=organization_id)
        for organization_id, row in told.items()
        if wanted.get(organization_id) != row.auth0_organization_id and row.auth0_organization_id not in wanted.values()
    ]
    fresh: list[Binding] = []
    known: list[Binding] = []
    for organization_id, auth0_id in wanted.items():
        row = told.get(organization_id)
        same = row is not None and row.auth0_organization_id == auth0_id and row.told_at is not None
        (known if same else fresh).append(Binding(auth0_id, organization_id, told=same))
    known.sort(key=lambda one: str(told[str(one.organization_id)].looked_at or ""))
    return [*ends, *fresh, *(known if whole else known[:LOOK_AT])]


def list_pending(now: datetime) -> list[Binding]:
    """Return what the tenant was not told yet, apart from what failed within the last hour."""
    failed = select(Auth0Binding.organization_id, Auth0Binding.auth0_organization_id).where(
        Auth0Binding.failure.is_not(None), Auth0Binding.looked_at > now - TRY_AGAIN
    )
    resting = {(organization_id, auth0_id) for organization_id, auth0_id in db.session.execute(failed)}
    return [
        one
        for one in list_bindings()
        if not one.told and (one.organization_id, one.auth0_organization_id) not in resting
    ]


def note_told(binding: Binding, *, actor: Actor, now: datetime) -> None:
    """Store that the tenant knows; a change is audited."""
    with transaction() as session:
        if binding.organization_id is None:
            session.execute(delete(Auth0Binding).where(Auth0Binding.organization_id == binding.former))
            _record(binding, actor, now)
            return
        row = _row(binding)
        if row.told_at is None or row.auth0_organization_id != binding.auth0_organization_id:
            row.auth0_organization_id, row.told_at = binding.auth0_organization_id, now
            _record(binding, actor, now)
        row.looked_at, row.failure = now, None
        session.flush()


def note_looked(bindings: Iterable[Binding], *, now: datetime) -> None:
    """Store that these were looked at: others have their turn next."""
    ids = [one.organization_id for one in bindings if one.told]
    if ids:
        with transaction() as session:
            session.execute(update(Auth0Binding).where(Auth0Binding.organization_id.in_(ids)).values(looked_at=now))


def note_failure(binding: Binding, failure: str, *, now: datetime) -> None:
    """Store that it could not be told, and why."""
    if binding.organization_id is None:
        return
    with transaction() as session:
        row = _row(binding)
        row.looked_at, row.failure = now, failure[:300]
        if row.auth0_organization_id != binding.auth0_organization_id:
            row.told_at = None
        session.flush()


def list_failures() -> Iterator[tuple[str, str, str]]:
    """Yield customers whose Auth0 organization could not be told: id, Auth0 organization, why."""
    failed = select(Auth0Binding).where(Auth0Binding.failure.is_not(None)).order_by(Auth0Binding.organization_id)
    for row in db.session.scalars(failed):
        yield row.organization_id, row.auth0_organization_id, str(row.failure)


def _row(binding: Binding) -> Auth0Binding:
    row = db.session.get(Auth0Binding, binding.organization_id, populate_existing=True)
    if row is None:
        row = Auth0Binding(organization_id=binding.organization_id, auth0_organization_id=binding.auth0_organization_id)
        db.session.add(row)
    return row


def _record(binding: Binding, actor: Actor, now: datetime) -> None:
    record(
        EventName.AUTH0_ORGANIZATION_BOUND,
        actor=actor,
        now=now,
        organization_id=binding.organization_id or binding.former,
        target=binding.auth0_organization_id,
        details={"portico_org": binding.organization_id},
    )
