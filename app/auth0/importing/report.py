"""What an import says: plain data for programs, lines for people. Holds no secret."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from app.auth0.importing.plan import Planned
from app.auth0.importing.proposal import ACS_URL, METADATA_URL, REDIRECT_URI, Verdict

Outcome = Literal["planned", "created", "already", "skipped", "failed"]

_ORDER: Mapping[str, int] = {verdict: number for number, verdict in enumerate(get_args(Verdict))}
_HEADINGS: Mapping[str, str] = {
    "nothing": "need to do nothing",
    "one-thing": "need to do one thing",
    "new-setup": "need a new set-up",
    "not-migratable": "cannot be moved",
}
_UNKNOWN = {ACS_URL: "the draft's ACS URL", METADATA_URL: "the draft's metadata URL",
            REDIRECT_URI: "the draft's redirect URI"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One connection of the tenant. Ids are there once it is imported."""

    name: str
    strategy: str
    source_id: str | None
    customer: str
    verdict: Verdict
    must_change: str
    outcome: Outcome
    adapter: str | None = None
    carries: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    confirm: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    certificates: tuple[dict[str, str], ...] = ()
    legacy_prefix: str | None = None
    legacy_source: str | None = None
    import_id: str | None = None
    organization_id: str | None = None
    connection_id: str | None = None
    service_provider: Mapping[str, str] = field(default_factory=dict)


def make_row(planned: Planned, outcome: Outcome, *, notes: Iterable[str] = (), **found: Any) -> Row:
    """Return the row of one connection; addresses in its sentences are the draft's where there is one."""
    existing, proposal = planned.existing, planned.proposal
    customer = existing.organizations[0].name if len(existing.organizations) == 1 else existing.display_name
    provider: Mapping[str, str] = found.get("service_provider", {})
    return Row(
        name=existing.name,
        strategy=existing.strategy,
        source_id=existing.source_id,
        customer=customer,
        verdict=proposal.verdict,
        must_change=fill_in(proposal.must_change, provider),
        outcome=outcome,
        adapter=proposal.adapter,
        carries=proposal.carries,
        lost=proposal.lost,
        confirm=tuple(fill_in(sentence, provider) for sentence in proposal.confirm),
        notes=tuple(notes),
        certificates=tuple(_certificate(one) for one in proposal.certificates),
        legacy_prefix=proposal.legacy.prefix if proposal.legacy else None,
        legacy_source=proposal.legacy.source if proposal.legacy else None,
        **found,
    )


def fill_in(sentence: str, provider: Mapping[str, str]) -> str:
    """Return the sentence with the draft's addresses in their places."""
    for place, unknown in _UNKNOWN.items():
        sentence = sentence.replace(place, provider.get(place.strip("{}")) or unknown)
    return sentence


def make_report(tenant: str, rows: Sequence[Row], *, dry_run: bool) -> dict[str, Any]:
    """Return the report in its stable shape, ready for JSON."""
    return {
        "tenant": tenant,
        "dry_run": dry_run,
        "customers": _count_customers(rows),
        "outcomes": dict(sorted(Counter(row.outcome for row in rows).items())),
        "to_confirm": sum(1 for row in rows if row.confirm),
        "connections": [asdict(row) for row in rows],
    }


def write_lines(report: Mapping[str, Any]) -> Iterator[str]:
    """Yield the report as lines for people: how many, then each connection with what its customer must do.

    What others chose is shown, never acted on: a terminal obeys control characters.
    """
    for line in _lines(report):
        yield "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in line)


def _lines(report: Mapping[str, Any]) -> Iterator[str]:
    counts = report["customers"]
    yield f"{report['tenant']}: {sum(counts.values())} customers"
    for verdict, heading in _HEADINGS.items():
        if counts[verdict]:
            yield f"  {counts[verdict]:>5} {heading}"
    for row in sorted(report["connections"], key=lambda row: (_ORDER[row["verdict"]], row["name"])):
        yield ""
        yield f"{row['name']} ({row['strategy']}) {row['customer']}: {row['verdict']}, {row['outcome']}"
        yield f"  customer: {row['must_change']}"
        for label, sentences in (("confirm", row["confirm"]), ("kept", row["carries"]), ("not kept", row["lost"])):
            for sentence in sentences:
                yield f"  {label}: {sentence}"
        for one in row["certificates"]:
            yield f"  certificate: {one['subject']}, until {one['not_after'][:10]}, SHA-256 {one['sha256'][:16]}…"
        for note in row["notes"]:
            yield f"  note: {note}"
        if row["connection_id"]:
            yield f"  draft: {row['connection_id']} of {row['organization_id']} ({row['adapter']})"


def _count_customers(rows: Sequence[Row]) -> dict[str, int]:
    """A customer with several connections counts once, by the one that asks for most."""
    worst: dict[str, str] = {}
    for row in rows:
        key = row.organization_id or row.customer
        if _ORDER[row.verdict] >= _ORDER[worst.get(key, "nothing")]:
            worst[key] = row.verdict
    counted = Counter(worst.values())
    return {verdict: counted[verdict] for verdict in _ORDER}


def _certificate(certificate: Any) -> dict[str, str]:
    return {
        "subject": certificate.subject,
        "sha256": certificate.sha256,
        "not_before": _time(certificate.not_before),
        "not_after": _time(certificate.not_after),
    }


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
