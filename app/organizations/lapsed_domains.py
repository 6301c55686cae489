"""Who is told when a domain lapses: the contacts who want to hear of domains, and the operators."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from app.mail import Letter, Outbox
from app.notices import NoticeKind, add_notice
from app.organizations.contacts import list_contacts
from app.organizations.domain_checks import TellLapsed
from app.organizations.models import Domain
from app.organizations.organizations import get_organization


def tell_lapsed(outbox: Outbox, operators: Callable[[], Sequence[str]]) -> TellLapsed:
    """Return what writes to them, inside the transaction that lapses the domain."""

    def tell(row: Domain, now: datetime) -> None:
        organization = get_organization(row.organization_id)
        letter = _letter(organization.name, row)
        wanted = [contact.email for contact in list_contacts(row.organization_id, "domains")]
        for address in dict.fromkeys([*wanted, *operators()]):
            outbox.add(address, letter, organization_id=row.organization_id, now=now)
        add_notice(
            NoticeKind.DOMAIN_LAPSED,
            organization_id=row.organization_id,
            target=row.id,
            facts={"domain": row.domain},
            now=now,
        )

    return tell


def _letter(organization: str, row: Domain) -> Letter:
    return Letter(
        subject=f"The proof for {row.domain} is missing",
        paragraphs=(
            f"The TXT record that proves that {row.domain} belongs to {organization} was not there on seven days in a row.",
            "People still sign in as before. Their e-mail addresses no longer count as verified until the record is back; "
            "we look for it every day.",
        ),
        facts=(("Host", row.txt_name), ("Value", row.txt_value)),
    )
