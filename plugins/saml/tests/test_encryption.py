"""Row S12, and the honest forms of encrypted assertions."""

from __future__ import annotations

import base64
import os

import pytest
from lxml import etree

from portico_saml.names import CONTENT_ENCRYPTION, DS, OAEP, SAML, SAMLP, XENC, XENC11
from portico_saml.testing import Connection, build_response, encrypt_assertion, sign, to_bytes


def _signed(connection, idp):
    return idp.respond_tree(connection.answer())


def _value(root, index):
    return list(root.iter(f"{{{XENC}}}CipherValue"))[index]


@pytest.mark.parametrize("method", sorted(CONTENT_ENCRYPTION))
@pytest.mark.parametrize("form", [{}, {"retrieval_method": True}, {"key_in_key_info": False}])
def test_every_listed_form_of_encryption_is_accepted(connection, idp, own_key, accept, method, form):
    """AES-CBC and AES-GCM; the key inside KeyInfo, beside the data, or pointed to as Okta does."""
    root = encrypt_assertion(_signed(connection, idp), own_key.certificate_pem, method=method, **form)
    assert accept(connection, root).subject == "ada@example.com"


@pytest.mark.parametrize("signed", ["assertion", "response", "both"])
def test_a_signature_inside_or_around_covers_an_encrypted_assertion(connection, idp, own_key, accept, signed):
    """An encrypted assertion needs a signature that covers it: inside, or on the Response."""
    response = idp.respond(connection.answer(), signed=signed, encrypt_to=own_key.certificate_pem)
    assert accept(connection, response).subject == "ada@example.com"


def test_an_older_key_of_ours_still_decrypts(idp, own_key, older_own_key, accept):
    """Several SP keys are tried, newest first, so that a provider may lag behind a rotation."""
    connection = Connection.to(idp, keys=(own_key, older_own_key))
    response = idp.respond(connection.answer(), encrypt_to=older_own_key.certificate_pem)
    assert accept(connection, response).subject == "ada@example.com"


def test_another_prefix_for_the_same_namespace_does_not_break_the_signature(connection, idp, own_key, accept):
    """The signature inside is verified on the bytes as decrypted; no prefix is renamed on the way."""
    text = etree.tostring(build_response(connection.answer()).find(f"{{{SAML}}}Assertion"))
    assertion = etree.fromstring(text.replace(b"saml:", b"ns7:").replace(b"xmlns:saml", b"xmlns:ns7"))
    sign(assertion, idp.key)
    plaintext = etree.tostring(assertion)
    root = build_response(connection.answer())
    assert accept(connection, encrypt_assertion(root, own_key.certificate_pem, plaintext=plaintext)).subject


def test_a_plaintext_that_leans_on_prefixes_outside_is_read_in_its_place(connection, idp, own_key, accept):
    """pysaml2 encrypts an assertion without the namespace declarations of the response around it."""
    root = _signed(connection, idp)
    text = etree.tostring(root.find(f"{{{SAML}}}Assertion"))
    for declaration in (f' xmlns:saml="{SAML}"', f' xmlns:samlp="{SAMLP}"'):
        text = text.replace(declaration.encode(), b"", 1)
    assert b"xmlns:saml=" not in text
    assert accept(connection, encrypt_assertion(root, own_key.certificate_pem, plaintext=text)).subject


def test_prefixes_that_the_encrypted_data_declares_for_itself_are_not_in_scope(connection, idp, own_key, accept):
    """XML Encryption 4.4: the plaintext stands where EncryptedData stood, so EncryptedData's own prefixes are gone."""
    root = _signed(connection, idp)
    text = etree.tostring(root.find(f"{{{SAML}}}Assertion"))
    for declaration in (f' xmlns:saml="{SAML}"', f' xmlns:samlp="{SAMLP}"'):
        text = text.replace(declaration.encode(), b"", 1)
    sealed = to_bytes(encrypt_assertion(root, own_key.certificate_pem, plaintext=text))
    shadowed = sealed.replace(b"<xenc:EncryptedData ", f'<xenc:EncryptedData xmlns:saml="{DS}" '.encode(), 1)
    assert shadowed != sealed
    assert accept(connection, shadowed).subject == "ada@example.com"


