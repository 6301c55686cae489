"""Every change of trust is mailed to all contacts of the customer and to the operators, with the event, or not at all.

Contacts and operators are written to in the language they chose, else in the installation's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select

from app.audit import Actor
from app.connections.models import Connection
from app.connections.surroundings import Surroundings
from app.database import db
from app.mail import Letter
from app.organizations import get_organization, list_contacts
from app.translations import Words, marked, say
from portico_sdk import AdapterSpec

#: What changed, as (name, value), in a language.
What = Callable[[Words], tuple[str, str]]

_WHO = {
    "setup_link": marked("an administrator, by a setup link"),
    "operator": marked("an operator"),
    "api_key": marked("an operator's program"),
    "cli": marked("an operator, on the command line"),
    "system": marked("the daily reading of the provider's metadata"),
    "person": marked("a person signing in"),
}


def announce_change(
    around: Surroundings, row: Connection, spec: AdapterSpec, changed: Sequence[str], *, actor: Actor, now: datetime
) -> None:
    """Tell everybody which settings of an active connection were changed. Inside `transaction()` only.

    Others are nobody's way in yet, and nobody is told of them; rooms above hear of all.
    """
    names = [name for name in changed if name != "claim_rules"]
    if names:
        for hear in around.settings_changed:
            hear(row, names, actor, now)
    if row.status != "active" or not names:
        return
    labels = {field.name: field.label for field in spec.settings}

    def what(words: Words) -> tuple[str, str]:
        said = (say(labels.get(name, name), words.language, row.distribution) for name in names)
        return words("What changed"), ", ".join(said)

    announce(around, row, marked("Sign-in settings were changed"), what, actor=actor, now=now)


def announce(around: Surroundings, row: Connection, subject: str, what: What, *, actor: Actor, now: datetime) -> None:
    """Write to every contact and operator about one connection. Inside `transaction()` only.

    Args:
        subject: a message id; the mail's subject adds whom it is about.
    """
    _write(around, row.organization_id, (row.name,), subject, what, actor, now)


def announce_policy(around: Surroundings, organization_id: str, *, actor: Actor, now: datetime) -> None:
    """Tell everybody that an organization's policy was changed, where people sign in. Inside `transaction()` only."""
    connections = tuple(
        db.session.scalars(
            select(Connection.name)
            .where(Connection.organization_id == organization_id, Connection.status == "active")
            .order_by(Connection.name)
        )
    )
    if connections:
        subject = marked("The policy for sign-ins was changed")
        _write(around, organization_id, connections, subject, _policy, actor, now)


def _policy(words: Words) -> tuple[str, str]:
    return words("What changed"), words("Which e-mail addresses pass, or how long sessions last")


def _write(
    around: Surroundings,
    organization_id: str,
    connections: Sequence[str],
    subject: str,
    what: What,
    actor: Actor,
    now: datetime,
) -> None:
    name, named = get_organization(organization_id).name, ", ".join(connections)
    written = {one.email: around.outbox.words_for(one.language) for one in list_contacts(organization_id)}
    for address, language in around.operators().items():
        written.setdefault(address, around.outbox.words_for(language))
    letters = {words: _letter(words, name, named, subject, what, actor, now) for words in set(written.values())}
    for address, words in written.items():
        around.outbox.add(address, letters[words], organization_id=organization_id, now=now)


def _letter(
    words: Words, organization: str, connections: str, subject: str, what: What, actor: Actor, now: datetime
) -> Letter:
    return Letter(
        subject=words("%(subject)s for %(organization)s", subject=words(subject), organization=organization),
        paragraphs=(words("This decides who can sign in. If you know about it, there is nothing to do."),),
        facts=(
            (words("Organization"), organization),
            (words("Connection"), connections),
            what(words),
            (words("By"), _by(words, actor)),
            (words("When"), words.moment(now)),
        ),
        closing=(
            words(
                "If you did not expect this, tell us at once: the version before can be brought back with one click."
            ),
            words("You get this because every contact and operator is told of changes of trust."),
        ),
        language=words.language,
    )


def _by(words: Words, actor: Actor) -> str:
    who = words(_WHO[actor.kind])
    return f"{who} ({actor.label})" if actor.label else who
