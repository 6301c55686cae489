"""What an e-mail address is worth: the rules of trust about domains.

`email_verified` is true only when the exact domain is verified for this organization and the provider did not say false.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.errors import SignInFailed
from app.organizations import find_domain_standing
from app.signin.route import email_domain


class EmailRefused(SignInFailed):
    """The identity carries an e-mail address that it may not carry."""


def verify_email(
    email: str | None, *, organization_id: str, policy: Mapping[str, object], said_verified: bool | None
) -> bool | None:
    """Return whether the address counts as verified, or None when there is none.

    Raises:
        EmailRefused: its domain belongs to another organization; or nobody verified it although this organization has
            verified domains and its policy does not allow others.
    """
    if email is None:
        return None
    domain = email_domain(email)
    standing = find_domain_standing(domain or "", organization_id)
    owner = standing.owner
    if owner is not None and owner.organization_id != organization_id:
        raise EmailRefused(f"{domain} is verified for another organization", code="email-domain-foreign")
    if owner is None:
        if standing.organization_owns_any and policy.get("allow_unverified_email") is not True:
            raise EmailRefused(f"nobody verified the domain of {email[:120]!r}", code="email-domain-unverified")
        return False
    return owner.status == "verified" and said_verified is not False
