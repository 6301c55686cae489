"""Which attributes identify the person, and the one text that comes of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NoReturn

from portico_saml.reasons import Reason, refuse
from portico_saml.vendor_policy import Attributes, SubjectSource

_LONGEST = 1024


def find_source(sources: Sequence[SubjectSource], attributes: Attributes) -> SubjectSource | None:
    """Return the first source whose attributes all have a value."""
    return next((source for source in sources if all(attributes.get(name) for name in source.attributes)), None)


def read_subject(source: SubjectSource, attributes: Attributes) -> str:
    """Return the subject. Raises Refusal: a value is missing, has a twin, or is not of the source's form."""
    values = []
    for name in source.attributes:
        found = attributes.get(name, ())
        wrong = len(found) != 1 or (source.pattern and not re.fullmatch(source.pattern, found[0]))
        if wrong or (len(source.attributes) > 1 and "+" in found[0]):
            hint = f"Let the provider send {name} with exactly one value."
            received = ", ".join(found)[:200] or "nothing"
            refuse(Reason.SUBJECT_ATTRIBUTE, f"{name} identifies nobody", expected="1", received=received, hint=hint)
        values.append(found[0])
    subject = "+".join(values)
    if len(subject) > _LONGEST:
        refuse(Reason.SUBJECT_ATTRIBUTE, f"{source.name} is too long", expected=f"at most {_LONGEST} characters")
    return subject


def refuse_without(sources: Sequence[SubjectSource], attributes: Attributes) -> NoReturn:
    """Raise the Refusal that names what would identify a person, and what came instead."""
    expected = " or ".join(" and ".join(source.attributes) for source in sources)
    received = ", ".join(sorted(attributes)) or "no attributes"
    hint = f"Let the provider send {expected}."
    refuse(Reason.SUBJECT_ATTRIBUTE, "nothing identifies the person", expected=expected, received=received, hint=hint)
