"""Warnings before something ends: 60, 30, 14, 7 and 1 days before and on the day, once each.

They name exactly which certificate or secret, and carry a link that opens just its renewal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from app.audit import Actor
from app.connections import Connection, ConnectionCertificate, Connections
from app.database import insert_once, transaction
from app.errors import Conflict
from app.mail import Letter, Outbox, Readers
from app.notices import NoticeKind, add_notice, clear_notices
from app.organizations import get_organization, list_contacts
from app.setup_links.links import SetupLinks
from app.setup_links.models import ExpiryWarning
from app.setup_links.values import NewSetupLink
from app.translations import Words, marked

STAGES = (0, 1, 7, 14, 30, 60)  # days before the end
LINK_GOOD_FOR_S = 14 * 86_400
PAGE = 200
SYSTEM = Actor("system", "expiry-warnings")

Kind = Literal["certificate", "own-certificate", "secret"]


#: By kind: what ends, and what happens then.
_SAID: dict[Kind, tuple[str, str]] = {
    "certificate": (
        marked("The signing certificate of %(connection)s"),
        marked(
            "Sign-ins go on as long as your provider uses it. When it starts to use another one that we do not know, "
            "nobody can sign in. Add the new one beside it before."
        ),
    ),
    "own-certificate": (
        marked("Our certificate of %(connection)s"),
        marked(
            "Providers that check its dates refuse our requests afterwards. Publish the next key, let the customer's "
            "administrator add it, then put it to use."
        ),
    ),
    "secret": (
        marked("The client secret of %(connection)s"),
        marked("Afterwards nobody can sign in. Make a new secret at your provider and save it with us before."),
    ),
}


@dataclass(frozen=True, slots=True)
class Ending:
    """Something of a connection that ends. `subject` names it for ever, `facts` name it for people, in English."""

    kind: Kind
    subject: str
    ends_at: datetime
    facts: tuple[tuple[str, str], ...]


class ExpiryWarnings:
    """Implements the job `warn-of-expiry`."""

    def __init__(
        self,
        connections: Connections,
        links: SetupLinks,
        outbox: Outbox,
        base_url: str,
        operators: Readers,
    ) -> None:
        self._connections = connections
        self._links = links
        self._outbox = outbox
        self._base_url = base_url
        self._operators = operators

    def run(self, now: datetime) -> int:
        """Warn of whatever ends and was not warned of at its stage; returns how many warnings went out."""
        sent, after = 0, None
        while rows := self._connections.list(limit=PAGE, after=after):
            after = rows[-1].id
            sent += sum(self._look_at(row, now) for row in rows if row.status == "active")
        return sent

    def _look_at(self, row: Connection, now: datetime) -> int:
        reached = [(ending, stage_of(ending.ends_at, now)) for ending in self._endings(row, now)]
        found = [(ending, stage) for ending, stage in reached if stage is not None]
        if not found:
            clear_notices(NoticeKind.CERTIFICATE_EXPIRING, row.id, now=now)
        return sum(self._warn(row, ending, stage, now) for ending, stage in found)

    def _endings(self, row: Connection, now: datetime) -> Iterator[Ending]:
        try:
            certificates = self._connections.list_certificates(row.id, now)
        except Conflict:  # its adapter is not loaded, which is another trouble, told elsewhere
            certificates = []
        present = [one for one in certificates if one.stands != "draft" and one.not_after is not None]
        for one in present:
            if not is_superseded(one, present):
                facts = ((marked("Certificate"), one.subject or marked("without a name")), ("SHA-256", one.sha256))
                yield Ending("certificate", one.sha256, one.not_after or now, facts)
        for key in self._connections.list_keys(row.id):
            if key.role == "current":
                yield Ending("own-certificate", key.sha256, key.not_after, (("SHA-256", key.sha256),))
        for name, day in row.secret_expiries.items():
            ends = datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(days=1)
            yield Ending("secret", f"{name} {day}", ends, ((marked("Secret"), name),))

    def _warn(self, row: Connection, ending: Ending, stage: int, now: datetime) -> bool:
        with transaction():
            mark = {"connection_id": row.id, "subject": ending.subject, "days": stage, "sent_at": now}
            if not insert_once(ExpiryWarning, **mark):
                return False
            organization = get_organization(row.organization_id).name
            if ending.kind != "own-certificate":
                for contact in list_contacts(row.organization_id, "certificates"):
                    url = self._renewal_link(row, ending, contact.email, now)
                    words = self._outbox.words_for(contact.language)
                    action = (words("Renew it"), url)
                    letter = warning_letter(words, organization, row.name, ending, stage, action, now)
                    self._outbox.add(contact.email, letter, organization_id=row.organization_id, now=now)
            for address, language in self._operators().items():
                words = self._outbox.words_for(language)
                action = (words("Open the connection"), f"{self._base_url}/console/connections/{row.id}")
                letter = warning_letter(words, organization, row.name, ending, stage, action, now)
                self._outbox.add(address, letter, organization_id=row.organization_id, now=now)
            facts = {"what": ending.kind, "subject": ending.subject, "ends_at": ending.ends_at.isoformat()}
            add_notice(
                NoticeKind.CERTIFICATE_EXPIRING,
                organization_id=row.organization_id,
                target=row.id,
                facts=facts,
                now=now,
            )
        return True

    def _renewal_link(self, row: Connection, ending: Ending, contact: str, now: datetime) -> str:
        # A new secret is tested and put in place like every change, so its link opens more than the page that asks for it.
        new = NewSetupLink(
            features=["sso"] if ending.kind == "secret" else ["certificates"],
            connection_id=row.id,
            contact=contact,
            expires_in_s=LINK_GOOD_FOR_S,
        )
        return self._links.add(row.organization_id, new, actor=SYSTEM, now=now)[1]


def stage_of(ends_at: datetime, now: datetime) -> int | None:
    """Return the stage that an end has reached: the fewest days of `STAGES` that are left, or None while it is far."""
    left = ends_at - now
    return next((days for days in STAGES if left <= timedelta(days=days)), None)


def is_superseded(one: ConnectionCertificate, present: Sequence[ConnectionCertificate]) -> bool:
    """Whether sign-ins go by a certificate that lasts longer: then the end of this one locks nobody out."""
    assert one.not_after is not None
    return any(
        other.not_after is not None
        and other.not_after > one.not_after
        and other.last_used_at is not None
        and (one.last_used_at is None or other.last_used_at > one.last_used_at)
        for other in present
    )


def warning_letter(
    words: Words,
    organization: str,
    connection: str,
    ending: Ending,
    stage: int,
    action: tuple[str, str],
    now: datetime,
) -> Letter:
    """Return the warning: what ends, when, and what happens then."""
    subject, then = _SAID[ending.kind]
    what, days = words(subject, connection=connection), (ending.ends_at - now).days
    if stage == 0:
        when = words("%(what)s has ended", what=what)
    elif days <= 1:
        when = words("%(what)s ends tomorrow", what=what)
    else:
        when = words.many("%(what)s ends in %(num)s day", "%(what)s ends in %(num)s days", days, what=what)
    return Letter(
        subject=when,
        paragraphs=(words("It belongs to the sign-in of %(organization)s.", organization=organization), words(then)),
        facts=(
            (words("Organization"), organization),
            (words("Connection"), connection),
            *((words(name), words(value)) for name, value in ending.facts),
            (words("Ends"), words.moment(ending.ends_at)),
        ),
        action=action,
        closing=(words("We write 60, 30, 14, 7 days and 1 day before the end, and on the day."),),
        language=words.language,
    )
