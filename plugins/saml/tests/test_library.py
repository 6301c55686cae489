"""python3-saml as the last gate: pinned, whole, and stock outside a sign-in."""

from __future__ import annotations

import threading
from importlib.metadata import version

import pytest
from onelogin.saml2 import response as library_response
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.utils import OneLogin_Saml2_Utils
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

from portico_saml import library_functions as library
from portico_saml.names import SAML
from portico_saml.testing import Connection


def test_the_version_of_the_library_is_pinned():
    """The functions that are replaced were read in this version; another needs another look."""
    assert version("python3-saml") == library.LIBRARY_VERSION == "1.16.0"


def test_only_two_names_in_one_module_are_replaced(adapter):
    """The library's own modules keep their functions; its response module sees subclasses of them."""
    library.install()
    assert library_response.OneLogin_Saml2_XML is library.LibraryXml
    assert library_response.OneLogin_Saml2_Utils is library.LibraryUtils
    assert issubclass(library.LibraryXml, OneLogin_Saml2_XML)
    assert issubclass(library.LibraryUtils, OneLogin_Saml2_Utils)
    assert OneLogin_Saml2_Utils.now.__module__ == "onelogin.saml2.utils"
    assert "is_valid" not in vars(library.PreparedResponse)
    assert library.PreparedResponse.is_valid is OneLogin_Saml2_Response.is_valid


def test_another_version_does_not_start(monkeypatch):
    """Fail closed: the whole distribution is then reported as broken."""
    monkeypatch.setattr(library, "version", lambda name: "1.17.0")
    with pytest.raises(RuntimeError, match=r"1\.17\.0"):
        library.install()


def test_outside_a_sign_in_the_library_verifies_for_itself(idp, connection):
    """No verified signature is remembered beyond the sign-in in which it was verified."""
    tree = idp.respond_tree(connection.answer())
    assertion_path = OneLogin_Saml2_Utils.ASSERTION_SIGNATURE_XPATH
    assert library.LibraryUtils.validate_sign(tree, idp.key.certificate_pem, xpath=assertion_path) is True
    tree.find(f".//{{{SAML}}}NameID").text = "root@example.com"
    assert library.LibraryUtils.validate_sign(tree, idp.key.certificate_pem, xpath=assertion_path) is False
    assert library.LibraryUtils.now() == OneLogin_Saml2_Utils.now()


def test_the_library_accepts_no_signature_that_we_did_not_verify(connection, idp, accept, monkeypatch):
    """Were our own verification skipped by mistake, the library would refuse."""
    import portico_saml.response as module
    from portico_sdk import SignInRefused

    real = module.second_opinion
    monkeypatch.setattr(
        module, "second_opinion", lambda evidence, tree, signatures, made: real(evidence, tree, (), made)
    )
    with pytest.raises(SignInRefused) as refused:
        accept(connection, idp.respond(connection.answer()))
    assert refused.value.code == "saml-library"


def test_the_library_runs_in_every_sign_in(connection, idp, accept, monkeypatch):
    """Its verdict is asked for each time, and a refusal of any kind counts."""
    from portico_sdk import SignInRefused

    def fail(self, *arguments, **options):
        raise KeyError("anything")

    monkeypatch.setattr(OneLogin_Saml2_Response, "is_valid", fail)
    with pytest.raises(SignInRefused) as refused:
        accept(connection, idp.respond(connection.answer()))
    assert refused.value.code == "saml-library"


def test_threads_do_not_mix_their_sign_ins(adapter, idp, own_key):
    """Several threads, several connections, one process."""
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            connection = Connection.to(idp, name=f"con-{number}", keys=(own_key,))
            context = connection.context(adapter)
            for turn in range(20):
                name = f"user-{number}-{turn}"
                encrypt_to = own_key.certificate_pem if turn % 2 else None
                response = idp.respond(connection.answer(name_id=name), encrypt_to=encrypt_to)
                assert adapter.complete(context, connection.callback(response)).subject == name
        except BaseException as error:  # a thread's failure must reach the test
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
