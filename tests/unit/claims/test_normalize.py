"""Normalization: the first source that says something wins, and nothing is ever cut short or made up."""

from __future__ import annotations

import pytest

from app.claims import DEFAULT_RULES, Profile, explain, merge_rules, normalize
from portico_sdk import ClaimRule, Transform
from tests.support.columns import identity

XMLSOAP = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
ROLE = "http://schemas.microsoft.com/ws/2008/06/identity/claims"

OKTA_SAML = {"email": ("Jane@Acme.example",), "firstName": ("Jane",), "lastName": ("Doe",), "groups": ("Staff", "Ops")}
ENTRA_SAML = {
    f"{XMLSOAP}/emailaddress": ("jane@acme.example",),
    f"{XMLSOAP}/name": ("jane_upn@acme.example",),
    f"{XMLSOAP}/givenname": ("Jane",),
    f"{XMLSOAP}/surname": ("Doe",),
    "http://schemas.microsoft.com/identity/claims/displayname": ("Jane Doe",),
    f"{ROLE}/groups": ("0f1e", "2d3c"),
    f"{ROLE}/role": ("Admin",),
}
ENTRA_OIDC = {
    "name": ("Jane Doe",),
    "preferred_username": ("jane@acme.example",),
    "oid": ("x",),
    "email": ("j@acme.example",),
}
ADFS = {
    f"{XMLSOAP}/emailaddress": ("jane@acme.example",),
    f"{XMLSOAP}/upn": ("jane@corp.acme.example",),
    "http://schemas.xmlsoap.org/claims/CommonName": ("Jane Doe",),
    "http://schemas.xmlsoap.org/claims/Group": ("Domain Users",),
}
SHIBBOLETH = {
    "urn:oid:0.9.2342.19200300.100.1.3": ("jane@uni.example",),
    "urn:oid:2.5.4.42": ("Jane",),
    "urn:oid:2.5.4.4": ("Doe",),
    "urn:oid:2.16.840.1.113730.3.1.241": ("Jane Doe",),
    "urn:oid:1.3.6.1.4.1.5923.1.1.1.6": ("jd@uni.example",),
    "urn:oid:1.3.6.1.4.1.5923.1.5.1.1": ("staff",),
}
KEYCLOAK_OIDC = {
    "email": ("jane@acme.example",),
    "given_name": ("Jane",),
    "family_name": ("Doe",),
    "preferred_username": ("jane",),
    "realm_access.roles": ("admin", "user"),
    "groups": ("/staff",),
}


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        (
            OKTA_SAML,
            Profile("jane@acme.example", "Jane Doe", "Jane", "Doe", groups=("Staff", "Ops")),
        ),
        (
            ENTRA_SAML,
            Profile(
                "jane@acme.example", "Jane Doe", "Jane", "Doe", "jane_upn@acme.example", ("0f1e", "2d3c"), ("Admin",)
            ),
        ),
        (ENTRA_OIDC, Profile("j@acme.example", "Jane Doe", preferred_username="jane@acme.example")),
        (
            ADFS,
            Profile(
                "jane@acme.example", "Jane Doe", preferred_username="jane@corp.acme.example", groups=("Domain Users",)
            ),
        ),
        (SHIBBOLETH, Profile("jane@uni.example", "Jane Doe", "Jane", "Doe", "jd@uni.example", ("staff",))),
        (
            KEYCLOAK_OIDC,
            Profile(
                "jane@acme.example", "Jane Doe", "Jane", "Doe", "jane", groups=("/staff",), roles=("admin", "user")
            ),
        ),
    ],
    ids=["okta-saml", "entra-saml", "entra-oidc", "adfs-saml", "shibboleth", "keycloak-oidc"],
)
def test_the_default_rules_read_what_vendors_send(attributes: dict[str, tuple[str, ...]], expected: Profile) -> None:
    """Aliases for common attribute names, providers.md sections 1 to 9."""
    assert normalize(DEFAULT_RULES, identity(attributes=attributes)) == expected


def test_no_user_principal_name_counts_as_an_email_address() -> None:
    """nOAuth: Entra's `name` and `upn` look like addresses and are none."""
    sent = {f"{XMLSOAP}/name": ("jane@acme.example",), f"{XMLSOAP}/upn": ("jane@acme.example",)}
    assert normalize(DEFAULT_RULES, identity(attributes=sent)).email is None


