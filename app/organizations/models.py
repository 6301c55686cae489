"""Tables: a customer, and the e-mail domains it claims or owns."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, deferred, mapped_column

from app.database import ID_LENGTH, UtcDateTime, db
from app.memory import watch

_OWNED = text("status IN ('verified', 'lapsed')")


class Organization(db.Model):
    """A customer. `slug` and `external_id` are other people's names for it: unique, and never proof of anything."""

    __tablename__ = "organizations"
    __table_args__ = (
        UniqueConstraint("slug", name="uq_organizations_slug"),
        UniqueConstraint("external_id", name="uq_organizations_external_id"),
        UniqueConstraint("auth0_organization_id", name="uq_organizations_auth0_organization_id"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    slug: Mapped[str | None] = mapped_column(String(63))
    external_id: Mapped[str | None] = mapped_column(String(255))
    auth0_organization_id: Mapped[str | None] = mapped_column(
        String(64)
    )  # the Auth0 organization that is this customer
    status: Mapped[str] = mapped_column(String(16))  # active | disabled
    policy: Mapped[dict[str, Any]] = mapped_column(JSON)
    policy_version: Mapped[int] = mapped_column(Integer)  # a change of policy ends sessions: they remember this number
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime())


class Contact(db.Model):
    """Somebody at the customer's to write to. `notify`: topics beside changes of trust, which go to everybody."""

    __tablename__ = "contacts"
    __table_args__ = (UniqueConstraint("organization_id", "email", name="uq_contacts_organization_id_email"),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    organization_id: Mapped[str] = mapped_column(
        String(ID_LENGTH), ForeignKey("organizations.id", name="fk_contacts_organization_id", ondelete="CASCADE")
    )
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(320))
    notify: Mapped[list[str]] = mapped_column(JSON)
    language: Mapped[str | None] = mapped_column(String(8))  # of mails; None: the installation's
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())


class Branding(db.Model):
    """What the pages of one organization's people look like, where they differ from the installation's."""

    __tablename__ = "brandings"

    organization_id: Mapped[str] = mapped_column(
        String(ID_LENGTH),
        ForeignKey("organizations.id", name="fk_brandings_organization_id", ondelete="CASCADE"),
        primary_key=True,
    )
    product_name: Mapped[str | None] = mapped_column(String(60))
    color: Mapped[str | None] = mapped_column(String(7))
    introduction: Mapped[str | None] = mapped_column(String(1000))
    logo: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))  # a PNG that we wrote
    logo_digest: Mapped[str | None] = mapped_column(String(64))
    logo_width: Mapped[int | None] = mapped_column(Integer)
    logo_height: Mapped[int | None] = mapped_column(Integer)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime())


class Domain(db.Model):
    """A domain that an organization claims (pending) or owns (verified, lapsed). Stored as A-label, lower case."""

    __tablename__ = "domains"
    __table_args__ = (
        UniqueConstraint("organization_id", "domain", name="uq_domains_organization_id_domain"),
        Index("ix_domains_next_check_at", "next_check_at"),
        Index("ix_domains_domain", "domain"),  # a partial index does not serve a query whose condition is a parameter
        # Claims of several organizations may wait side by side; only one of them can ever own the name.
        Index("uq_domains_owner", "domain", unique=True, sqlite_where=_OWNED, postgresql_where=_OWNED),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    organization_id: Mapped[str] = mapped_column(
        String(ID_LENGTH), ForeignKey("organizations.id", name="fk_domains_organization_id", ondelete="CASCADE")
    )
    domain: Mapped[str] = mapped_column(String(253))
    status: Mapped[str] = mapped_column(String(16))  # pending | verified | lapsed
    vouched: Mapped[bool] = mapped_column(Boolean)  # an operator's word, no DNS record needed
    txt_value: Mapped[str] = mapped_column(String(100))
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())  # when DNS was asked last
    next_check_at: Mapped[datetime | None] = mapped_column(UtcDateTime())  # None: nobody looks for it by himself
    watched_since: Mapped[datetime] = mapped_column(UtcDateTime())  # a pending one is looked for seven days from then
    missed: Mapped[int] = mapped_column(Integer)  # daily checks in a row that certainly did not find it
    missed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())  # when the last of them was counted
    last_answer: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    @property
    def txt_name(self) -> str:
        """The name of the TXT record that proves control of the domain."""
        return f"_portico.{self.domain}"


watch(Organization)
