"""Our metadata (SAML metadata 2.4.4)."""

from __future__ import annotations

import pytest
from lxml import etree

from portico_saml.library_functions import LibraryXml
from portico_saml.names import DS, MD
from portico_saml.testing import Connection
from portico_sdk import MetadataError, SignInRefused


def _published(adapter, connection):
    document = etree.fromstring(adapter.service_provider_metadata(connection.context(adapter)))
    assert LibraryXml.validate_xml(document, "saml-schema-metadata-2.0.xsd") is document
    return document


def _uses(document):
    return [key.get("use") for key in document.iter(f"{{{MD}}}KeyDescriptor")]


def test_it_names_us_and_our_one_acs_url(adapter, connection):
    """Entity ID and ACS are the connection's own."""
    document = _published(adapter, connection)
    assert document.get("entityID") == connection.service_provider.entity_id
    (service,) = document.iter(f"{{{MD}}}AssertionConsumerService")
    assert service.get("Location") == connection.service_provider.acs_url
    assert service.get("Binding") == "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"


def test_it_asks_for_nothing_that_a_provider_would_take_literally(adapter, connection):
    """No NameIDFormat and no key: AD FS would demand the one and encrypt with the other."""
    document = _published(adapter, connection)
    assert list(document.iter(f"{{{MD}}}NameIDFormat")) == []
    assert _uses(document) == []


def test_signed_requests_publish_every_key_that_may_sign(adapter, idp, own_key, older_own_key):
    """During a rotation a provider has to know both."""
    connection = Connection.to(idp, keys=(own_key, older_own_key), sign_requests=True)
    document = _published(adapter, connection)
    assert _uses(document) == ["signing", "signing"]
    assert document[0].get("AuthnRequestsSigned") == "true"
    bodies = [certificate.text for certificate in document.iter(f"{{{DS}}}X509Certificate")]
    assert bodies[0] in own_key.certificate_pem
    assert bodies[1] in older_own_key.certificate_pem


def test_only_demanded_encryption_publishes_a_key_for_it(adapter, idp, own_key, older_own_key):
    """One key, the newest, with its `use`."""
    connection = Connection.to(idp, keys=(own_key, older_own_key), encryption="required")
    document = _published(adapter, connection)
    assert _uses(document) == ["encryption"]


def test_a_demand_for_signed_assertions_is_published(adapter, connection):
    """WantAssertionsSigned says what this connection insists on."""
    assert "WantAssertionsSigned" not in _published(adapter, connection)[0].attrib
    assert _published(adapter, connection.changed(signed="both"))[0].get("WantAssertionsSigned") == "true"


def test_a_migrated_connection_publishes_its_old_names(adapter, connection):
    """The former ACS URL as a further index, the former entity ID as ours."""
    old = "https://login.old.example.com/login/callback?connection=a&b"
    document = _published(adapter, connection.changed(sp_entity_id="urn:auth0:acme", accepted_acs_urls=[old]))
    assert document.get("entityID") == "urn:auth0:acme"
    services = list(document.iter(f"{{{MD}}}AssertionConsumerService"))
    assert [(s.get("index"), s.get("Location")) for s in services] == [
        ("0", connection.service_provider.acs_url),
        ("1", old),
    ]
    assert services[0].get("isDefault") == "true"


def test_our_own_metadata_pasted_back_is_recognized(adapter, connection):
    """An application's metadata is no identity provider's."""
    document = adapter.service_provider_metadata(connection.context(adapter))
    with pytest.raises(MetadataError) as refused:
        adapter.parse_metadata(document, connection.now)
    assert refused.value.code == "metadata-no-provider"


@pytest.mark.parametrize("settings", [{"sign_requests": True}, {"encryption": "required"}])
def test_a_key_that_is_missing_is_not_left_out(adapter, idp, settings):
    """Better no metadata than one that promises less."""
    connection = Connection.to(idp, **settings)
    with pytest.raises(SignInRefused):
        adapter.service_provider_metadata(connection.context(adapter))
