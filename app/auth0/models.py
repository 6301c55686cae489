"""Table of the trust with Auth0."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import ID_LENGTH, UtcDateTime, db


class Auth0Trust(db.Model):
    """The one tenant that this installation stands behind: one row, whose id is always the same.

    `steps`: by step of the plan, how it ended last. `baseline`: every connection of the tenant when the trust was made.
    `aliases`: the domain aliases that Portico put into the connection; any other there is somebody else's.
    """

    __tablename__ = "auth0_trusts"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    origin: Mapped[str] = mapped_column(String(300))  # of the tenant's own domain
    custom_domains: Mapped[list[str]] = mapped_column(JSON)  # origins
    management_client_id: Mapped[str | None] = mapped_column(String(255))
    management_client_secret: Mapped[str | None] = mapped_column(Text)  # sealed
    client_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))  # of the tenant, in Portico
    auth_method: Mapped[str] = mapped_column(String(32))  # client_secret_post | private_key_jwt
    connection_name: Mapped[str] = mapped_column(String(128))
    connection_id: Mapped[str | None] = mapped_column(String(100))
    claims_namespace: Mapped[str] = mapped_column(String(255))
    applications: Mapped[list[str]] = mapped_column(JSON)  # client ids in the tenant
    organizations: Mapped[list[str]] = mapped_column(JSON)  # further ones than those that Portico organizations name
    discovery_domains: Mapped[bool] = mapped_column(Boolean)
    steps: Mapped[dict[str, Any]] = mapped_column(JSON)
    baseline: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    aliases: Mapped[list[str]] = mapped_column(JSON)
    domains_state: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    report: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime())


class Auth0Binding(db.Model):
    """What the tenant was told of a customer's Auth0 organization; stays when that is over, until it is told too."""

    __tablename__ = "auth0_bindings"

    organization_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    auth0_organization_id: Mapped[str] = mapped_column(String(64))
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    failure: Mapped[str | None] = mapped_column(String(300))
