"""Google over OpenID Connect.

One issuer serves every Google account there is, private ones too: which organization a person belongs to is the claim `hd`,
and it is compared here, on the server; the parameter of that name only tells Google which account to offer. `sub` is never
given to another person. There are no groups.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from portico_google.explanations import OIDC_ROWS
from portico_google.oidc_steps import STEPS
from portico_oidc import CAPABILITIES, FIELDS, OidcAdapter, OidcPolicy
from portico_sdk import AdapterSpec, ClaimRule, Explainer, FieldProblem, Forms, SettingField, Transform, change_fields

ISSUER = "https://accounts.google.com"
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}")

SETTINGS = (
    *change_fields(
        FIELDS,
        {
            "issuer": {
                "default": ISSUER,
                "editable_by": "operator",
                "help": "The same for everybody.",
                "example": ISSUER,
            },
            "fetch_userinfo": {"default": False, "help": "The ID token has everything already."},
        },
    ),
    SettingField(
        "hosted_domains",
        "list",
        "Google Workspace domains",
        required=True,
        editable_by="customer",
        help="Your organization's domains in Google Workspace. Accounts of other domains, and private ones, are refused.",
        example="example.com",
    ),
)


def check_domains(settings: Mapping[str, Any]) -> Iterable[FieldProblem]:
    """Return the problem of a text that is no domain; a claim could never equal it."""
    for domain in settings.get("hosted_domains") or ():
        if not _DOMAIN.fullmatch(domain):
            yield FieldProblem(
                "hosted_domains", "domain", "Give a domain, such as example.com, without @ and https://."
            )


POLICY = OidcPolicy(
    matching_claims={"hd": "hosted_domains"},
    issuer_spellings={ISSUER: ("accounts.google.com",)},
    parameters={"hd": "hosted_domains"},
    single_parameters=frozenset({"hd"}),
    lower_case=frozenset({"hosted_domains"}),
    check_settings=check_domains,
)

CLAIM_RULES = (ClaimRule("email", ("email",), (Transform("trim"), Transform("lower"))),)

FORMS = Forms(entity_ids=(r"https://accounts\.google\.com/?",))

OIDC = AdapterSpec(
    key="google-oidc",
    label="Google (OpenID Connect)",
    protocol="oidc",
    adapter=OidcAdapter(SETTINGS, policy=POLICY, forms=FORMS, explainer=Explainer(OIDC_ROWS)),
    settings=SETTINGS,
    setup_steps=STEPS,
    claim_rules=CLAIM_RULES,
    capabilities=CAPABILITIES,
)
