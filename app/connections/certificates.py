"""The certificates of a customer's provider: several at once, each with what is known of it, retired by an explicit act.

One is retired only when sign-ins have gone by another one since: whoever takes the wrong one away locks people out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import bindparam, select, update

from app.audit import Actor
from app.connections.changing import change_connection, change_settings, spec_of
from app.connections.describing import describe_certificate
from app.connections.drafts import change_draft, find_draft
from app.connections.models import CertificateUse, Connection
from app.connections.storing import get_row, lock_row
from app.connections.surroundings import Surroundings
from app.connections.values import ConnectionChanges
from app.database import db, insert_once, transaction
from app.errors import Conflict, Invalid, NotFound, Problem
from app.memory import remember
from portico_sdk import AdapterSpec

NOTED_EVERY = timedelta(hours=1)

_USE = CertificateUse.__table__.c
_NOTED = select(_USE.sha256, _USE.last_used_at).where(_USE.connection_id == bindparam("wanted"))


@dataclass(frozen=True, slots=True)
class ConnectionCertificate:
    """One certificate. Times are None when it cannot be read; `stands` says where it is listed.

    `why_not`: a sentence, empty when it can be retired.
    """

    pem: str
    subject: str
    sha256: str
    not_before: datetime | None
    not_after: datetime | None
    days_left: int | None
    first_used_at: datetime | None
    last_used_at: datetime | None
    stands: Literal["active", "draft", "both"]
    why_not: str

    @property
    def can_retire(self) -> bool:
        return not self.why_not


def list_certificates(around: Surroundings, connection_id: str, now: datetime) -> list[ConnectionCertificate]:
    """Return the certificates of the connection and of its draft, those that end first first. Raises NotFound, Conflict."""
    row = get_row(connection_id)
    name = certificate_field(spec_of(around, row))
    if name is None:
        return []
    present: list[str] = list(row.settings.get(name) or [])
    draft = find_draft(connection_id)
    drafted: list[str] = list(draft.settings.get(name) or []) if draft is not None else []
    uses = _uses(connection_id)
    told = {pem: describe_certificate(pem) for pem in dict.fromkeys([*present, *drafted])}
    hashes = [str(told[pem]["sha256"]) for pem in present]
    listed = [_certificate(told[pem], present, drafted, draft is not None, hashes, uses, now) for pem in told]
    return sorted(listed, key=lambda one: (one.not_after is None, one.not_after, one.sha256))


def add_certificates(
    around: Surroundings, connection_id: str, written: str | Sequence[str], *, actor: Actor, now: datetime
) -> None:
    """Add certificates beside the present ones: to the draft of an active connection, to any other itself.

    Args:
        written: in any form that people paste; several in one text too.

    Raises:
        NotFound; Invalid: not a certificate, a private key, or the connection takes none; Conflict as for changes.
    """
    row = get_row(connection_id)
    name = certificate_field(spec_of(around, row))
    texts = [written] if isinstance(written, str) else list(written)
    if name is None or not any(text.strip() for text in texts):
        raise Invalid(Problem("certificates", "required", "Paste a certificate."))
    draft = find_draft(connection_id)
    present = (draft or row).settings.get(name) or []
    patch = {"settings": {name: [*present, *texts]}}
    if row.status == "active":
        change_draft(around, connection_id, patch, actor=actor, now=now)
    else:
        change_connection(around, connection_id, ConnectionChanges(**patch), actor=actor, now=now)  # type: ignore[typeddict-item]


def retire_certificate(
    around: Surroundings, connection_id: str, sha256: str, *, actor: Actor, now: datetime
) -> Connection:
    """Trust a certificate no more, at once; it goes from the draft, too.

    Raises:
        NotFound: there is no such certificate here.
        Conflict: `certificate-only`; `certificate-unproven`: no sign-in has gone by another one since.
    """
    with transaction():
        row = lock_row(connection_id)
        found = next((one for one in list_certificates(around, connection_id, now) if one.sha256 == sha256), None)
        if found is None:
            raise NotFound(f"{connection_id} has no certificate {sha256[:80]!r}")
        name = certificate_field(spec_of(around, row))
        assert name is not None
        if found.why_not and found.stands != "draft" and row.status == "active":
            code = "certificate-only" if len(row.settings[name]) == 1 else "certificate-unproven"
            raise Conflict(f"{sha256} stays", code=code, hint=found.why_not)
        draft = find_draft(connection_id)
        drafted = list(draft.settings.get(name) or []) if draft is not None else []
        if found.stands != "draft":
            patch = {name: [pem for pem in row.settings[name] if pem != found.pem]}
            row = change_settings(around, connection_id, patch, actor=actor, now=now)
        if draft is not None:
            rest = {name: [pem for pem in drafted if pem != found.pem]}
            change_draft(around, connection_id, {"settings": rest}, actor=actor, now=now)
    return row


def note_certificates_used(connection_id: str, fingerprints: Sequence[str], *, now: datetime) -> None:
    """Remember which certificates proved a sign-in; by the hour. Inside the transaction that accepts it."""
    known: dict[str, datetime] = remember("certificate uses", connection_id, dict)
    if all(sha256 in known and known[sha256] > now - NOTED_EVERY for sha256 in fingerprints):
        return  # most sign-ins write nothing only to say so
    with transaction() as session:
        # Only what others stored is remembered: what is noted here may still be rolled back.
        known.update((row.sha256, row.last_used_at) for row in session.execute(_NOTED, {"wanted": connection_id}))
        for sha256 in fingerprints:
            if sha256 in known and known[sha256] > now - NOTED_EVERY:
                continue
            values = {"connection_id": connection_id, "sha256": sha256, "first_used_at": now, "last_used_at": now}
            if insert_once(CertificateUse, **values):
                continue
            session.execute(
                update(CertificateUse)
                .where(CertificateUse.connection_id == connection_id, CertificateUse.sha256 == sha256)
                .values(last_used_at=now)
                .execution_options(synchronize_session=False)
            )


def certificate_field(spec: AdapterSpec) -> str | None:
    """Return the name of the setting that holds the provider's certificates, or None."""
    return next((field.name for field in spec.settings if field.kind == "certificates"), None)


