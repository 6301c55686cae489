"""Runs an expression on what an identity provider sent, within what it may use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jmespath.exceptions import JMESPathError
from jmespath.visitor import Options, TreeInterpreter

from app.claims.expressions import Expression
from app.claims.functions import Meter, MeteredFunctions, TooMuch, as_text
from portico_sdk.transforms import Values


class NoValue(Exception):
    """The expression gives nothing that a profile can hold; the text says why."""


def evaluate(expression: Expression, attributes: Mapping[str, Values]) -> Values | None:
    """Return the values that the expression makes of the attributes, None for null.

    All of them together have at most ten times the characters of the input. Raises NoValue, and nothing else.
    """
    meter = Meter(size_of(attributes))
    sent = {name: list(values) for name, values in attributes.items()}
    try:
        found = _MeteredInterpreter(meter).visit(expression.tree, sent)
        return _values(found, meter)
    except TooMuch as much:
        raise NoValue(f"the expression was stopped: {much}") from None
    except (JMESPathError, ValueError, TypeError, ArithmeticError, RecursionError) as error:
        raise NoValue(
            f"the expression does not fit: {str(error).splitlines()[0][:200] if str(error) else ''}"
        ) from None


def size_of(attributes: Mapping[str, Values]) -> int:
    """Return how many characters the attributes have, names included."""
    return sum(len(name) + sum(map(len, values)) for name, values in attributes.items())


class _MeteredInterpreter(TreeInterpreter):  # type: ignore[misc]
    def __init__(self, meter: Meter) -> None:
        super().__init__(Options(custom_functions=MeteredFunctions(meter)))
        self._meter = meter

    def visit(self, node: Any, *args: Any, **kwargs: Any) -> Any:
        self._meter.step()
        return super().visit(node, *args, **kwargs)

    def visit_comparator(self, node: Any, value: Any) -> Any:
        """Lists share their parts: comparing two could take longer than any of them is."""
        left, right = (self.visit(child, value) for child in node["children"])
        if isinstance(left, list | dict) or isinstance(right, list | dict):
            raise ValueError("it compares a list; compare one value of it")
        if node["value"] not in ("eq", "ne") and not isinstance(left, type(right)):
            return None
        return self.COMPARATOR_FUNC[node["value"]](left, right)


def _values(found: Any, meter: Meter) -> Values | None:
    if found is None:
        return None
    items = found if isinstance(found, list) else [found]
    values: list[str] = []
    length = 0
    for item in items:
        if item is None:
            continue
        if not isinstance(item, str | int | float | bool):
            raise NoValue("the expression gives something else than texts")
        values.append(as_text(item))
        length += len(values[-1])
        if length > meter.longest:
            raise NoValue("the expression was stopped: it makes more than ten times what was sent")
    return tuple(values)
