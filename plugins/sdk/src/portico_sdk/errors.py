"""What an adapter may raise.

AdapterError
├── SettingsError            the settings cannot work; one FieldProblem per field
├── MetadataError            the document is not usable identity provider metadata
├── PasteError               the pasted text is nothing that this provider sends
└── SignInRefused            this sign-in is not accepted
    ├── ProviderRefused      the identity provider itself answered with an error
    └── ProviderUnreachable  the identity provider could not be asked

Anything else an adapter raises becomes a failed sign-in with a reference id, never a login and never a 500 page.
"""

from __future__ import annotations

from dataclasses import dataclass


class AdapterError(Exception):
    """Root of all errors of the contract.

    Args:
        code: kebab-case, stable, at most 60 characters; documentation hangs on it.
        detail: the precise reason for the operator's trace; may quote received values, never secrets.
        hint: one sentence for whoever can fix it.
    """

    def __init__(self, code: str, detail: str, *, hint: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.hint = hint


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one setting.

    Args:
        field: its name.
        code: kebab-case, stable.
        message: a sentence for the person who typed it.
    """

    field: str
    code: str
    message: str


class SettingsError(AdapterError):
    """The settings cannot work. `problems` names every field at fault, not only the first."""

    def __init__(self, *problems: FieldProblem) -> None:
        self.problems = problems
        super().__init__("settings-invalid", "; ".join(f"{p.field}: {p.message}" for p in problems))


class MetadataError(AdapterError):
    """The document is not usable metadata; `detail` says what it is instead, in words the customer understands."""


class PasteError(AdapterError):
    """The pasted text is nothing that this provider sends; `detail` says what it is instead, and repeats none of it."""


class SignInRefused(AdapterError):
    """This sign-in is not accepted. The person sees one constant sentence; `code` and `detail` go to the trace."""


class ProviderRefused(SignInRefused):
    """The identity provider answered with an error of its own (a SAML status, an OAuth error)."""


class ProviderUnreachable(SignInRefused):
    """The identity provider, or a document of its, could not be fetched within the limits."""