def test_oaep_with_sha256_is_accepted(connection, idp, own_key, accept):
    """XML Encryption 1.1: rsa-oaep names its digest and its mask generation."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.x509 import load_pem_x509_certificate

    signed = _signed(connection, idp)
    root = encrypt_assertion(signed, own_key.certificate_pem)
    key, nonce = os.urandom(32), os.urandom(12)
    public = load_pem_x509_certificate(own_key.certificate_pem.encode()).public_key()
    scheme = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
    text = etree.tostring(signed.find(f"{{{SAML}}}Assertion"))
    _value(root, 0).text = base64.b64encode(public.encrypt(key, scheme)).decode()
    _value(root, 1).text = base64.b64encode(nonce + AESGCM(key).encrypt(nonce, text, None)).decode()
    method = root.find(f".//{{{XENC}}}EncryptedKey/{{{XENC}}}EncryptionMethod")
    method.set("Algorithm", OAEP)
    method.find(f"{{{DS}}}DigestMethod").set("Algorithm", XENC + "sha256")
    etree.SubElement(method, f"{{{XENC11}}}MGF", {"Algorithm": XENC11 + "mgf1sha256"})
    assert accept(connection, root).subject == "ada@example.com"


def test_encryption_can_be_demanded(connection, idp, own_key, accept, refuse):
    """`encryption: required` refuses what came in clear."""
    strict = connection.changed(encryption="required")
    assert refuse(strict, idp.respond(strict.answer())) == "saml-not-encrypted"
    assert accept(strict, idp.respond(strict.answer(), encrypt_to=own_key.certificate_pem)).subject


def test_s12_rsa_1_5_is_refused_before_any_key_is_touched(connection, idp, own_key, refuse):
    """S12: PKCS#1 v1.5 is an oracle by construction (Bleichenbacher)."""
    root = encrypt_assertion(_signed(connection, idp), own_key.certificate_pem, transport=XENC + "rsa-1_5")
    assert refuse(connection, root) == "saml-encryption-form"


@pytest.mark.parametrize("method", [XENC + "des-cbc", XENC + "aes256-cbc ", "", "urn:x"])
def test_s12_an_unlisted_content_algorithm_is_refused(connection, idp, own_key, refuse, method):
    """S12: unknown ciphers."""
    root = encrypt_assertion(_signed(connection, idp), own_key.certificate_pem, method=method)
    assert refuse(connection, root) == "saml-encryption-form"


def _broken_padding(root):
    value = _value(root, 1)
    data = bytearray(base64.b64decode(value.text))
    data[-1] ^= 0xFF
    value.text = base64.b64encode(bytes(data)).decode()


def _broken_body(root):
    value = _value(root, 1)
    data = bytearray(base64.b64decode(value.text))
    data[20] ^= 0xFF
    value.text = base64.b64encode(bytes(data)).decode()


def _broken_key(root):
    _value(root, 0).text = base64.b64encode(os.urandom(256)).decode()


def _short_key(root):
    _value(root, 0).text = base64.b64encode(b"\x01" * 5).decode()


def _truncated(root):
    _value(root, 1).text = base64.b64encode(os.urandom(17)).decode()


def _garbage(root):
    _value(root, 1).text = base64.b64encode(os.urandom(640)).decode()


@pytest.mark.parametrize("break_it", [_broken_padding, _broken_body, _broken_key, _short_key, _truncated, _garbage])
@pytest.mark.parametrize(
    "method", [XENC + "tripledes-cbc", XENC + "aes128-cbc", XENC + "aes256-cbc", XENC11 + "aes256-gcm"]
)
def test_s12_what_goes_wrong_with_a_secret_has_one_name(connection, idp, own_key, refuse, break_it, method):
    """S12: wrong key, wrong padding, wrong XML: one code, one detail, one step in the trace."""
    root = encrypt_assertion(_signed(connection, idp), own_key.certificate_pem, method=method)
    break_it(root)
    assert refuse(connection, root) == "saml-decryption"
    assert connection.checks[-1].received == "none of our keys gives a usable assertion"


