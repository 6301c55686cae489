"""Normalization: from what an identity provider sent to the one Profile that Auth0 sees. Pure functions."""

from app.claims.defaults import DEFAULT_RULES
from app.claims.normalize import Explained, explain, normalize
from app.claims.profile import Profile
from app.claims.rules import dump_rules, merge_rules, parse_rules
from app.claims.subject import make_sub
from portico_sdk import ClaimRules

__all__ = [
    "DEFAULT_RULES",
    "ClaimRules",
    "Explained",
    "Profile",
    "dump_rules",
    "explain",
    "make_sub",
    "merge_rules",
    "normalize",
    "parse_rules",
]
