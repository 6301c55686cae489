"""A connection's claim rules: who may write which, and what activation demands of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.audit import Actor
from app.claims import (
    DEFAULT_RULES,
    ClaimRules,
    check_customer_rules,
    dump_rules,
    load_attributes,
    merge_rules,
    parse_rules,
    parse_stored_rules,
)
from app.connections.models import Connection
from app.database import db
from app.errors import Invalid, Problem
from portico_sdk import AdapterSpec


def read_rules(written: Any, actor: Actor, stored: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the rules as they are to be stored. Raises Invalid naming every field at fault.

    Args:
        stored: the present rules; a customer neither changes nor loses the operators' expressions among them.
    """
    rules = dump_rules(parse_rules(written, attributes=[one.name for one in load_attributes()]))
    return check_customer_rules(rules, stored or {}) if actor.kind == "setup_link" else rules


def rules_in_force(own: Mapping[str, Any], spec: AdapterSpec) -> ClaimRules:
    """Return a connection's stored rules over the adapter's over the defaults, field by field."""
    return merge_rules(parse_stored_rules(own), spec.claim_rules, DEFAULT_RULES)


def check_mapped(rules: Mapping[str, Any]) -> None:
    """Raise Invalid unless every required attribute of the profile has a rule: else nobody could sign in."""
    lacking = [one.name for one in load_attributes() if one.required and one.name not in rules]
    if lacking:
        message = "Say where it comes from: a sign-in without it is refused."
        raise Invalid(*(Problem(f"claim_rules.{name}", "required", message) for name in lacking))


def find_unmapped(name: str, *, limit: int = 5) -> list[str]:
    """Return ids of active connections, at most `limit`, that have no rule for the attribute `name`."""
    active = select(Connection.id, Connection.claim_rules).where(Connection.status == "active").order_by(Connection.id)
    return [row.id for row in db.session.execute(active) if name not in row.claim_rules][:limit]
