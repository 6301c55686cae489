"""What goes on by itself where credentials are stored: domains and organizations in step, and a look at the whole trust."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from app.audit import Actor
from app.auth0 import trust as trusts
from app.auth0.auth0 import Auth0
from app.auth0.bindings import list_pending
from app.auth0.domains import list_domains, push_aliases
from app.auth0.errors import Auth0Failed, understood
from app.auth0.models import Auth0Trust
from app.auth0.pace import Patience
from app.auth0.steps.organizations import ORGANIZATIONS, look_at
from app.database import db, end_read
from app.errors import Conflict, PorticoError
from app.notices import NoticeKind, add_notice, clear_notices

log = structlog.get_logger(__name__)

ACTOR = Actor("system", "auth0")
#: What changed here is told within a minute; what somebody changed there is found within an hour.
LOOK_AGAIN = timedelta(hours=1)
PATIENCE = Patience(budget_s=120.0, at_most_s=400.0)


def keep_in_step(auth0: Auth0, now: datetime) -> None:
    """Tell the tenant of domains and organizations that changed; run every minute, it asks nothing when nothing did."""
    row = trusts.find_trust()
    if row is None or row.connection_id is None or not auth0.has_credentials(row):
        return
    domains, pending = _domains_due(row, now), list_pending(now)
    end_read()
    if not domains and not pending:
        return
    try:
        with auth0.writing() as renew, understood():
            tenant = auth0.open_tenant(row, patience=PATIENCE)
            work = auth0.work(tenant, actor=ACTOR)
            work.progress = lambda _name, _done, _all: renew()
            if domains:
                push_aliases(work)
            if pending:
                ORGANIZATIONS.act(work, [look_at(work, one) for one in pending])
    except PorticoError as error:
        if isinstance(error, Conflict) and error.code == "auth0-in-work":
            return
        _tell(NoticeKind.AUTH0_FAILING, error, now)
        return
    clear_notices(NoticeKind.AUTH0_FAILING, trusts.ID, now=now)


def keep_verifying(auth0: Auth0, now: datetime) -> None:
    """Look at the whole trust; operators see a notice for as long as something is not as it should be."""
    row = trusts.find_trust()
    if row is None or row.connection_id is None or not auth0.has_credentials(row):
        return
    try:
        report = auth0.verify(auth0.open_tenant(row, patience=PATIENCE), actor=ACTOR)
    except PorticoError as error:
        _tell(NoticeKind.AUTH0_FAILING, error, now)
        return
    clear_notices(NoticeKind.AUTH0_FAILING, trusts.ID, now=now)
    drifted = [check["name"] for check in report["checks"] if check["state"] == "drift"]
    if not drifted:
        clear_notices(NoticeKind.AUTH0_DRIFT, trusts.ID, now=now)
        return
    facts = {"checks": drifted}
    add_notice(NoticeKind.AUTH0_DRIFT, organization_id=None, target=trusts.ID, facts=facts, now=now)


def _domains_due(row: Auth0Trust, now: datetime) -> bool:
    state = row.domains_state or {}
    if state.get("mark") != list_domains().mark:
        return True
    return datetime.fromisoformat(state["at"]) <= now - LOOK_AGAIN


def _tell(kind: NoticeKind, error: PorticoError, now: datetime) -> None:
    db.session.rollback()
    log.warning("auth0_failing", code=error.code, detail=error.detail[:300])
    detail = error.hint or error.detail if isinstance(error, Auth0Failed) else error.public
    facts = {"code": error.code, "detail": detail[:300]}
    add_notice(kind, organization_id=None, target=trusts.ID, facts=facts, now=now)
