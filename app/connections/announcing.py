"""Every change of trust is mailed to all contacts of the customer and to the operators, with the event, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.audit import Actor
from app.connections.models import Connection
from app.connections.surroundings import Surroundings
from app.mail import Letter
from app.organizations import get_organization, list_contacts
from portico_sdk import AdapterSpec

_WHO = {
    "setup_link": "an administrator, by a setup link",
    "operator": "an operator",
    "api_key": "an operator's program",
    "cli": "an operator, on the command line",
    "system": "the daily reading of the provider's metadata",
    "person": "a person signing in",
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
    what = ", ".join(labels.get(name, name) for name in names)
    announce(around, row, "Sign-in settings were changed", ("What changed", what), actor=actor, now=now)


def announce(
    around: Surroundings, row: Connection, subject: str, what: tuple[str, str], *, actor: Actor, now: datetime
) -> None:
    """Write to every contact and operator about one connection. Inside `transaction()` only."""
    organization = get_organization(row.organization_id)
    letter = Letter(
        subject=f"{subject} for {organization.name}",
        paragraphs=("This decides who can sign in. If you know about it, there is nothing to do.",),
        facts=(
            ("Organization", organization.name),
            ("Connection", row.name),
            what,
            ("By", _by(actor)),
            ("When", f"{now:%d %b %Y, %H:%M} UTC"),
        ),
        closing=(
            "If you did not expect this, tell us at once: the version before can be brought back with one click.",
            "You get this because every contact and operator is told of changes of trust.",
        ),
    )
    addresses = [contact.email for contact in list_contacts(row.organization_id)]
    for address in dict.fromkeys([*addresses, *around.operators()]):
        around.outbox.add(address, letter, organization_id=row.organization_id, now=now)


def _by(actor: Actor) -> str:
    return f"{_WHO[actor.kind]} ({actor.label})" if actor.label else _WHO[actor.kind]
