"""Acme Identity over SAML 2.0, for Portico."""

from collections.abc import Iterable

from portico_adapter_acme.explanations import ROWS
from portico_adapter_acme.settings import FIELDS
from portico_adapter_acme.steps import STEPS
from portico_saml import CAPABILITIES, SamlAdapter, SamlPolicy, SubjectSource
from portico_sdk import AdapterSpec, ClaimRule, Explainer, Forms, Transform, hookimpl

_CLEAN = (Transform("trim"),)

CLAIM_RULES = (
    ClaimRule("email", ("acme:mail",), (*_CLEAN, Transform("lower"))),
    ClaimRule("given_name", ("acme:first",), _CLEAN),
    ClaimRule("family_name", ("acme:last",), _CLEAN),
    ClaimRule("groups", ("acme:teams",), (Transform("split", ";"), Transform("strip_prefix", "team:"))),
)

SPEC = AdapterSpec(
    key="acme-saml",
    label="Acme Identity",
    protocol="saml",
    adapter=SamlAdapter(
        fields=FIELDS,
        policy=SamlPolicy(subject_sources=(SubjectSource("acme:uid", ("acme:uid",)),)),
        forms=Forms(entity_ids=(r"https://[a-z0-9-]+\.acme\.example/saml",)),
        explainer=Explainer(ROWS),
    ),
    settings=FIELDS,
    setup_steps=STEPS,
    claim_rules=CLAIM_RULES,
    capabilities=CAPABILITIES,
    contract="1.0",
)


@hookimpl
def portico_register_adapters() -> Iterable[AdapterSpec]:
    """Register `acme-saml`."""
    return [SPEC]
