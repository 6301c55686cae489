"""A response, from the posted form to an identity. The order of the steps is `complete` and `_judge`, top to bottom.

One tree: the element whose signature verified, or that stands inside a verified Response, is the element that the checks
look at and the identity is read from.
"""

from __future__ import annotations

from portico_saml.document import parse_message
from portico_saml.evidence import Evidence, choose_confirmation
from portico_saml.identity import read_identity
from portico_saml.keys import trusted_keys
from portico_saml.library import library_settings, second_opinion
from portico_saml.message import read_message
from portico_saml.policy import Policy, read_policy
from portico_saml.profile import CHECKS
from portico_saml.reasons import Reason, Refusal, refuse
from portico_saml.status import check_status
from portico_saml.structure import Layout, read_layout
from portico_saml.times import parse_time
from portico_saml.trace import Compared, Trace
from portico_saml.vendor_policy import SamlPolicy
from portico_saml.verification import Verified, verify
from portico_sdk import AdapterContext, Callback, ExternalIdentity, SignInRefused


def complete(context: AdapterContext, callback: Callback, vendor: SamlPolicy) -> ExternalIdentity:
    """Return the identity that the connection's provider proved by this response.

    Raises:
        SignInRefused: in every other case whatsoever; no other exception leaves this function.
    Does not: remember replays.
    """
    try:
        return _judge(context, callback, vendor, Trace(context.record))
    except SignInRefused:
        raise
    except Exception as error:
        raise Refusal(Reason.UNEXPECTED, f"{type(error).__name__}: {error}"[:500]) from error


def _judge(context: AdapterContext, callback: Callback, vendor: SamlPolicy, trace: Trace) -> ExternalIdentity:
    policy = context.cache.get_or_make("saml-policy", lambda: read_policy(context, vendor))
    keys = trusted_keys(context)
    request_id = trace.step("solicited", lambda: _request_id(callback, policy))
    raw = trace.step("message", lambda: read_message(callback))
    root = trace.step("document", lambda: parse_message(raw))
    layout = trace.step("structure", lambda: read_layout(root))
    trace.step("status", lambda: check_status(root))
    verified = verify(context, layout, keys, trace)
    evidence = trace.step(
        "subject-confirmation", lambda: _evidence(context, callback, policy, layout, verified, request_id)
    )
    for name, check in CHECKS:
        trace.step(name, lambda check=check: check(evidence))  # type: ignore[misc]
    trace.step("library", lambda: _second_opinion(context, policy, evidence, verified))
    return trace.step("identity", lambda: read_identity(evidence))


def _request_id(callback: Callback, policy: Policy) -> str | None:
    if callback.state is None:
        if not policy.allow_idp_initiated:
            refuse(Reason.UNSOLICITED, "nobody asked for this response", expected="an answer to our request")
        return None
    request_id = callback.state.get("request_id")
    if not request_id:
        refuse(Reason.CONFIGURATION, "the pending sign-in has no request ID")
    return request_id


def _evidence(
    context: AdapterContext,
    callback: Callback,
    policy: Policy,
    layout: Layout,
    verified: Verified,
    request_id: str | None,
) -> Evidence:
    state = callback.state or {}
    return Evidence(
        policy=policy,
        response=layout.response,
        assertion=verified.assertion,
        confirmation=choose_confirmation(verified.assertion, policy, request_id),
        response_signed=verified.response_signature is not None,
        assertion_signed=verified.assertion_signature is not None,
        encrypted=verified.decrypted is not None,
        request_id=request_id,
        authenticated_since=parse_time(state.get("issued_at"), "issued_at") if state.get("force_authn") else None,
        now=context.now,
        certificates=verified.certificates,
    )


def _second_opinion(context: AdapterContext, policy: Policy, evidence: Evidence, verified: Verified) -> Compared:
    certificates = context.settings["certificates"]

    def settings_for(audience: str) -> object:
        return context.cache.get_or_make(
            f"saml-library {audience}", lambda: library_settings(policy, audience, certificates)
        )

    return second_opinion(evidence, verified.decrypted, verified.signatures, settings_for)
