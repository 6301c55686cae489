"""What is sent and compared: the recommendation is ours, everything else goes back as it came (facts, section 3)."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.auth0.wanted import (
    COPIED,
    UNWANTED,
    WantedConnection,
    changed_connection,
    find_copied_differences,
    find_differences,
    list_old_members,
    merge,
    new_connection,
)
from app.provider.discovery import build_discovery

ISSUER = "https://sso.portico.example"
WANTED = WantedConnection(ISSUER, "portico", "cli-1", "client_secret_post", f"{ISSUER}/", "s3cret")
VALUES = st.recursive(
    st.none() | st.booleans() | st.text(max_size=4),
    lambda inner: st.dictionaries(st.text(max_size=4), inner, max_size=3),
)


def stored(**options: Any) -> dict[str, Any]:
    """Our connection as Auth0 has it, with these options beside."""
    made = deepcopy(new_connection(WANTED))
    discovery = build_discovery(ISSUER)
    copied = {name: discovery[name] for name in COPIED}
    return {**made, "id": "con_1", "options": {**made["options"], **copied, "oidc_metadata": discovery, **options}}


def test_what_was_just_made_differs_in_nothing() -> None:
    assert find_differences(stored(), WANTED) == ()
    assert find_copied_differences(stored(), build_discovery(ISSUER)) == ()


def test_a_secret_is_in_no_difference_and_no_repr() -> None:
    assert "s3cret" not in repr(WANTED)
    assert all("secret" not in one.path for one in find_differences(stored(client_secret="x"), WANTED))


@given(st.dictionaries(st.text(min_size=1, max_size=6), VALUES, max_size=4))
def test_others_options_survive_a_change(others: dict[str, Any]) -> None:
    """PATCH replaces `options` as a whole (section 3.1)."""
    ours = set(new_connection(WANTED)["options"]) | set(UNWANTED) | {*COPIED, "oidc_metadata"}
    others = {name: value for name, value in others.items() if name not in ours}
    body = changed_connection(stored(**others), WANTED, read_again=False)
    assert {name: body["options"][name] for name in others} == others
    again = {**stored(**others), **body}
    assert find_differences(again, WANTED) == ()


def test_reading_the_document_anew_leaves_out_the_copy() -> None:
    body = changed_connection(stored(), WANTED, read_again=True)
    assert not {*COPIED, "oidc_metadata"} & set(body["options"])


def test_a_display_name_is_sent_back_or_auth0_would_reset_it() -> None:
    assert changed_connection({**stored(), "display_name": "Work"}, WANTED, read_again=False)["display_name"] == "Work"


def test_merging_changes_neither_side() -> None:
    one, other = {"a": {"b": [1]}}, {"a": {"c": [2]}}
    merged = merge(one, other)
    merged["a"]["b"].append(3)
    assert (one, other) == ({"a": {"b": [1]}}, {"a": {"c": [2]}})


def test_a_member_that_auth0_only_keeps_may_be_old() -> None:
    """A newer Portico says more in its document; that alone makes no trust red."""
    discovery = build_discovery(ISSUER)
    old = {name: value for name, value in discovery.items() if name != "prompt_values_supported"}
    old["claims_supported"] = ["sub"]
    made = stored(oidc_metadata=old)
    assert find_copied_differences(made, discovery) == ()
    assert list_old_members(made, discovery) == ["claims_supported", "prompt_values_supported"]
    del old["code_challenge_methods_supported"]
    assert [one.path for one in find_copied_differences(made, discovery)] == [
        "options.oidc_metadata.code_challenge_methods_supported"
    ]