@pytest.mark.parametrize(
    "plaintext", [b"", b"<", b"<a/>", b"\x00\x00", b"<!DOCTYPE a><a/>", b"</samlp:Response>", b"text"]
)
def test_s12_a_plaintext_that_is_no_assertion_is_refused_the_same_way(connection, idp, own_key, refuse, plaintext):
    """S12: also when the provider's own plaintext is nonsense."""
    root = build_response(connection.answer())
    assert (
        refuse(connection, encrypt_assertion(root, own_key.certificate_pem, plaintext=plaintext)) == "saml-decryption"
    )


def test_s12_a_key_of_somebody_else_is_refused_the_same_way(connection, idp, attacker, refuse):
    """S12: encrypted for another service provider."""
    response = idp.respond(connection.answer(), encrypt_to=attacker.key.certificate_pem)
    assert refuse(connection, response) == "saml-decryption"


@pytest.mark.parametrize("break_it", [None, _broken_padding, _broken_body, _broken_key, _garbage])
def test_s12_every_failure_takes_the_same_path(connection, attacker, own_key, refuse, monkeypatch, break_it):
    """S12: wrong padding and wrong XML end in a signature that fails, just as a wrong signature does."""
    import portico_saml.verification as module

    verified = []
    real = module.verify_signature
    monkeypatch.setattr(module, "verify_signature", lambda form, keys: (verified.append(form), real(form, keys))[1])
    root = encrypt_assertion(
        attacker.respond_tree(connection.answer()), own_key.certificate_pem, method=XENC + "aes256-cbc"
    )
    if break_it is not None:
        break_it(root)
    assert refuse(connection, root) == ("saml-decryption" if break_it else "saml-signature")
    assert len(verified) == 1


def test_s12_a_response_cannot_clash_with_the_decoy(connection, own_key, refuse):
    """S12: not even a response with the decoy's ID gets another answer."""
    root = encrypt_assertion(build_response(connection.answer(response_id="_decoy")), own_key.certificate_pem)
    _broken_key(root)
    assert refuse(connection, root) == "saml-decryption"


def test_s12_the_number_of_private_key_operations_is_bounded(connection, idp, own_key, refuse):
    """S12: many EncryptedKeys would be many expensive operations."""
    root = encrypt_assertion(_signed(connection, idp), own_key.certificate_pem, key_in_key_info=False)
    key = root.find(f".//{{{XENC}}}EncryptedKey")
    for index in range(5):
        copy = etree.fromstring(etree.tostring(key))
        copy.set("Id", f"_k{index}")
        key.addnext(copy)
    assert refuse(connection, root) == "saml-encryption-form"


@pytest.mark.parametrize("uri", ["#_other", "", "#", "http://127.0.0.1/", "file:///etc/passwd"])
def test_a_retrieval_method_leads_nowhere_but_to_the_key_beside_it(connection, idp, own_key, refuse, uri):
    """A RetrievalMethod is followed within the EncryptedAssertion only."""
    root = encrypt_assertion(_signed(connection, idp), own_key.certificate_pem, retrieval_method=True)
    root.find(f".//{{{DS}}}RetrievalMethod").set("URI", uri)
    assert refuse(connection, root) == "saml-encryption-form"


def test_a_cipher_reference_is_refused(connection, idp, own_key, refuse):
    """CipherReference would fetch the ciphertext from somewhere."""
    root = encrypt_assertion(_signed(connection, idp), own_key.certificate_pem)
    data = root.findall(f".//{{{XENC}}}CipherData")[1]
    data.remove(data[0])
    etree.SubElement(data, f"{{{XENC}}}CipherReference", {"URI": "http://127.0.0.1/"})
    assert refuse(connection, root) == "saml-encryption-form"


def test_without_a_key_of_ours_an_encrypted_assertion_is_refused(idp, own_key, refuse):
    """Our own lack is our own reason, not the provider's."""
    connection = Connection.to(idp)
    response = idp.respond(connection.answer(), encrypt_to=own_key.certificate_pem)
    assert refuse(connection, response) == "saml-configuration"


def test_an_encrypted_response_is_not_changed_by_looking_at_it(connection, idp, own_key, accept):
    """The same bytes give the same identity twice."""
    response = to_bytes(idp.respond_tree(connection.answer(), signed="both", encrypt_to=own_key.certificate_pem))
    assert accept(connection, response) == accept(connection, response)
