"""Whose address it is, as far as counting goes."""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Final

_HOME: Final = 64
"""One connection gets a /64 at least (RFC 6177): its 2**64 addresses are one place, not many."""


def counted_address(text: str) -> str:
    """Name the place that an address belongs to: an IPv4 address itself, of IPv6 its /64.

    An IPv4 address in IPv6 clothes (mapped, 6to4) is the IPv4 address. What is no address is
    counted as it stands.
    """
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return text
    if not isinstance(address, IPv6Address):
        return str(address)
    inner = address.ipv4_mapped or address.sixtofour
    return str(inner or IPv6Network((int(address), _HOME), strict=False))