def test_a_name_id_counts_as_email_only_when_nothing_better_is_there_and_it_looks_like_one() -> None:
    """Okta's default sends no attributes and the address as NameID; a persistent NameID is none."""
    assert (
        normalize(DEFAULT_RULES, identity(attributes={"NameID": ("Jane@acme.example",)})).email == "jane@acme.example"
    )
    assert normalize(DEFAULT_RULES, identity(attributes={"NameID": ("G-1234",)})).email is None
    both = {"NameID": ("other@acme.example",), "mail": ("jane@acme.example",)}
    assert normalize(DEFAULT_RULES, identity(attributes=both)).email == "jane@acme.example"


def email(*values: str, transforms: tuple[Transform, ...] = ()) -> str | None:
    return normalize((ClaimRule("email", ("mail",), transforms),), identity(attributes={"mail": values})).email


@pytest.mark.parametrize(
    "value",
    [
        "jane",
        "@acme.example",
        "jane@",
        "jane@acme@evil.example",
        "jane @acme.example",
        "jane@acme.example\n",
        "jane@acme.example\x00@evil.example",
        "Jane <jane@acme.example>",
        '"jane@evil.example"@acme.example',
        "jane@acme.example,joe@acme.example",
        "a" * 65 + "@acme.example",
        "jane@" + "a" * 256,
        "jane\u2028@acme.example",
        "\ud800@acme.example",
    ],
)
def test_what_is_not_one_plain_address_is_no_email(value: str) -> None:
    """Half an address is another person's: it is left out, never repaired."""
    assert email(value) is None


def test_the_first_source_that_is_present_and_not_empty_wins() -> None:
    """The contract of ClaimRule; Google sends mapped attributes without any value."""
    rules = (ClaimRule("name", ("a", "b", "c")),)
    assert normalize(rules, identity(attributes={"b": (), "c": ("Jane",)})).name == "Jane"
    assert normalize(rules, identity(attributes={"a": ("", "  "), "c": ("Jane",)})).name == "Jane"
    assert normalize(rules, identity(attributes={"c": ("Jane",), "b": ("Joe",)})).name == "Joe"


def test_a_name_that_nobody_sent_is_made_of_its_parts() -> None:
    """Okta and Keycloak send only the parts; a name that was sent, or dropped for its form, is not replaced."""
    rules = (ClaimRule("name", ("name",)), ClaimRule("given_name", ("first",)), ClaimRule("family_name", ("last",)))
    sent = {"first": ("Jane",), "last": ("Doe",)}
    assert normalize(rules, identity(attributes=sent)).name == "Jane Doe"
    assert normalize(rules, identity(attributes={**sent, "name": ("J. Doe",)})).name == "J. Doe"
    assert normalize(rules, identity(attributes={**sent, "name": ("",)})).name == "Jane Doe"
    assert normalize(rules, identity(attributes={**sent, "name": ("x" * 1025,)})).name is None
    assert normalize(rules, identity(attributes={"last": ("Doe",)})).name == "Doe"
    assert normalize(rules, identity(attributes={"first": ("x" * 1000,), "last": ("y" * 1000,)})).name is None


def test_names_of_attributes_are_compared_exactly() -> None:
    """The contract of ClaimRule: `Mail` is not `mail`."""
    assert normalize((ClaimRule("name", ("mail",)),), identity(attributes={"Mail": ("Jane",)})).name is None


def groups(sent: dict[str, tuple[str, ...]], *incomplete: str, transforms: tuple[Transform, ...] = ()) -> object:
    rules = (ClaimRule("groups", ("groups", "memberOf"), transforms),)
    return normalize(rules, identity(attributes=sent, incomplete=frozenset(incomplete))).groups


def test_an_unknown_list_of_groups_is_absent_never_empty() -> None:
    """Overage (Entra: 150 in SAML, 200 in JWT): outside.md, an unknown group list is absent."""
    assert groups({}, "groups") is None
    assert groups({"groups": ("some",)}, "groups") is None
    assert groups({"memberOf": ("other",)}, "groups") is None
    assert groups({"memberOf": ("half",)}, "memberOf") is None
    assert groups({}) is None


def test_what_was_left_out_behind_the_winning_source_does_not_matter() -> None:
    """Only the sources that could have won are asked."""
    assert groups({"groups": ("staff",)}, "memberOf") == ("staff",)


def test_overage_of_a_source_with_another_name_makes_groups_unknown() -> None:
    """Entra's SAML names the attribute, not the field."""
    rules = (ClaimRule("groups", (f"{ROLE}/groups",)),)
    overage = identity(attributes={}, incomplete=frozenset({f"{ROLE}/groups"}))
    assert normalize(rules, overage).groups is None


