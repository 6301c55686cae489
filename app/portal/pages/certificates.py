"""Renewing a certificate: the new one beside the old one, a test, and then the old one goes."""

from __future__ import annotations

from base64 import b64encode

from app.errors import Conflict, Invalid, Problem
from app.portal.setup import load_setup
from app.portal.turn import Answer, Onward, Shown, Turn, problems_of


def show(turn: Turn, connection_id: str, problems: tuple[Problem, ...] = (), refused: Conflict | None = None) -> Answer:
    """Show every certificate with its state, and ask for another one."""
    setup = load_setup(turn, connection_id)
    turn.portal.links.note_step(turn.visit, "certificates", now=turn.now)
    values = {
        "setup": setup,
        "tasks": (),
        "certificates": turn.desk.certificates(connection_id, now=turn.now),
        "watch": turn.desk.watch(connection_id),
        "drafted": bool(setup.described.get("draft")),
        "tested": bool(setup.described["tested"]),
        "code_needed": turn.desk.code_needed(connection_id),
        "refused": refused,
        "typed": "" if any(p.code == "private-key" for p in problems) else turn.form.get("certificate", ""),
    }
    return Shown("portal/certificates.html", values, problems, 200 if refused is None else 409)


def add(turn: Turn, connection_id: str) -> Answer:
    """Put a certificate beside the present ones: pasted, or as a file in either form."""
    uploaded, pasted = turn.files.get("file", b""), turn.form.get("certificate", "").strip()
    written = pasted or read_certificate_file(uploaded)
    if not written:
        return show(
            turn, connection_id, (Problem("certificate", "required", "Paste a certificate, or choose a file."),)
        )
    try:
        turn.desk.add_certificates(connection_id, written, now=turn.now)
    except Invalid as error:
        return show(turn, connection_id, tuple(Problem("certificate", p.code, p.message) for p in problems_of(error)))
    return Onward(f"/setup/{connection_id}/certificates")


def retire(turn: Turn, connection_id: str, sha256: str) -> Answer:
    """Trust a certificate no more."""
    try:
        turn.desk.retire_certificate(connection_id, sha256, now=turn.now)
    except Conflict as error:
        return show(turn, connection_id, refused=error)
    return Onward(f"/setup/{connection_id}/certificates")


def read_again(turn: Turn, connection_id: str) -> Answer:
    """Read the provider's metadata at once."""
    turn.desk.read_metadata(connection_id, now=turn.now)
    return Onward(f"/setup/{connection_id}/certificates")


def read_certificate_file(uploaded: bytes) -> str:
    """Return a file as text: what is binary (.cer in DER) as base64, which is read too; nothing where it is too large."""
    if not uploaded or len(uploaded) > 100_000:
        return ""
    if uploaded[:1] == b"\x30":
        return b64encode(uploaded).decode()
    return uploaded.decode("utf-8-sig", "replace")
