"""What a test shows to whoever began it: the checks in their order, what arrived but for secrets, and why it failed."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import asdict
from datetime import datetime
from typing import Any

from app.signin.explanations import explain_failure
from app.signin.failure import read_failure
from app.signin.models import TestSignIn
from app.signin.route import email_domain
from app.signin.trace import Trace
from portico_sdk import AdapterSpec, Callback, Explanation

MAX_RAW = 100_000

#: Steps that are no checks.
_STEPS = frozenset({"sent-to-provider", "provider-proved", "denied"})
#: What nobody needs to read, and what would be worth something to whoever reads it.
_SEALED = re.compile(r"(<(?:[\w.-]+:)?(?:SignatureValue|CipherValue)\b[^>]*>)[^<]*")


def checks_of(trace: Trace) -> list[dict[str, Any]]:
    """Return the checks in the order in which they ran; the one that refused is the last that failed."""
    checks = [_check(step) for step in trace.steps if step["name"] not in _STEPS]
    denied = next((step for step in trace.steps if step["name"] == "denied"), None)
    if denied is not None and all(check["ok"] for check in checks):
        code, received = str(denied.get("code", "denied")), str(denied.get("detail", ""))
        name = "domain" if code.startswith("email-domain-") else code
        checks.append({"name": name, "ok": False, "expected": "", "received": received})
    elif (domain := _domain_of(trace)) is not None:
        checks.append({"name": "domain", "ok": True, "expected": "", "received": domain})
    return checks


def _domain_of(trace: Trace) -> str | None:
    """The domain of the address that was accepted: the last thing that is looked at before a profile is made."""
    profile = next((step for step in trace.steps if step["name"] == "profile"), None)
    return None if profile is None else email_domain(str(profile.get("email") or ""))


def raw_of(arrived: Callback) -> str:
    """Return the SAML response as XML, signatures and ciphertexts left out; empty for other protocols. Only for reading.

    The text is never parsed: what is shown proves nothing, and what proved something was read elsewhere.
    """
    sent = next((value for name, value in arrived.unverified_params if name == "SAMLResponse"), "")
    if not sent or arrived.method != "POST":
        return ""
    try:
        text = base64.b64decode(sent[: 2 * MAX_RAW], validate=False).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""
    printable = "".join(char if char.isprintable() or char in "\n\t" else "\N{REPLACEMENT CHARACTER}" for char in text)
    return _SEALED.sub(r"\1…", printable[:MAX_RAW])


def explanation_of(spec: AdapterSpec | None, row: TestSignIn, trace: Trace, now: datetime) -> dict[str, Any] | None:
    """Return the explanation of what went wrong, as plain data; None when nothing did."""
    outcome = {"passed": "allowed", "failed": "denied"}.get(row.outcome, "pending")
    failure = read_failure(outcome=outcome, code=row.code, started_at=row.started_at, steps=trace.steps, now=now)
    return None if failure is None else as_plain(explain_failure(spec, failure))


def explain_waiting(spec: AdapterSpec, row: TestSignIn, now: datetime) -> Explanation | None:
    """Return the usual causes for a test from which nobody has come back within two minutes; None before."""
    if row.outcome != "waiting":
        return None
    since = row.begun_at or row.started_at
    failure = read_failure(outcome="pending", code=None, started_at=since, steps=(), now=now)
    return None if failure is None else explain_failure(spec, failure)


def as_plain(explanation: Explanation) -> dict[str, Any]:
    """Return an explanation as it is stored."""
    said = asdict(explanation)
    return {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}


def _check(step: dict[str, Any]) -> dict[str, Any]:
    said = {name: value for name, value in step.items() if name not in ("name", "ok", "ms", "expected", "received")}
    told = "; ".join(f"{name}: {value}" for name, value in said.items())
    received = str(step.get("received", "")) or told
    return {"name": step["name"], "ok": step["ok"], "expected": str(step.get("expected", "")), "received": received}
