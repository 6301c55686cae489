"""The whole setup on one page: to print, and as PDF to keep beside a console that has no way here."""

from __future__ import annotations

from app.organizations import Domain
from app.portal.guide import make_guide
from app.portal.setup import load_setup
from app.portal.turn import Answer, File, Shown, Turn
from app.translations import Words
from app.web.colors import OURS, fill_of


def show(turn: Turn, connection_id: str) -> Answer:
    """Show the whole wizard with this customer's values."""
    setup = load_setup(turn, connection_id)
    return Shown("portal/guide.html", {"setup": setup, "tasks": setup.tasks, "domains": _domains(turn)})


def pdf(turn: Turn, connection_id: str) -> Answer:
    """Give the same as a file. Who may see the page may have it: the route says so, as the page's does.

    Raises TooManyDocuments.
    """
    setup, organization = load_setup(turn, connection_id), turn.desk.organization()
    turn.portal.documents.note(turn.visit.link_id, turn.now)
    brand = turn.portal.brands.of(organization.id)
    logo = turn.portal.brands.png_of(organization.id)
    domains = _domains(turn)

    def write(language: str) -> bytes:
        from app.portal.guide_pdf import write_pdf  # its library costs every process memory and time to start

        words = Words(language)
        ends = turn.visit.link_expires_at
        made = make_guide(setup, organization.name, domains, words, now=turn.now, link_ends=ends)
        fill, _ = fill_of(brand.color or OURS)
        return write_pdf(
            made, words, brand=brand.name, fill=fill, base_url=turn.portal.base_url, now=turn.now, logo=logo
        )

    return File(f"sso-setup-{setup.spec.key}.pdf", "application/pdf", write)


def _domains(turn: Turn) -> list[Domain]:
    """Those that wait for a record; none when the link does not open domains."""
    return [domain for domain in turn.desk.domains() if domain.status == "pending" and not domain.vouched]
