"""Options made of JSON schemas, and what is read from them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pytest

from app.cli.output import _text, show
from app.cli.values import make_option, read_value

OBJECT = {"type": "object"}


@pytest.mark.parametrize(
    ("parts", "value"),
    [
        (("issuer=https://x.example/?a=b",), {"issuer": "https://x.example/?a=b"}),
        (("clock_skew_s=240", "sign_requests=true", "slo_url=null"),
         {"clock_skew_s": 240, "sign_requests": True, "slo_url": None}),
        (('{"a": 1}', "b=two"), {"a": 1, "b": "two"}),
        (('scopes=["openid", "email"]',), {"scopes": ["openid", "email"]}),
        (("a=1", "a=2"), {"a": 2}),
    ],
)  # fmt: skip
def test_an_object_is_read_from_pairs_and_json(parts: tuple[str, ...], value: dict[str, Any]) -> None:
    assert read_value(parts, OBJECT) == value


def test_an_object_is_read_from_files(tmp_path: Path) -> None:
    (tmp_path / "all.json").write_text('{"a": 1}')
    (tmp_path / "metadata.xml").write_text("<x/>")
    parts = (f"@{tmp_path}/all.json", f"metadata_xml=@{tmp_path}/metadata.xml")
    assert read_value(parts, OBJECT) == {"a": 1, "metadata_xml": "<x/>"}


@pytest.mark.parametrize("part", ["word", "{broken", "@/no/such/file", "a=@/no/such/file"])
def test_what_cannot_be_read_is_a_wrong_parameter(part: str) -> None:
    with pytest.raises(click.BadParameter):
        read_value((part,), OBJECT)


def test_an_option_that_is_not_given_says_nothing() -> None:
    assert read_value(None, {"type": "string"}) is None
    assert read_value((), {"type": "array"}) is None
    assert read_value(False, {"type": "boolean"}) is False


def test_kinds_become_options() -> None:
    schema: dict[str, Any] = {"$defs": {"Policy": {"type": "object"}}}
    assert make_option("is_default", {"type": "boolean"}, False, schema).secondary_opts == ["--no-is-default"]
    assert make_option("urls", {"type": "array"}, True, schema).multiple
    assert make_option("policy", {"anyOf": [{"$ref": "#/$defs/Policy"}, {"type": "null"}]}, False, schema).multiple
    assert isinstance(make_option("alg", {"enum": ["A", "B"]}, False, schema).type, click.Choice)


def test_a_table_shows_plain_columns_and_people_read_yes_and_no(capsys: pytest.CaptureFixture[str]) -> None:
    items = [{"id": "a", "nested": None, "on": True}, {"id": "b", "nested": {"x": 1}, "on": False}]
    show({"items": items, "next": "b"}, as_json=False)
    out, err = capsys.readouterr()
    assert [line.split() for line in out.splitlines()] == [["id", "on"], ["a", "yes"], ["b", "no"]]
    assert "--after b" in err
    assert _text(None) == "-"


def test_a_file_is_taken_where_a_member_is_one_and_nowhere_else(tmp_path: Path) -> None:
    """A logo as base64, a response as text; a name may begin with @."""
    logo, response = tmp_path / "logo.png", tmp_path / "response.xml"
    logo.write_bytes(b"\x89PNG\xff")
    response.write_text("<Response/>")
    base64 = {"anyOf": [{"type": "string", "contentEncoding": "base64"}, {"type": "null"}]}
    text = {"anyOf": [{"type": "string", "contentMediaType": "text/plain"}, {"type": "null"}]}
    assert read_value(f"@{logo}", base64) == "iVBOR/8="
    assert read_value("iVBOR/8=", base64) == "iVBOR/8="
    assert read_value(f"@{response}", text) == "<Response/>"
    assert read_value("@home", {"type": "string"}) == "@home"
    with pytest.raises(click.BadParameter):
        read_value(f"@{tmp_path / 'none'}", base64)
