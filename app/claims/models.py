"""Tables: what operators add to the profile."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import ID_LENGTH, UtcDateTime, db
from app.memory import watch


class ProfileAttribute(db.Model):
    """A further attribute of every profile of this installation. Its name never changes: it is a claim's name."""

    __tablename__ = "profile_attributes"
    __table_args__ = (UniqueConstraint("name", name="uq_profile_attributes_name"),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    type: Mapped[str] = mapped_column(String(10))  # string | list | boolean
    required: Mapped[bool] = mapped_column(Boolean)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime())


class RoleRule(db.Model):
    """The role of one group of one organization. `connection_id` None: of all its connections; `group` None: default."""

    __tablename__ = "role_rules"
    __table_args__ = (Index("ix_role_rules_organization_id", "organization_id", "connection_id", "priority"),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    organization_id: Mapped[str] = mapped_column(
        String(ID_LENGTH), ForeignKey("organizations.id", name="fk_role_rules_organization_id", ondelete="CASCADE")
    )
    connection_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))  # of a room above: it deletes what names it
    group: Mapped[str | None] = mapped_column("group_name", String(1024))
    role: Mapped[str] = mapped_column(String(200))
    priority: Mapped[int] = mapped_column(Integer)  # the smallest number decides first
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime())


class RoleChoices(db.Model):
    """Roles that an organization's own administrators may give. No row: none."""

    __tablename__ = "role_choices"

    organization_id: Mapped[str] = mapped_column(
        String(ID_LENGTH),
        ForeignKey("organizations.id", name="fk_role_choices_organization_id", ondelete="CASCADE"),
        primary_key=True,
    )
    roles: Mapped[list[str]] = mapped_column(JSON)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime())


watch(ProfileAttribute, RoleRule)