def _uses(connection_id: str) -> dict[str, CertificateUse]:
    query = select(CertificateUse).where(CertificateUse.connection_id == connection_id)
    return {use.sha256: use for use in db.session.scalars(query.execution_options(populate_existing=True))}


def _certificate(
    told: Mapping[str, Any],
    present: list[str],
    drafted: list[str],
    has_draft: bool,
    hashes: list[str],
    uses: Mapping[str, CertificateUse],
    now: datetime,
) -> ConnectionCertificate:
    sha256, use = str(told["sha256"]), uses.get(str(told["sha256"]))
    active, in_draft = told["pem"] in present, told["pem"] in drafted or not has_draft
    ends = _time(told["not_after"])
    return ConnectionCertificate(
        pem=told["pem"],
        subject=told["subject"] or "",
        sha256=sha256,
        not_before=_time(told["not_before"]),
        not_after=ends,
        days_left=None if ends is None else (ends - now).days,
        first_used_at=use.first_used_at if use else None,
        last_used_at=use.last_used_at if use else None,
        stands=("both" if in_draft and has_draft else "active") if active else "draft",
        why_not=_why_not(sha256, hashes, uses) if active else "",
    )


def _why_not(sha256: str, hashes: list[str], uses: Mapping[str, CertificateUse]) -> str:
    others = [uses[other].last_used_at for other in hashes if other != sha256 and other in uses]
    if len(hashes) == 1:
        return "It is the only one: without it nobody could sign in."
    if not others:
        return "No sign-in has gone by another certificate yet."
    if sha256 in uses and max(others) <= uses[sha256].last_used_at:
        return "The newest sign-ins still go by it."
    return ""


def _time(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)
