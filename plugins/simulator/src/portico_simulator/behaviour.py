"""Where an identity provider, or one person of it, leaves the habits of its vendor. Data, in layers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

Signed = Literal["assertion", "response", "both", "none"]
Where = Literal["page", "answer", "token", "userinfo"]


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Deviations from a vendor's habits; what is None or empty stays as the vendor does it.

    Args:
        clock_offset_s: added to every time it writes; negative is a slow clock.
        signed: which SAML elements are signed.
        signs_with: `unpublished` is a key that no document of this identity provider shows.
        signature_algorithm: of SAML; `rsa-sha1` is what applications made years ago still have.
        encrypt: whether SAML assertions are encrypted to the application's certificate.
        encrypt_to: PEM certificate to encrypt to instead: an old one that the application has given up.
        fail_with: one of the vendor's own errors (`AADSTS50105`), a SAML status (last segments of its URNs, outer first,
            with a slash between) or an OAuth error code, answered instead of an identity.
        fail_message: goes with a status or an OAuth code.
        fail_at: where the error appears, when not where the vendor shows it.
        issuer, audience, destination, recipient, in_response_to: written instead of the right one; empty leaves it out.
            Over OpenID Connect issuer and audience are `iss` and `aud`.
        name_id_format, name_id_source: as an administrator chose them; empty is no Format, no NameID.
        authn_statement: whether SAML assertions say when and how the person signed in.
        leave_out: names of attributes or claims that are not sent.
        write: attributes or claims sent instead of the person's own, or beside them.
    """

    clock_offset_s: int | None = None
    signed: Signed | None = None
    signs_with: Literal["unpublished"] | None = None
    signature_algorithm: Literal["rsa-sha1"] | None = None
    encrypt: bool | None = None
    encrypt_to: str | None = None
    fail_with: str | None = None
    fail_message: str = ""
    fail_at: Where | None = None
    issuer: str | None = None
    audience: str | None = None
    destination: str | None = None
    recipient: str | None = None
    in_response_to: str | None = None
    name_id_format: str | None = None
    name_id_source: str | None = None
    authn_statement: bool | None = None
    leave_out: tuple[str, ...] = ()
    write: Mapping[str, Any] = field(default_factory=dict)

    def under(self, other: Behaviour) -> Behaviour:
        """Return this behaviour with everything that `other` says laid over it."""
        said = {entry.name: getattr(other, entry.name) for entry in fields(other)}
        own = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        over = {name: value for name, value in said.items() if value is not None and value not in ("", (), {})}
        over |= {name: "" for name in _BLANK if said[name] == ""}
        over |= {"leave_out": self.leave_out + other.leave_out, "write": {**self.write, **other.write}}
        return Behaviour(**(own | over))


#: Where an empty text means something: leave it out.
_BLANK = (
    "issuer",
    "audience",
    "destination",
    "recipient",
    "in_response_to",
    "name_id_format",
    "name_id_source",
)


def parse_behaviour(raw: Mapping[str, Any]) -> Behaviour:
    """Return the behaviour that a configuration describes. Raises TypeError on an unknown name."""
    given = dict(raw)
    if "leave_out" in given:
        given["leave_out"] = tuple(given["leave_out"])
    return Behaviour(**given)
