"""Settings in their one canonical form, and the problems that people are told."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from portico_saml import SETTINGS, SETUP_STEPS, SamlAdapter
from portico_saml.certificates import pem_to_der
from portico_saml.testing import make_key_pair
from portico_saml.testing.connections import NOW
from portico_sdk import MetadataExport, MetadataImport, SettingsError

OUTSIDE = (
    "idp_entity_id sso_url sso_binding slo_url slo_binding sign_out_at_provider certificates metadata_url sign_requests"
    " signed encryption name_id_format force_authn authn_context allow_idp_initiated idp_initiated_client_id"
    " idp_initiated_targets clock_skew_s sp_entity_id accepted_audiences accepted_acs_urls requested_acs_url"
    " subject_attribute"
)


def _problems(adapter: SamlAdapter, **settings: object) -> dict[str, str]:
    with pytest.raises(SettingsError) as refused:
        adapter.validate(settings, NOW)
    return {problem.field: problem.code for problem in refused.value.problems}


def test_the_names_of_the_settings_are_the_contract():
    """What the API documents, in its order."""
    assert " ".join(field.name for field in SETTINGS) == OUTSIDE


def test_only_an_operator_says_who_we_are_and_what_we_accept():
    """Names that decide what is accepted are not the customer's."""
    by_operator = {field.name for field in SETTINGS if field.editable_by == "operator"}
    assert by_operator >= {
        "sp_entity_id",
        "accepted_audiences",
        "accepted_acs_urls",
        "requested_acs_url",
        "signed",
        "clock_skew_s",
        "subject_attribute",
    }
    by_customer = {field.name for field in SETTINGS if field.editable_by == "customer"}
    assert by_customer >= {"idp_entity_id", "sso_url", "certificates", "metadata_url"}


def test_the_adapter_registers_as_saml():
    """One spec, with both metadata capabilities, whose setup asks for what activation needs."""
    from portico_saml import portico_register_adapters

    (spec,) = portico_register_adapters()
    assert (spec.key, spec.label, spec.protocol) == ("saml", "Generic SAML 2.0", "saml")
    capabilities = {"metadata_import", "metadata_export", "recognize", "explain", "logout", "read_pasted"}
    assert spec.capabilities == capabilities
    assert isinstance(spec.adapter, MetadataImport)
    assert isinstance(spec.adapter, MetadataExport)
    asked = {name for step in SETUP_STEPS for name in step.asks}
    assert asked >= {field.name for field in SETTINGS if field.required}
    assert asked <= {field.name for field in SETTINGS if field.editable_by == "customer"}
    assert {name for step in SETUP_STEPS for name, _ in step.copies} == {"entity_id", "acs_url", "metadata_url"}


def test_every_field_is_present_with_its_default(adapter):
    """None where absent; secure defaults elsewhere."""
    settings = adapter.validate({}, NOW)
    assert list(settings) == OUTSIDE.split()
    assert settings["signed"] == "either"
    assert settings["encryption"] == "optional"
    assert settings["clock_skew_s"] == 180
    assert settings["allow_idp_initiated"] is False
    assert settings["sso_binding"] == "redirect"
    assert settings["idp_entity_id"] is None


def test_what_was_validated_validates_to_itself(adapter, connection):
    """The canonical form is a fixed point."""
    settings = adapter.validate({**connection.raw_settings, "accepted_audiences": ["a", "a", "b"]}, NOW)
    assert settings["accepted_audiences"] == ["a", "b"]
    assert adapter.validate(settings, NOW) == settings


def test_every_problem_is_named_not_only_the_first(adapter):
    """One FieldProblem for each field at fault."""
    problems = _problems(
        adapter,
        idp_entity_id=1,
        sso_url="javascript:alert(1)",
        sso_binding="artifact",
        signed="nothing",
        force_authn="yes",
        clock_skew_s=301,
        authn_context="urn:a",
        certificates=["nonsense"],
        colour="red",
    )
    assert problems == {
        "colour": "unknown",
        "idp_entity_id": "type",
        "sso_url": "url",
        "sso_binding": "choice",
        "signed": "choice",
        "force_authn": "type",
        "clock_skew_s": "range",
        "authn_context": "type",
        "certificates": "not-a-certificate",
    }


@pytest.mark.parametrize(
    "url",
    [
        "http://idp.example.com/",
        "//idp.example.com",
        "https://",
        "https:///x",
        "https://user@idp.example.com/",
        "https://user:pw@idp.example.com/",
        "https://idp.example.com/#f",
        "https://idp.example.com/a b",
        "https://idp.example.com\\@evil.example/",
        "https://idp.example.com:99999/",
        "https://idp.example.com/\r\nX: y",
        "ftp://idp.example.com/",
        "data:text/html,x",
        "JaVaScript:alert(1)",
        "https://[::1",
        "https://ä.example/",
        "https://idp.example.com/" + "a" * 2048,
    ],
)
def test_a_url_is_absolute_https(adapter, url):
    """For every URL of a connection."""
    assert _problems(adapter, sso_url=url, accepted_acs_urls=[url]) == {"sso_url": "url", "accepted_acs_urls": "url"}


@pytest.mark.parametrize(
    "url", ["http://idp.localhost:8080/sso", "http://127.0.0.1/", "http://[::1]:1/", "http://localhost"]
)
def test_plain_http_is_for_loopback_only(adapter, url):
    """Development; the gateway decides whether it may be used."""
    assert adapter.validate({"sso_url": url}, NOW)["sso_url"] == url


