"""Acme's adapter keeps the contract, refuses every forgery that the kit knows, and reads what Acme sends."""

from portico_adapter_acme import SPEC
from portico_saml.testing import SamlConformance
from portico_sdk import Failure


class TestAcme(SamlConformance):
    """Key `acme-saml`."""

    spec = SPEC
    idp_entity_id = "https://globex.acme.example/saml"
    attributes = {
        "acme:uid": ("u-1815",),
        "acme:mail": (" Ada@Globex.example ",),
        "acme:teams": ("team:Engines;team:Looms",),
    }
    expects = {"email": "ada@globex.example", "groups": ("Engines", "Looms")}
    recognizes = ("https://globex.acme.example/saml",)

    def test_the_subject_is_the_uid(self) -> None:
        """Never the address, which changes."""
        assert self.sign_in().run().subject == "u-1815"

    def test_a_suspended_realm_is_explained(self) -> None:
        """Acme's own error code."""
        said = SPEC.adapter.explain(Failure("saml-status", "Responder: ACME-402"))
        assert said.code == "acme-saml-suspended"
