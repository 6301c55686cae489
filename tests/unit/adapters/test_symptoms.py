"""The table of mistakes and symptoms of all providers: every row is explained, with its causes, by the right adapter.

Section 13 of the provider facts; sections 2, 3 and 4 are with their adapters.
"""

from __future__ import annotations

import pytest

from app.adapters import Registry
from portico_sdk import Failure

SPECS = {one.spec.key: one.spec for one in Registry.load(frozenset()).specs()}

#: symptom, failure, adapter, words that one of its causes (or the way) has to hold
ROWS = [
    ("metadata is a page", Failure("metadata-html"), "saml", "console"),
    ("metadata is a page", Failure("outbound-document", "x answered 404"), "okta-saml", "not published"),
    ("metadata is unreachable", Failure("outbound-name-unknown"), "adfs-saml", "only inside the company"),
    ("metadata is unreachable", Failure("metadata-unreachable"), "adfs-saml", "only inside the company"),
    ("no provider in metadata", Failure("metadata-no-provider"), "saml", "Our own metadata"),
    ("no provider in metadata", Failure("metadata-no-provider"), "entra-saml", "tenant's document"),
    ("no provider in metadata", Failure("metadata-no-provider"), "saml", "many organizations"),
    ("no response", Failure("no-response"), "okta-saml", "not assigned"),
    ("no response", Failure("no-response"), "entra-saml", "AADSTS50105"),
    ("no response", Failure("no-response"), "google-saml", "User access is OFF"),
    ("no response", Failure("no-response"), "ping-saml", "switch is off"),
    ("no response", Failure("no-response"), "onelogin-saml", "roles"),
    ("no response", Failure("no-response"), "jumpcloud-saml", "groups"),
    ("no response", Failure("no-response"), "saml", "entity ID"),
    ("no valid audience", Failure("saml-audience"), "saml", "swapped"),
    ("no valid audience", Failure("saml-audience"), "okta-saml", "slash at the end"),
    ("no valid audience", Failure("saml-audience"), "entra-saml", "spn:"),
    ("received elsewhere", Failure("saml-destination"), "saml", "proxy"),
    ("received elsewhere", Failure("saml-recipient"), "okta-saml", "old address"),
    ("invalid issuer", Failure("issuer-mismatch"), "entra-saml", "sts.windows.net"),
    ("invalid issuer", Failure("issuer-mismatch"), "adfs-saml", "http://"),
    ("invalid issuer", Failure("issuer-mismatch"), "okta-saml", "Okta organization"),
    ("invalid issuer", Failure("issuer-mismatch"), "jumpcloud-saml", "free text"),
    ("signature fails", Failure("saml-signature"), "saml", "renewed"),
    ("signature fails", Failure("saml-signature"), "entra-saml", "tenant's certificates"),
    ("signature fails", Failure("saml-signature"), "okta-saml", "a part of it"),
    ("signature fails", Failure("saml-signature"), "google-saml", "proxy"),
    ("NameID policy", Failure("saml-status", "Requester / InvalidNameIDPolicy"), "adfs-saml", "NameID format"),
    ("NameID policy", Failure("saml-status", "Requester / InvalidNameIDPolicy"), "saml", "no e-mail"),
    ("AuthnFailed", Failure("saml-status", "Responder / AuthnFailed"), "saml", "assigned"),
    ("NoAuthnContext", Failure("saml-status", "Responder / NoAuthnContext"), "saml", "authentication context"),
    ("NoPassive", Failure("saml-status", "Responder / NoPassive"), "saml", "without being seen"),
    ("no e-mail or name", Failure("claim-missing"), "saml", "not mapped"),
    ("no e-mail or name", Failure("claim-missing"), "entra-saml", "no mailbox"),
    ("no e-mail or name", Failure("claim-missing"), "onelogin-saml", "Include in SAML assertion"),
    ("groups are missing", Failure("groups-incomplete"), "entra-saml", "nested groups"),
    ("groups are missing", Failure("groups-missing"), "google-saml", "only the groups that were chosen"),
    ("groups are missing", Failure("groups-missing"), "okta-saml", "Group Attribute Statements"),
    ("groups are missing", Failure("groups-missing"), "adfs-saml", "rule"),
    ("no decryption", Failure("saml-decryption"), "saml", "old certificate"),
    ("no decryption", Failure("saml-decryption"), "okta-saml", "algorithm"),
    ("times", Failure("time-window"), "saml", "clock"),
    ("times", Failure("time-window"), "adfs-saml", "no difference at all"),
    ("times", Failure("time-window"), "keycloak-saml", "one minute"),
    ("times", Failure("time-window"), "okta-saml", "waited long"),
    ("loop", Failure("sign-in-loop"), "saml", "cookies"),
    ("loop", Failure("sign-in-loop"), "adfs-saml", "cookies"),
    ("loop", Failure("saml-status", "MSIS7042"), "adfs-saml", "cookies"),
    ("a person twice", Failure("scim-duplicated"), "saml", "userName"),
    ("a person twice", Failure("scim-duplicated"), "entra-saml", "mailNickname"),
    ("a person stays", Failure("scim-not-deactivated"), "okta-saml", "suspended"),
    ("a person stays", Failure("scim-not-deactivated"), "saml", "suspends"),
]


@pytest.mark.parametrize(("symptom", "failure", "adapter", "words"), ROWS)
def test_a_symptom_has_its_cause(symptom, failure, adapter, words):
    """What somebody sees leads to what somebody did, and to the place where it is undone."""
    found = SPECS[adapter].adapter.explain(failure)  # type: ignore[attr-defined]
    assert found is not None
    assert any(words in cause for cause in found.causes), found.causes
    assert found.fix
    assert adapter == "saml" or found.where or found.code.startswith(("saml-", "time-", "unreachable")), found


ANYWHERE = sorted({row[1] for row in ROWS if not row[1].code.startswith(("saml-", "time-"))}, key=str)


@pytest.mark.parametrize("key", sorted(SPECS))
@pytest.mark.parametrize("failure", ANYWHERE)
def test_every_symptom_is_explained_by_every_adapter(key, failure):
    """Except those of the wire of SAML, for which OpenID Connect has codes of its own."""
    assert SPECS[key].adapter.explain(failure) is not None  # type: ignore[attr-defined]
