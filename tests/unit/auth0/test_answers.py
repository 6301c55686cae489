"""Whatever a tenant answers, people get a sentence and no traceback; what differs from the documented shape is refused."""

from __future__ import annotations

import pytest

from app.auth0.errors import Auth0Refused, understood


@pytest.mark.parametrize("error", [KeyError("id"), TypeError("x"), AttributeError("get"), ValueError("date")])
def test_an_answer_of_another_shape_is_a_refusal(error: Exception) -> None:
    with pytest.raises(Auth0Refused) as refused, understood():
        raise error
    assert refused.value.code == "auth0-malformed"
    assert refused.value.__cause__ is error
