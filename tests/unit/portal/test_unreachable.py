"""Requirement 13: every reason why a metadata address cannot be read has words of its own, for customers."""

from __future__ import annotations

import pytest

from app.errors import Problem
from app.portal.unreachable import REASONS, tell
from portico_sdk.reaching import UNREACHABLE


def test_every_reason_of_the_guard_has_words_of_its_own() -> None:
    kept = {"outbound-document", "outbound-dns"}  # of documents that are kept, which this page never reads
    for code in UNREACHABLE - kept - {"outbound-status"}:
        assert code in REASONS
    assert len(set(REASONS.values())) == len(REASONS)


def test_no_customer_reads_an_operators_setting() -> None:
    said = tell(Problem("metadata_url", "outbound-address-refused", "allow it with PORTICO_OUTBOUND_ALLOW"), file=True)
    assert "PORTICO" not in said.message
    assert "private network" in said.message
    assert said.message.endswith("You can give us the metadata as a file instead.")


@pytest.mark.parametrize("status", [204, 302, 401, 403, 404, 410, 500, 503])
def test_the_servers_status_is_said(status: int) -> None:
    said = tell(Problem("metadata_url", "outbound-status", f"the server answered {status}"), file=False)
    assert str(status) in said.message


def test_what_is_not_about_reaching_a_server_stays() -> None:
    problem = Problem("metadata_url", "metadata-no-provider", "The document describes no identity provider.")
    assert tell(problem, file=True) is problem
