"""The first half of a rule: which attribute wins, or what the operator's expression gives."""

from __future__ import annotations

from dataclasses import dataclass

from app.claims.evaluation import NoValue, evaluate
from app.claims.expressions import Expression
from app.claims.rules import ExpressedRule
from app.translations import marked
from portico_sdk import ClaimRule, ExternalIdentity
from portico_sdk.transforms import Values

LEFT_OUT = marked("the provider left out values: unknown, not empty")


@dataclass(frozen=True, slots=True)
class Selected:
    """What a rule starts from.

    Args:
        source: the attribute, or the expression; None when nothing was there.
        remark: why nothing may be made of it; empty when something may.
    """

    source: str | None
    values: Values
    remark: str = ""


def select_values(rule: ClaimRule, identity: ExternalIdentity) -> Selected:
    """Return the values that are not blank, of the first source that has any, or of the expression."""
    if rule.field in identity.incomplete:
        return Selected(None, (), LEFT_OUT)
    if isinstance(rule, ExpressedRule) and rule.expression is not None:
        return _express(rule.expression, identity)
    empty: str | None = None
    for source in rule.sources:
        if source in identity.incomplete:
            return Selected(source, identity.attributes.get(source, ()), LEFT_OUT)
        if source in identity.attributes:
            values = _not_blank(identity.attributes[source])
            if values:
                return Selected(source, values)
            empty = empty or source
    return Selected(empty, ())


def _express(expression: Expression, identity: ExternalIdentity) -> Selected:
    if identity.incomplete and (expression.reads_all or expression.reads & identity.incomplete):
        return Selected(expression.text, (), LEFT_OUT)
    try:
        values = evaluate(expression, identity.attributes)
    except NoValue as error:
        return Selected(expression.text, (), str(error))
    return Selected(None, ()) if values is None else Selected(expression.text, _not_blank(values))


def _not_blank(values: Values) -> Values:
    return tuple(value for value in values if value and not value.isspace())
