"""What the pages of a set-up are called, by the names that links remember them by."""

from __future__ import annotations

from typing import Final

from app.translations import Words, marked

STEPS: Final = {
    "tasks": marked("Task list"),
    "provider": marked("Provider"),
    "domains": marked("Domains"),
    "contacts": marked("Contacts"),
    "mapping": marked("Mapping"),
    "roles": marked("Roles"),
    "test": marked("Test"),
    "activate": marked("Turning it on"),
    "certificates": marked("Certificates"),
}


def name_of_step(step: str, words: Words) -> str:
    """Return what people call a step; a step of an adapter by its own name, readable."""
    if step in STEPS:
        return words(STEPS[step])
    return step.removeprefix("step-").replace("-", " ").replace("_", " ")