def test_a_list_that_the_provider_sent_empty_is_known_to_be_empty() -> None:
    """An empty list is knowledge: the person has no groups."""
    assert groups({"groups": ()}) == ()


def test_groups_keep_their_order_and_come_once() -> None:
    """What arrives is predictable."""
    assert groups({"groups": ("b", "a", "b", " ")}) == ("b", "a")


def test_a_list_that_cannot_be_given_whole_is_absent() -> None:
    """Half a list of groups is a wrong list."""
    assert groups({"groups": tuple(map(str, range(1000)))}) is not None
    assert groups({"groups": tuple(map(str, range(1001)))}) is None
    assert groups({"groups": ("ok", "x" * 1025)}) is None
    assert groups({"groups": ("ok", "line\nbreak")}) is None
    assert groups({"groups": (",".join(map(str, range(5000))),)}, transforms=(Transform("split"),)) is None


def test_a_text_that_is_too_long_is_absent() -> None:
    """Bounded output: 1,024 characters."""
    rules = (ClaimRule("name", ("name",)),)
    assert normalize(rules, identity(attributes={"name": ("x" * 1024,)})).name == "x" * 1024
    assert normalize(rules, identity(attributes={"name": ("x" * 1025,)})).name is None


def step(values: tuple[str, ...], *transforms: Transform) -> object:
    return groups({"groups": values}, transforms=transforms)


def test_each_transform_does_what_the_contract_says() -> None:
    """The closed list of portico_sdk.claims."""
    assert step((" a ", "b"), Transform("trim")) == ("a", "b")
    assert step(("A",), Transform("lower")) == ("a",)
    assert step(("a,b", "c"), Transform("split")) == ("a", "b", "c")
    assert step(("a;b",), Transform("split", ";")) == ("a", "b")
    assert step(("a", "b"), Transform("first")) == ("a",)
    assert step(("CORP\\a", "b"), Transform("strip_prefix", "CORP\\")) == ("a", "b")
    assert step(("a", "b"), Transform("replace", table={"a": "Admins"})) == ("Admins", "b")
    assert step(("a", "b"), Transform("constant", "all")) == ("all",)
    assert step(("a", "b"), Transform("join")) == ("a b",)
    assert step(("a", "b"), Transform("join", "-"), Transform("split", "-"), Transform("first")) == ("a",)


def test_a_constant_needs_nothing_from_the_provider() -> None:
    """`constant`: the value, whatever was sent."""
    rules = (ClaimRule("roles", (), (Transform("constant", "member"),)),)
    assert normalize(rules, identity()).roles == ("member",)


def test_a_field_without_rule_is_absent() -> None:
    """Absence of a rule gives nothing."""
    assert normalize((), identity(attributes=OKTA_SAML)) == Profile()


def test_rules_are_merged_field_by_field() -> None:
    """The connection's rules over the adapter's over the defaults."""
    own = (ClaimRule("email", ("mein-mail",)),)
    vendor = (ClaimRule("email", ("vendor-mail",)), ClaimRule("name", ("vendor-name",)))
    merged = {rule.field: rule.sources for rule in merge_rules(own, vendor, DEFAULT_RULES)}
    assert merged["email"] == ("mein-mail",)
    assert merged["name"] == ("vendor-name",)
    assert "given_name" in merged["given_name"]


def test_an_explanation_tells_source_steps_and_result() -> None:
    """What an operator sees when a mapping surprises."""
    rules = (ClaimRule("email", ("mail",), (Transform("trim"), Transform("lower"))),)
    email_, name, *_ = explain(rules, identity(attributes={"mail": (" Jane@Acme.example ",)}))
    assert (email_.field, email_.source, email_.raw) == ("email", "mail", (" Jane@Acme.example ",))
    assert email_.steps == (("trim", ("Jane@Acme.example",)), ("lower", ("jane@acme.example",)))
    assert email_.result == "jane@acme.example"
    assert (name.field, name.source, name.result) == ("name", None, None)


def test_an_explanation_says_why_something_sent_is_absent() -> None:
    """Dropped values and overage have a remark."""
    sent = identity(attributes={"mail": ("no address",)}, incomplete=frozenset({"groups"}))
    by_field = {one.field: one for one in explain((ClaimRule("email", ("mail",)),), sent)}
    assert by_field["email"].remark
    assert by_field["groups"].remark
