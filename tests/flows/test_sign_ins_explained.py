"""A sign-in that failed is explained where its trace is read, in the words of the connection's own adapter."""

from __future__ import annotations

import base64
import re
import uuid
from dataclasses import replace

from tests.support.browser import Browser, Step
from tests.support.gateway import Gateway
from tests.support.refusals import expect_refusal
from tests.support.relying_party import RelyingParty
from tests.support.saml_customer import SamlCustomer
from tests.support.signing_idp import Subject

IDENTITY = "http://schemas.microsoft.com/identity/claims"
EMAIL = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"
GROUPS_LINK = "http://schemas.microsoft.com/claims/groups.link"


def entra(gateway: Gateway) -> tuple[SamlCustomer, dict[str, list[str]]]:
    """A customer with a tenant, and what Entra sends of every person."""
    tenant = str(uuid.uuid4())
    customer = SamlCustomer(gateway, adapter="entra-saml", entity_id=f"https://sts.windows.net/{tenant}/")
    named = {f"{IDENTITY}/tenantid": [tenant], f"{IDENTITY}/objectidentifier": [str(uuid.uuid4())]}
    return customer, {**named, EMAIL: [f"ada@{customer.domain}"]}


def test_a_refusal_says_what_to_change_in_the_providers_console(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """Without the object ID nobody is named for good; the trace says where Entra sends it."""
    customer, sent = entra(gateway)
    asked = customer.receive(browser, relying_party.attempt(connection=customer.id))
    upn = f"ada@{customer.domain}"
    response = customer.respond(asked, Subject(upn, {EMAIL: sent[EMAIL]}))
    trace = expect_refusal(
        browser.walk(response, stop="https://tenant.example/"), gateway.api, "saml-subject-attribute"
    )
    explanation = trace["explanation"]
    assert explanation["code"] == "entra-saml-person"
    assert "Attributes & Claims" in explanation["where"]
    assert explanation["causes"]


def test_left_out_groups_are_absent_and_explained_although_the_sign_in_succeeds(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """Overage: unknown, never empty, and the admin is told what to change."""
    customer, sent = entra(gateway)
    subject = Subject("upn@example.com", {**sent, GROUPS_LINK: ["https://graph.windows.net/x/getMemberObjects"]})
    attempt = relying_party.attempt(connection=customer.id)
    claims = attempt.finish(customer.log_in(browser, attempt, subject)).claims
    assert "portico_groups" not in claims
    assert claims["email"] == sent[EMAIL][0]
    assert claims["portico_idp_sub"] == "+".join(
        sent[f"{IDENTITY}/{name}"][0] for name in ("tenantid", "objectidentifier")
    )
    (trace,) = gateway.api.get("/sign-ins", connection_id=customer.id)["items"]
    explanation = gateway.api.trace(trace["id"])["explanation"]
    assert explanation["code"] == "entra-saml-overage"


def test_an_error_of_the_providers_own_is_explained_by_its_number(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty
) -> None:
    """AADSTS50105 in the message of a status: the person, the place and Microsoft's page about it."""
    customer, sent = entra(gateway)
    asked = customer.receive(browser, relying_party.attempt(connection=customer.id))
    answer = customer.respond(asked, Subject("upn@example.com", sent))
    refused = _with_status(
        answer, "AADSTS50105: Your administrator has configured the application. Trace ID: " + "0" * 8
    )
    trace = expect_refusal(browser.walk(refused, stop="https://tenant.example/"), gateway.api, "saml-status")
    assert trace["explanation"]["code"] == "entra-not-assigned"
    assert trace["explanation"]["where"][-1] == "Users and groups"
    assert trace["explanation"]["link"] == "https://login.microsoftonline.com/error?code=50105"


def _with_status(step: Step, message: str) -> Step:
    """The same response, but an error and without an assertion, as Entra posts it: unsigned."""
    fields = dict(step.fields)
    xml = base64.b64decode(fields["SAMLResponse"]).decode()
    xml = re.sub(r"<saml:Assertion.*</saml:Assertion>", "", xml, flags=re.DOTALL)
    code = '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Requester"></samlp:StatusCode>'
    xml = re.sub(
        r"<samlp:StatusCode.*</samlp:StatusCode>", f"{code}<samlp:StatusMessage>{message}</samlp:StatusMessage>", xml
    )
    fields["SAMLResponse"] = base64.b64encode(xml.encode()).decode()
    return replace(step, fields=tuple(fields.items()))


def test_metadata_is_shown_with_the_adapter_that_knows_it(gateway: Gateway) -> None:
    """An administrator who pastes a document need not know what to choose."""
    customer, _ = entra(gateway)
    certificate = "".join(customer.key.certificate_pem.split("\n")[1:-2])
    xml = (
        f'<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{customer.entity_id}"><IDPSSODescriptor '
        'protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><KeyDescriptor><KeyInfo '
        f'xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>{certificate}</X509Certificate></X509Data>'
        '</KeyInfo></KeyDescriptor><SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" '
        'Location="https://login.example.com/saml2"/></IDPSSODescriptor></EntityDescriptor>'
    )
    for adapter in ("saml", "entra-saml"):
        said = gateway.api.post("/metadata/parse", xml=xml, adapter=adapter)
        assert (said["adapter"], said["entities"][0]["adapter"]) == ("entra-saml", "entra-saml")
