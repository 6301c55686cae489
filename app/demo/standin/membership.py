"""Who may sign in to an organization: its members, and whoever a connection makes one."""

from __future__ import annotations

from app.demo.standin.failures import LoginFailed
from app.demo.standin.tenant.organizations import Organization
from app.demo.standin.tenant.state import Tenant


def check_membership(tenant: Tenant, organization: Organization, connection_id: str, user_id: str) -> None:
    """Let members pass, and make members of those whom the connection's auto-membership covers, before any Action runs.

    Raises LoginFailed for everybody else.
    """
    flags = organization.connections.get(connection_id)
    if flags is None:
        raise LoginFailed("the connection is not enabled for the organization")
    if user_id in organization.members:
        return
    if flags["assign_membership_on_login"]:
        if tenant.behaviour.auto_membership == "before_action":
            _join(tenant, organization, connection_id, user_id)
    elif tenant.behaviour.membership_required:
        raise LoginFailed(f"user {user_id} is not part of the {organization.id} organization")


def join_after_action(tenant: Tenant, organization: Organization, connection_id: str, user_id: str) -> None:
    """Write the auto-membership of a login that no Action denied, on a tenant that does so only now."""
    flags = organization.connections.get(connection_id, {})
    if flags.get("assign_membership_on_login") and user_id not in organization.members:
        _join(tenant, organization, connection_id, user_id)


def _join(tenant: Tenant, organization: Organization, connection_id: str, user_id: str) -> None:
    organization.members[user_id] = "auto_membership"
    tenant.log.add(
        "organization_member_added",
        f"{user_id} became a member of {organization.name}",
        user_id=user_id,
        connection_id=connection_id,
        organization_id=organization.id,
        organization_name=organization.name,
        details={"reason": "auto_membership"},
    )
