"""Interface, requirement 24: what was found at which name server, each outcome told apart; DNS on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import dns.exception
import dns.rcode
import dns.resolver
import pytest

from app.organizations.dns import AuthoritativeServers, Server, TxtQuestion, fixed_servers, make_question
from tests.support.dns_server import NameServer, name_server

DOMAIN, HOST, VALUE = "halden.example", "_portico.halden.example", "portico-domain-verification=abc"


@pytest.fixture
def server() -> Iterator[NameServer]:
    with name_server() as running:
        yield running


@pytest.fixture
def ask(server: NameServer) -> TxtQuestion:
    return TxtQuestion(fixed_servers([server.address]), timeout_s=0.3)


def test_the_record_is_found_and_the_answer_names_the_server(server: NameServer, ask: TxtQuestion) -> None:
    server.publish(HOST, VALUE)
    answer = ask(DOMAIN, HOST, VALUE)
    assert (answer.outcome, answer.name, answer.values) == ("found", HOST, (VALUE,))
    assert answer.server == f"127.0.0.1:{server.address[1]}"


@pytest.mark.parametrize(
    "written",
    [f"  {VALUE} ", f"{VALUE}\\010", [VALUE[:9], VALUE[9:]], f'\\"{VALUE}\\"', [VALUE[:20] + " ", " " + VALUE[20:]]],
    ids=["blanks", "newline", "split", "quotes", "split with blanks"],
)
def test_white_space_and_split_strings_are_accepted(
    server: NameServer, ask: TxtQuestion, written: str | list[str]
) -> None:
    server.publish(HOST, written)
    assert ask(DOMAIN, HOST, VALUE).outcome == "found"


def test_it_is_found_among_other_values(server: NameServer, ask: TxtQuestion) -> None:
    server.publish(HOST, "v=spf1 -all", VALUE)
    assert ask(DOMAIN, HOST, VALUE).outcome == "found"


def test_no_record_is_not_found(server: NameServer, ask: TxtQuestion) -> None:
    answer = ask(DOMAIN, HOST, VALUE)
    assert (answer.outcome, answer.values) == ("not-found", ())
    assert answer.server


@pytest.mark.parametrize("other", [VALUE.upper(), VALUE + "x", VALUE[:-1], "portico-domain-verification=other"])
def test_another_value_is_told_with_what_stands_there(server: NameServer, ask: TxtQuestion, other: str) -> None:
    server.publish(HOST, other)
    answer = ask(DOMAIN, HOST, VALUE)
    assert (answer.outcome, answer.values) == ("wrong-value", (other,))


def test_many_long_values_are_shown_cut(server: NameServer, ask: TxtQuestion) -> None:
    server.publish(HOST, *[f"{number}" + "x" * 240 for number in range(4)])
    answer = ask(DOMAIN, HOST, VALUE)
    assert answer.outcome == "wrong-value"
    assert len(answer.values) <= 5
    assert all(len(value) <= 200 for value in answer.values)


def test_a_panel_that_appended_the_domain_is_told(server: NameServer, ask: TxtQuestion) -> None:
    server.publish(f"{HOST}.{DOMAIN}", VALUE)
    answer = ask(DOMAIN, HOST, VALUE)
    assert (answer.outcome, answer.name) == ("doubled-zone", f"{HOST}.{DOMAIN}")


@pytest.mark.parametrize("code", [dns.rcode.SERVFAIL, dns.rcode.REFUSED, dns.rcode.NOTIMP])
def test_a_server_in_trouble_is_no_missing_record(server: NameServer, ask: TxtQuestion, code: dns.rcode.Rcode) -> None:
    server.rcode = code
    assert ask(DOMAIN, HOST, VALUE).outcome == "servfail"


def test_a_silent_server_is_a_timeout(server: NameServer, ask: TxtQuestion) -> None:
    server.silent = True
    assert ask(DOMAIN, HOST, VALUE).outcome == "timeout"


def test_the_next_server_answers_for_one_that_does_not(server: NameServer) -> None:
    server.publish(HOST, VALUE)
    with name_server() as mute:
        mute.silent = True
        ask = TxtQuestion(fixed_servers([mute.address, server.address]), timeout_s=0.2)
        assert ask(DOMAIN, HOST, VALUE).outcome == "found"


def test_nobody_in_charge_is_told(server: NameServer) -> None:
    assert TxtQuestion(lambda _: None)(DOMAIN, HOST, VALUE).outcome == "no-zone"


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(dns.exception.Timeout(), "timeout"), (dns.resolver.NoNameservers(), "servfail"), (OSError(), "servfail")],
)
def test_a_resolver_in_trouble_is_no_missing_record(error: Exception, outcome: str) -> None:
    def find(_domain: str) -> list[Server]:
        raise error

    assert TxtQuestion(find)(DOMAIN, HOST, VALUE).outcome == outcome


def test_the_setting_replaces_the_authoritative_servers(server: NameServer) -> None:
    """outside.md: PORTICO_DNS_SERVERS, host:port."""
    server.publish(HOST, VALUE)
    assert make_question([("localhost", server.address[1])])(DOMAIN, HOST, VALUE).outcome == "found"


class Resolver:
    """A resolver that knows what it is given: (name, type) -> values."""

    def __init__(self, known: dict[tuple[str, str], list[str]]) -> None:
        self._known = known
        self.asked: list[str] = []

    def resolve(self, name: object, kind: object) -> list[object]:
        kind_name = dns.rdatatype.to_text(kind)  # type: ignore[arg-type]
        self.asked.append(f"{str(name).rstrip('.')} {kind_name}")
        found = self._known.get((str(name).rstrip("."), kind_name))
        if found is None:
            raise dns.resolver.NXDOMAIN
        return [type("Record", (), {"target": value, "address": value})() for value in found]


def test_servers_are_those_of_the_closest_zone() -> None:
    known = {("halden.example", "NS"): ["ns1.dns.example."], ("ns1.dns.example.".rstrip("."), "A"): ["9.9.9.9"]}
    servers = AuthoritativeServers(Resolver(known))("it.halden.example")  # type: ignore[arg-type]
    assert servers == [("9.9.9.9", 53, "ns1.dns.example")]


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.53", "169.254.169.254", "::1", "fd00::53", "192.168.1.1"])
def test_a_name_server_at_a_private_address_is_not_asked(address: str) -> None:
    """R7, for DNS: whoever owns a domain names its servers, and must not make us talk to our own network."""
    kind = "AAAA" if ":" in address else "A"
    known = {("halden.example", "NS"): ["ns.halden.example."], ("ns.halden.example", kind): [address]}
    assert list(AuthoritativeServers(Resolver(known))("halden.example") or []) == []  # type: ignore[arg-type]


def test_a_top_level_domain_is_in_charge_of_nobody() -> None:
    resolver = Resolver({("example", "NS"): ["a.nic.example."]})
    assert AuthoritativeServers(resolver)("nobody.example") is None  # type: ignore[arg-type]
    assert "example NS" not in resolver.asked