@pytest.mark.parametrize("name", ["sso_url", "metadata_url", "slo_url"])
def test_our_own_address_pasted_back_is_recognized(adapter, name):
    """`own-value`: values go both ways."""
    value = "https://portico.example.com/sso/saml/con-abc/metadata"
    assert _problems(adapter, **{name: value}) == {name: "own-value"}
    assert _problems(adapter, idp_entity_id=value) == {"idp_entity_id": "own-value"}


# --- certificates ------------------------------------------------------------------------------------------------------


def _forms(pem: str) -> list[str]:
    bare = "".join(pem.split("\n")[1:-2])
    return [
        pem,
        pem.replace("\n", "\r\n"),
        "  \n" + pem + "\n\n",
        pem.replace("\n", "\n    "),
        bare,
        " " + "\n ".join(bare[i : i + 50] for i in range(0, len(bare), 50)) + "\t",
        base64.b64encode(pem.encode()).decode(),
        "subject=CN = x\nissuer=CN = y\n" + pem,
        pem.replace("CERTIFICATE", "X509 CERTIFICATE"),
    ]


def test_a_certificate_is_taken_in_every_usual_form(adapter, idp):
    """PEM, bare base64, base64 of a PEM file, stray white space, text around it: one canonical PEM."""
    pem = idp.key.certificate_pem
    for text in _forms(pem):
        assert adapter.validate({"certificates": [text]}, NOW)["certificates"] == [pem]
        assert adapter.validate({"certificates": text}, NOW)["certificates"] == [pem]


def test_several_certificates_in_one_text_and_each_once(adapter, idp, attacker):
    """A bundle is several; repeats are one; the order stays."""
    first, second = idp.key.certificate_pem, attacker.key.certificate_pem
    assert adapter.validate({"certificates": [second + first, first]}, NOW)["certificates"] == [second, first]


@pytest.mark.parametrize("damage", ["cut", "label", "empty", "letters", "swap", "long"])
def test_what_is_no_certificate_is_refused(adapter, idp, damage):
    """Cut off, of another kind, empty, not base64, not DER, endless."""
    pem = idp.key.certificate_pem
    text = {
        "cut": pem[:-40],
        "label": pem.replace("CERTIFICATE", "CERTIFICATE REQUEST"),
        "empty": "  ",
        "letters": "ä" * 100,
        "swap": base64.b64encode(b"x" * 500).decode(),
        "long": "A" * 70_000,
    }[damage]
    assert _problems(adapter, certificates=[text]) == {"certificates": "not-a-certificate"}


def _private_forms(pem: str) -> list[str]:
    key = load_pem_private_key(pem.encode(), None)
    der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    traditional = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()
    return [pem, traditional, pem.lower(), base64.b64encode(der).decode(), base64.b64encode(pem.encode()).decode()]


def test_a_private_key_is_refused_and_never_echoed(adapter, own_key, idp):
    """`private-key`: thrown away, not logged, not in any message, in whatever form, even beside a certificate."""
    secret = own_key.private_key_pem.split("\n")[2]
    for text in [*_private_forms(own_key.private_key_pem), idp.key.certificate_pem + own_key.private_key_pem]:
        for settings in ({"certificates": [text]}, {"idp_entity_id": text}):
            with pytest.raises(SettingsError) as refused:
                adapter.validate(settings, NOW)
            told = repr(refused.value) + str(refused.value) + repr(refused.value.problems)
            assert secret not in told
            assert secret.lower() not in told
        assert _problems(adapter, certificates=[text]) == {"certificates": "private-key"}


def test_a_weak_key_is_refused(adapter):
    """RSA of less than 2048 bits proves nothing."""
    weak = make_key_pair("weak", bits=1024).certificate_pem
    assert _problems(adapter, certificates=[weak]) == {"certificates": "certificate-weak"}


def test_an_expired_certificate_is_taken(adapter):
    """A6: the key is trusted, the dates are shown."""
    expired = make_key_pair("old", days=1).certificate_pem
    assert adapter.validate({"certificates": [expired]}, NOW.replace(year=2030))["certificates"] == [expired]


def test_der_and_pem_are_the_same_certificate(idp):
    """Our canonical PEM is read back without any parser of certificates."""
    assert base64.b64encode(pem_to_der(idp.key.certificate_pem)).decode() in idp.key.certificate_pem.replace("\n", "")


# --- readiness ---------------------------------------------------------------------------------------------------------


def test_a_draft_may_be_empty_but_is_not_ready(adapter, connection):
    """S10: activation demands an issuer, a URL and a usable certificate, and says which is missing."""
    adapter.check_ready(adapter.validate(connection.raw_settings, NOW), NOW)
    with pytest.raises(SettingsError) as refused:
        adapter.check_ready(adapter.validate({}, NOW), NOW)
    assert [problem.field for problem in refused.value.problems] == ["idp_entity_id", "sso_url", "certificates"]


def test_a_vendor_profile_brings_its_own_defaults():
    """The class takes a vendor's fields; what it does not change stays as it is."""
    from dataclasses import replace

    fields = tuple(replace(field, default="both") if field.name == "signed" else field for field in SETTINGS)
    settings = SamlAdapter(fields=fields).validate({}, NOW)
    assert settings["signed"] == "both"
    assert settings["encryption"] == "optional"
