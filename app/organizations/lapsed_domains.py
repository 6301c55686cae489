"""Who is told when a domain lapses: the contacts who want to hear of domains, and the operators."""

from __future__ import annotations

from datetime import datetime

from app.mail import Letter, Outbox, Readers
from app.notices import NoticeKind, add_notice
from app.organizations.contacts import list_contacts
from app.organizations.domain_checks import TellLapsed
from app.organizations.models import Domain
from app.organizations.organizations import get_organization
from app.translations import Words


def tell_lapsed(outbox: Outbox, operators: Readers) -> TellLapsed:
    """Return what writes to them, inside the transaction that lapses the domain."""

    def tell(row: Domain, now: datetime) -> None:
        organization = get_organization(row.organization_id)
        contacts = list_contacts(row.organization_id, "domains")
        written = {contact.email: outbox.words_for(contact.language) for contact in contacts}
        for address, language in operators().items():
            written.setdefault(address, outbox.words_for(language))
        for address, words in written.items():
            outbox.add(address, _letter(words, organization.name, row), organization_id=row.organization_id, now=now)
        add_notice(
            NoticeKind.DOMAIN_LAPSED,
            organization_id=row.organization_id,
            target=row.id,
            facts={"domain": row.domain},
            now=now,
        )

    return tell


def _letter(words: Words, organization: str, row: Domain) -> Letter:
    return Letter(
        subject=words("The proof for %(domain)s is missing", domain=row.domain),
        paragraphs=(
            words(
                "The TXT record that proves that %(domain)s belongs to %(organization)s was not there on seven days in a "
                "row.",
                domain=row.domain,
                organization=organization,
            ),
            words(
                "People still sign in as before. Their e-mail addresses no longer count as verified until the record is "
                "back; we look for it every day."
            ),
        ),
        facts=((words("Host"), row.txt_name), (words("Value"), row.txt_value)),
        language=words.language,
    )
