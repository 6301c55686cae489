"""Asking DNS for a customer's TXT record, at the servers that are in charge of the domain.

Authoritative servers know at once what a cache would learn in an hour. They are named by whoever owns the domain, so only
public addresses are asked, and nothing but port 53.

Spec: RFC 1034 4.3.1, RFC 1035 3.3.14.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype
import dns.resolver

from app.organizations.dns_answers import DnsAnswer, is_value
from app.outbound.addresses import is_public, parse_address

TIMEOUT_S = 3.0
MAX_SERVERS = 4
MAX_VALUES = 5
MAX_SHOWN = 200  # characters

#: (address, port, name as people know it)
Server = tuple[str, int, str]
#: Returns the servers in charge of a domain, or None when nobody is. Raises dns.exception.DNSException.
FindServers = Callable[[str], Sequence[Server] | None]


@dataclass(frozen=True, slots=True)
class TxtQuestion:
    """Implements `AskDns`: the same question to each server until one answers.

    Args:
        find_servers: who is in charge of a domain.
        timeout_s: for each try.
    """

    find_servers: FindServers
    timeout_s: float = TIMEOUT_S

    def __call__(self, domain: str, name: str, value: str) -> DnsAnswer:
        """Return what stands at `name`; when nothing of ours does, look one zone too deep as well. Never raises."""
        try:
            servers = self.find_servers(domain)
        except dns.exception.Timeout:
            return DnsAnswer("timeout", name)
        except (dns.exception.DNSException, OSError):
            return DnsAnswer("servfail", name)
        if not servers:
            return DnsAnswer("no-zone", name)
        answer = self._ask(servers[:MAX_SERVERS], name, value)
        if answer.outcome == "not-found":
            doubled = self._ask(servers[:MAX_SERVERS], f"{name}.{domain}", value)
            if doubled.outcome == "found":
                return DnsAnswer("doubled-zone", doubled.name, doubled.server, doubled.values)
        return answer

    def _ask(self, servers: Sequence[Server], name: str, value: str) -> DnsAnswer:
        """The first answer that says whether the record is there; else the best reason why nobody said."""
        failed: DnsAnswer | None = None
        for server in servers:
            answer = self._ask_one(server, name, value)
            if answer.outcome not in ("servfail", "timeout"):
                return answer
            if failed is None or failed.outcome == "timeout":
                failed = answer
        return failed or DnsAnswer("timeout", name)

    def _ask_one(self, server: Server, name: str, value: str) -> DnsAnswer:
        address, port, known_as = server
        try:
            question = dns.message.make_query(dns.name.from_text(name), dns.rdatatype.TXT)
            response, _ = dns.query.udp_with_fallback(question, address, timeout=self.timeout_s, port=port)
        except dns.exception.Timeout:
            return DnsAnswer("timeout", name, known_as)
        except (dns.exception.DNSException, OSError):
            return DnsAnswer("servfail", name, known_as)
        code = response.rcode()
        if code not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
            return DnsAnswer("servfail", name, known_as)
        values = tuple(_texts(response))
        if any(is_value(text, value) for text in values):
            return DnsAnswer("found", name, known_as, (value,))
        shown = tuple(_shown(text) for text in values[:MAX_VALUES])
        return DnsAnswer("wrong-value" if values else "not-found", name, known_as, shown)


def _texts(response: dns.message.Message) -> Iterator[str]:
    """Every TXT value of the answer, its strings joined as RFC 7208 3.3 does; unverified text."""
    for record_set in response.answer:
        if record_set.rdtype == dns.rdatatype.TXT:
            for record in record_set:
                yield b"".join(record.strings).decode("utf-8", "replace")


def _shown(text: str) -> str:
    """What any page and any database can hold of a value."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text[:MAX_SHOWN])


@dataclass(frozen=True, slots=True)
class AuthoritativeServers:
    """Finds the name servers of a domain through the system's resolver. Only public addresses count."""

    resolver: dns.resolver.Resolver = field(default_factory=lambda: _system_resolver())

    def __call__(self, domain: str) -> Sequence[Server] | None:
        """Return up to four servers of the closest zone; None when there is none below the top-level domain."""
        name = dns.name.from_text(domain)
        while len(name) > 2:  # the root and a top-level domain are in charge of no customer's name
            try:
                found = self.resolver.resolve(name, dns.rdatatype.NS)
                return list(self._addresses(str(record.target) for record in found))[:MAX_SERVERS]
            except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
                name = name.parent()
        return None

    def _addresses(self, names: Iterable[str]) -> Iterator[Server]:
        for name in sorted(names):
            for kind in (dns.rdatatype.A, dns.rdatatype.AAAA):
                try:
                    found = self.resolver.resolve(name, kind)
                except dns.exception.DNSException:
                    continue
                for record in found:
                    if is_public(parse_address(record.address)):
                        yield record.address, 53, name.rstrip(".")
                        break


def fixed_servers(servers: Sequence[tuple[str, int]]) -> FindServers:
    """Return a `FindServers` that names these (host, port) for every domain: an operator's setting, asked as they are."""

    def find(_domain: str) -> Sequence[Server]:
        return [(_address_of(host), port, f"{host}:{port}") for host, port in servers]

    return find


def make_question(servers: Sequence[tuple[str, int]] = ()) -> TxtQuestion:
    """Return the question as this installation asks it: at `servers` where the setting names some."""
    if servers:
        return TxtQuestion(fixed_servers(servers))
    return TxtQuestion(lambda domain: AuthoritativeServers()(domain))


def _address_of(host: str) -> str:
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return str(socket.getaddrinfo(host, 53, type=socket.SOCK_DGRAM)[0][4][0])


def _system_resolver() -> dns.resolver.Resolver:
    resolver = dns.resolver.Resolver()
    resolver.lifetime = 5.0
    return resolver
