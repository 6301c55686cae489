"""Acts on organizations, their domains, contacts and set-up links."""

from __future__ import annotations

from app.console.acts.act import Act, Extra

ONE = "/organizations/{organization_id}"
DOMAIN, CONTACT, LINK = f"{ONE}/domains/{{domain}}", f"{ONE}/contacts/{{contact_id}}", f"{ONE}/setup-links/{{link_id}}"

ACTS = (
    Act(
        f"{ONE}/disable",
        ("organization", "get"),
        ("organization", "update"),
        "Disable {name}",
        (
            "Every sign-in of this organization is refused from this moment, also those under way.",
            "Sessions of its people end. Set-up links stay open.",
            "Nothing is deleted, and you can enable it again.",
        ),
        "Disable this organization",
        f"{ONE}/settings",
        then=ONE,
        type_out="name",
        take=lambda said, path: {"status": "disabled"},
    ),
    Act(
        f"{ONE}/end-sessions",
        ("organization", "get"),
        ("organization", "end-sessions"),
        "Sign people of {name} out",
        (
            "Their sessions here end at once, and clients that can be told, such as Auth0, hear of it.",
            "Whoever may still sign in at the provider can do so again at once.",
        ),
        "Sign them out",
        f"{ONE}/settings",
        then=ONE,
        type_out="name",
        fresh=False,
        extras=(Extra("email", "text", "E-mail of the person", "Empty: everybody of this organization."),),
        take=lambda said, path: {"email": email} if (email := said.get("email", "").strip()) else {"everyone": True},
    ),
    Act(
        f"{ONE}/delete",
        ("organization", "get"),
        ("organization", "delete"),
        "Delete {name}",
        (
            "The organization with its domains, contacts and set-up links is gone for good.",
            "This is refused while it has connections.",
        ),
        "Delete this organization",
        f"{ONE}/settings",
        then="/organizations",
        type_out="name",
    ),
    Act(
        f"{DOMAIN}/remove",
        ("domain", "get"),
        ("domain", "remove"),
        "Take {domain} away",
        (
            "E-mail addresses of {domain} lead nobody to this organization any more, and count as unverified.",
            "Where the organization has other verified domains, people with such addresses are refused, unless its policy "
            "lets them pass.",
            "Another organization may claim the domain then.",
        ),
        "Take the domain away",
        f"{ONE}/domains",
        type_out="domain",
    ),
    Act(
        f"{DOMAIN}/vouch",
        ("domain", "get"),
        ("domain", "add"),
        "Vouch for {domain}",
        (
            "The domain counts as verified without a DNS record: whoever this organization's provider sends with such an "
            "address has it.",
            "It is not looked for in DNS any more.",
        ),
        "Vouch for it",
        f"{ONE}/domains",
        on=("organization_id",),
        mild=True,
        take=lambda said, path: {"domain": path["domain"], "verified": True},
    ),
    Act(
        f"{DOMAIN}/move",
        ("domain", "find"),
        ("domain", "move"),
        "Move {domain} to {here}",
        (
            "{organization} loses the domain: e-mail addresses of it lead nobody there any more, and its people with such "
            "addresses are refused.",
            "{here} has it from this moment, vouched for by you, without a DNS record.",
        ),
        "Move the domain",
        f"{ONE}/domains",
        about=("domain",),
        type_out="domain",
    ),
    Act(
        f"{CONTACT}/remove",
        ("contact", "get"),
        ("contact", "remove"),
        "Write to {name} no more",
        ("{email} hears of no certificate, domain or change of trust any more.",),
        "Remove this contact",
        f"{ONE}/contacts",
    ),
    Act(
        f"{LINK}/revoke",
        ("setup-link", "get"),
        ("setup-link", "revoke"),
        "Revoke a set-up link",
        (
            "The link and every visit that it began end at once. Links that its visitor passed on end too.",
            "What was set up with it stays.",
        ),
        "Revoke the link",
        f"{ONE}/setup-links",
        fresh=False,
    ),
)
