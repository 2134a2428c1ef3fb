"""Where an end user comes from, as far as a product tells it."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

from askfirst.domain.values.errors import InvalidInput

_RIGHT: Final = "must be an IP address, for example 203.0.113.7 or 2001:db8::7"
_HOUSEHOLD_BITS: Final = 64


@dataclass(frozen=True, slots=True)
class NetworkAddress:
    """An IP address in its one canonical spelling (RFC 5952); anything else is InvalidInput."""

    value: str

    def __post_init__(self) -> None:
        if str(_read(self.value, "address")) != self.value:
            raise InvalidInput("address", _RIGHT)

    @property
    def counted(self) -> str:
        """Return what counts as one user: an IPv4 address, or the first 64 bits of an IPv6 one.

        A household gets a network of that size, or a larger one (RFC 6177), and may change the
        other 64 bits as often as it likes. What is made of an IPv4 address (6to4) is that one.
        """
        if ":" not in self.value:
            return self.value
        inner = IPv6Address(self.value).sixtofour
        return str(inner or ip_network((self.value, _HOUSEHOLD_BITS), strict=False))


def parse_network_address(text: str, field: str) -> NetworkAddress:
    """Read any spelling of an IP address; what is an IPv4 address in IPv6's clothes is one.

    Raises:
        InvalidInput: it is none; an interface's name (`fe80::1%eth0`) says nothing here.
    """
    return NetworkAddress(str(_read(text, field)))


def counted_address(text: str) -> str:
    """Name the user that a connection comes from; what is no address is counted as it stands."""
    try:
        return parse_network_address(text.partition("%")[0], "address").counted
    except InvalidInput:
        return text


def _read(text: str, field: str) -> IPv4Address | IPv6Address:
    try:
        found = ip_address(text)
    except ValueError as error:
        raise InvalidInput(field, _RIGHT) from error
    if isinstance(found, IPv6Address):
        if found.scope_id is not None:
            raise InvalidInput(field, _RIGHT)
        return found.ipv4_mapped or found
    return found
