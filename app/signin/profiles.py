"""From the identity that a provider proved to the profile of a person, or a refusal that says what did not come."""

from __future__ import annotations

from app.claims import Profile, explain, make_profile, missing_attributes
from app.connections import LiveConnection
from app.errors import SignInFailed
from app.signin.trace import Trace
from portico_sdk import ExternalIdentity


class ClaimMissing(SignInFailed):
    """A required attribute of the profile did not come, or not in a form that can be used."""

    code = "claim-missing"


def read_profile(live: LiveConnection, identity: ExternalIdentity, trace: Trace) -> Profile:
    """Return the profile; where each of its fields came from goes into the trace. Raises ClaimMissing."""
    additions = live.additions
    explained = explain(live.claim_rules, identity, additions)
    profile = make_profile(explained)
    missing = ", ".join(missing_attributes(profile, additions))
    received = ", ".join(sorted(identity.attributes)[:100]) or "none"
    compared = {"expected": missing, "received": received} if missing else {}
    sources = {f"{one.field}_from": one.remark or one.source for one in explained}
    trace.add("claims", ok=not missing, **compared, **sources)
    if missing:
        hint = f"Let the provider send {missing}, or map it from what it sends."
        raise ClaimMissing(f"no usable value for {missing}; received: {received}", hint=hint)
    return profile
