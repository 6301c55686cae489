"""The end of a login: membership, then every Action, then what the application gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.demo.standin.actions.event import make_event
from app.demo.standin.actions.outcome import ActionFailed, Outcome, RunsActions
from app.demo.standin.applications.issue import Login
from app.demo.standin.authorize import ApplicationRequest
from app.demo.standin.failures import LoginFailed
from app.demo.standin.login import SignedIn
from app.demo.standin.membership import check_membership, join_after_action
from app.demo.standin.profile import User
from app.demo.standin.sessions import Session
from app.demo.standin.tenant.actions import Deployed
from app.demo.standin.tenant.connections import Connection
from app.demo.standin.tenant.state import Tenant
from app.demo.standin.tenant.users import Record, root_of


def open_session(tenant: Tenant, connection: Connection, signed_in: SignedIn) -> Session:
    """Return a session of the profile that has this identity: the profile of a linked identity has another id."""
    user = signed_in.user
    upstream = tenant.upstream(connection)
    kept = {name: value for name, value in user.attributes.items() if name not in upstream.non_persistent}
    with tenant.lock:
        record = tenant.users.sign_in(
            user.id,
            connection.name,
            kept,
            user.authenticated_at,
            to_root=tenant.behaviour.linked_attributes == "root",
            root_attributes=upstream.root_attributes,
        )
        return Session(_of(record, user), connection.id, user.id, signed_in.id_token)


def finish(tenant: Tenant, actions: RunsActions, asked: ApplicationRequest, session: Session) -> tuple[Login, Session]:
    """Return the login for the application, and the session as the Actions left it. Raises LoginFailed."""
    connection = tenant.connections.find(session.connection_id)
    record = tenant.users.find(session.user.id)
    if connection is None or record is None:
        raise LoginFailed("the user or the connection does not exist any more")
    if record.get("blocked"):
        raise LoginFailed("user is blocked", oauth_error="unauthorized")
    if asked.organization is not None:
        with tenant.lock:
            check_membership(tenant, asked.organization, connection.id, session.user.id)
    added: dict[str, Any] = {}
    for bound in tenant.actions.bound():
        outcome = _run(tenant, actions, bound, asked, session, connection, record)
        added |= outcome.id_token
        with tenant.lock:
            tenant.users.merge_metadata(record, outcome.app_metadata, outcome.user_metadata)
        if outcome.primary_user_id is not None:
            record = _become(tenant, session, outcome.primary_user_id)
            session = replace(session, user=_of(record, session.user))
    if asked.organization is not None:
        with tenant.lock:
            join_after_action(tenant, asked.organization, connection.id, session.user.id)
    return Login(asked, session.user, added), session


def _run(
    tenant: Tenant,
    actions: RunsActions,
    bound: Deployed,
    asked: ApplicationRequest,
    session: Session,
    connection: Connection,
    record: Mapping[str, Any],
) -> Outcome:
    """Return what one Action decided. Nothing is locked meanwhile: it may call the Management API."""
    try:
        outcome = actions.run(bound, make_event(tenant, asked, session, connection, record))
    except ActionFailed as failed:
        raise LoginFailed(f"Action {bound.name} failed: {failed}", oauth_error="server_error") from failed
    if outcome.denied is not None:
        raise LoginFailed(outcome.denied)
    return outcome


def _become(tenant: Tenant, session: Session, user_id: str) -> Record:
    """Return the profile that an Action made the login's: it must exist and have the identity that signed in."""
    record = tenant.users.find(user_id)
    provider, _, identity_id = session.identity_id.partition("|")
    found = tenant.users.find_identity(provider, identity_id)
    if record is None or found is None or found.record is not record:
        raise LoginFailed(f"setPrimaryUser: the identity that signed in is not linked to {user_id}")
    return record


def _of(record: Mapping[str, Any], user: User) -> User:
    """Return the user with the id of the profile and what is at its root."""
    return replace(user, id=str(record["user_id"]), attributes=root_of(record))
