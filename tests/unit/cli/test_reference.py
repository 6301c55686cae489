"""Pages that list what the code has cannot drift: they are written from it, and this asks whether they are current."""

from __future__ import annotations

from pathlib import Path

from app.cli.error_codes import ErrorCode, find_error_codes
from app.cli.reference import FOLDER, PAGES, find_old_pages


def test_docs_reference_is_current() -> None:
    """Run `make reference` when this fails."""
    assert find_old_pages() == []
    assert {path.name for path in FOLDER.iterdir()} == set(PAGES)


def test_codes_are_found_in_every_form_the_source_has(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        "class Gone(Conflict):\n    '''It went.'''\n    code = 'gone'\n"
        "class EmailRefused(SignInFailed):\n    code = 'email-x'\n    public = 'No.'\n"
        "class Reason(StrEnum):\n    A = 'saml-a', 'Not so.'\n"
        "REASONS: Mapping[str, str] = {'oidc-b': 'Do this.'}\n"
        "raise Conflict(f'{x} is taken', code='taken', hint='Choose another.')\n"
        "raise SignInFailed(f'{x} raised', code='adapter-x')\n"
        "raise SignInRefused('kit-c', 'why')\n"
        "Problem('name', 'name-y', f'At most {n}.')\n"
    )
    assert find_error_codes([tmp_path]) == [
        ErrorCode("request", "gone", "It went."),
        ErrorCode("request", "taken", "Choose another."),
        ErrorCode("sign-in", "adapter-x", "… raised"),
        ErrorCode("sign-in", "email-x", "No."),
        ErrorCode("sign-in", "kit-c", "why"),
        ErrorCode("sign-in", "oidc-b", "Do this."),
        ErrorCode("sign-in", "saml-a", "Not so."),
        ErrorCode("value", "name-y", "At most …."),
    ]
