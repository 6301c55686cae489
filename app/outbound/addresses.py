"""Which IP addresses an outbound request may reach."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from requests_hardened.ip_filter import EXTRA_BLOCKED_NET_RANGES

Address = IPv4Address | IPv6Address

#: The only IPv6 block from which global unicast addresses are given out (IANA); everything else is special.
_GLOBAL_UNICAST = ip_network("2000::/3")

#: What an operator may open by naming the origin. Link-local (cloud metadata), multicast and reserved ranges never.
_OPENABLE = tuple(
    ip_network(network)
    for network in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "::1/128",
        "fc00::/7",
    )
)


def parse_address(text: str) -> Address:
    """Return the address that a connection to `text` would reach: an IPv4-mapped address is the IPv4 address in it.

    Raises ValueError.
    """
    address = ip_address(text)
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def is_public(address: Address) -> bool:
    """Return True only for ordinary addresses of the public Internet."""
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
        return False
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    return not any(address in network for network in EXTRA_BLOCKED_NET_RANGES if network.version == address.version)


def is_openable(address: Address) -> bool:
    """Return True for addresses that an operator may open by naming an origin."""
    return is_public(address) or any(address in network for network in _OPENABLE if network.version == address.version)
