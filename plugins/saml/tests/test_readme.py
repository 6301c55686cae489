"""What the README shows works as it stands there, and every reason is explained."""

from __future__ import annotations

import re
from pathlib import Path

from portico_saml import Reason, SamlAdapter

README = Path(__file__).parents[1] / "README.md"


def test_the_examples_of_the_readme_run():
    """Both code blocks, in order, in one namespace."""
    namespace: dict[str, object] = {"adapter": SamlAdapter()}
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        exec(compile(block, str(README), "exec"), namespace)
    (spec,) = namespace["portico_register_adapters"]()
    assert spec.adapter.validate({}, namespace["connection"].now)["sso_binding"] == "post"


def test_every_reason_has_a_code_and_a_meaning():
    """Kebab-case, at most 60 characters, one sentence."""
    for reason in Reason:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)+", reason.value)
        assert len(reason.value) <= 60
        assert reason.meaning.endswith(".")
        assert Reason(reason.value) is reason
