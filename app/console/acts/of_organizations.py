"""Acts on organizations, their domains, contacts and set-up links."""

from __future__ import annotations

from app.console.acts.act import Act, Extra
from app.translations import marked

ONE = "/organizations/{organization_id}"
DOMAIN, CONTACT, LINK = f"{ONE}/domains/{{domain}}", f"{ONE}/contacts/{{contact_id}}", f"{ONE}/setup-links/{{link_id}}"

ACTS = (
    Act(
        f"{ONE}/disable",
        ("organization", "get"),
        ("organization", "update"),
        marked("Disable %(name)s"),
        (
            "Every sign-in of this organization is refused from this moment, also those under way.",
            "Sessions of its people end. Set-up links stay open.",
            "Nothing is deleted, and you can enable it again.",
        ),
        marked("Disable this organization"),
        f"{ONE}/settings",
        then=ONE,
        type_out="name",
        take=lambda said, path: {"status": "disabled"},
    ),
    Act(
        f"{ONE}/end-sessions",
        ("organization", "get"),
        ("organization", "end-sessions"),
        marked("Sign people of %(name)s out"),
        (
            "Their sessions here end at once, and clients that can be told, such as Auth0, hear of it.",
            "Whoever may still sign in at the provider can do so again at once.",
        ),
        marked("Sign them out"),
        f"{ONE}/settings",
        then=ONE,
        type_out="name",
        fresh=False,
        extras=(Extra("email", "text", marked("E-mail of the person"), "Empty: everybody of this organization."),),
        take=lambda said, path: {"email": email} if (email := said.get("email", "").strip()) else {"everyone": True},
    ),
    Act(
        f"{ONE}/delete",
        ("organization", "get"),
        ("organization", "delete"),
        marked("Delete %(name)s"),
        (
            "The organization with its domains, contacts and set-up links is gone for good.",
            "This is refused while it has connections.",
        ),
        marked("Delete this organization"),
        f"{ONE}/settings",
        then="/organizations",
        type_out="name",
    ),
    Act(
        f"{DOMAIN}/remove",
        ("domain", "get"),
        ("domain", "remove"),
        marked("Take %(domain)s away"),
        (
            "E-mail addresses of %(domain)s lead nobody to this organization any more, and count as unverified.",
            "Where the organization has other verified domains, people with such addresses are refused, unless its policy "
            "lets them pass.",
            "Another organization may claim the domain then.",
        ),
        marked("Take the domain away"),
        f"{ONE}/domains",
        type_out="domain",
    ),
    Act(
        f"{DOMAIN}/vouch",
        ("domain", "get"),
        ("domain", "add"),
        marked("Vouch for %(domain)s"),
        (
            "The domain counts as verified without a DNS record: whoever this organization's provider sends with such an "
            "address has it.",
            "It is not looked for in DNS any more.",
        ),
        marked("Vouch for it"),
        f"{ONE}/domains",
        on=("organization_id",),
        mild=True,
        take=lambda said, path: {"domain": path["domain"], "verified": True},
    ),
    Act(
        f"{DOMAIN}/move",
        ("domain", "find"),
        ("domain", "move"),
        marked("Move %(domain)s to %(here)s"),
        (
            "%(organization)s loses the domain: e-mail addresses of it lead nobody there any more, and its people with "
            "such addresses are refused.",
            "%(here)s has it from this moment, vouched for by you, without a DNS record.",
        ),
        marked("Move the domain"),
        f"{ONE}/domains",
        about=("domain",),
        type_out="domain",
    ),
    Act(
        f"{CONTACT}/remove",
        ("contact", "get"),
        ("contact", "remove"),
        marked("Write to %(name)s no more"),
        ("%(email)s hears of no certificate, domain or change of trust any more.",),
        marked("Remove this contact"),
        f"{ONE}/contacts",
    ),
    Act(
        f"{LINK}/revoke",
        ("setup-link", "get"),
        ("setup-link", "revoke"),
        marked("Revoke a set-up link"),
        (
            "The link and every visit that it began end at once. Links that its visitor passed on end too.",
            "What was set up with it stays.",
        ),
        marked("Revoke the link"),
        f"{ONE}/setup-links",
        fresh=False,
    ),
)
