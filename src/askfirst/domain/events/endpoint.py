"""The address of a server that events are posted to: one that is on the public internet.

Whoever may make a subscription names an address, and askfirst calls it from within the operator's
network: without these checks that is a way to every server there (server-side request forgery,
OWASP API7:2023). The text is checked when it is given; what its name resolves to, at each
connection, by `is_public`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import SplitResult, urlsplit

from askfirst.domain.values.errors import InvalidInput

URL_MAX: Final = 2048
_HTTPS_PORT: Final = 443
_PORTS_FROM: Final = 1024
_URL: Final = re.compile(r"[!-\[\]-~]+", re.ASCII)
"""Visible ASCII, but for the backslash, which some readers take for a slash."""
_LABEL: Final = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_NAME: Final = re.compile(rf"(?=.{{1,253}}$){_LABEL}(\.{_LABEL})+", re.ASCII)
_NUMERIC: Final = re.compile(r"([0-9]+|0x[0-9a-f]*)", re.ASCII)
"""A last label that makes some readers take the whole name for an IPv4 address (WHATWG URL)."""
_PRIVATE_NAMES: Final = ("localhost", "local", "internal", "home.arpa", "onion", "invalid")
"""Names that are never on the public internet (RFC 6761, 6762, 7686, 8375)."""
_UNICAST: Final = ip_network("2000::/3")
"""All that is global unicast in IPv6 (RFC 4291). What carries IPv4 (mapped, NAT64) is outside."""
_SPECIAL: Final = tuple(
    map(
        ip_network, ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "2001::/23", "3fff::/20")
    )
)
"""What some Pythons take for global: protocol assignments, relays and documentation (IANA's special
purpose registries), and an address at which a cloud (Azure) answers its own machines only."""
_HTTPS_ONLY: Final = "must begin with https"
_NOT_PUBLIC: Final = "must be a server on the public internet"


def is_public(address: str) -> bool:
    """Return whether an IP address, as a resolver gives it, is one of the public internet."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if not found.is_global or found.is_multicast or found.is_reserved:
        return False
    if any(found in network for network in _SPECIAL):
        return False
    if isinstance(found, IPv6Address):
        return found in _UNICAST and found.sixtofour is None
    return True


def is_loopback(address: str) -> bool:
    """Return whether an IP address is this machine's own."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class EndpointUrl:
    """A URL that events may be posted to; see `parse_endpoint`. The host is in small letters."""

    value: str
    host: str
    port: int
    is_tls: bool

    def may_reach(self, address: str) -> bool:
        """Return whether a connection may go to this IP address that the host resolves to."""
        return is_public(address) if self.is_tls else is_loopback(address)


def parse_endpoint(url: str, *, with_loopback: bool = False, field: str = "url") -> EndpointUrl:
    """Read a URL: https, a public host, no user. `with_loopback`: http to this machine, too.

    Raises:
        InvalidInput: it is not such a URL; the message says what would be right.
    """
    if not 0 < len(url) <= URL_MAX or not _URL.fullmatch(url):
        raise InvalidInput(field, f"must be 1 to {URL_MAX} visible ASCII characters")
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
    except ValueError as error:
        raise InvalidInput(field, "must be a URL such as https://shop.example/askfirst") from error
    if "@" in parts.netloc or "#" in url:
        raise InvalidInput(field, "must have no user, no password and no fragment")
    if parts.scheme == "http" and with_loopback and _is_this_machine(host):
        return EndpointUrl(url, host, port or 80, is_tls=False)
    if parts.scheme != "https":
        raise InvalidInput(field, _HTTPS_ONLY)
    _check_host(parts, host, field)
    if port is not None and port != _HTTPS_PORT and port < _PORTS_FROM:
        raise InvalidInput(field, "must have the port 443, or one from 1024 on")
    return EndpointUrl(url, host, port or _HTTPS_PORT, is_tls=True)


def _is_this_machine(host: str) -> bool:
    return host == "localhost" or is_loopback(host)


def _check_host(parts: SplitResult, host: str, field: str) -> None:
    if "[" in parts.netloc or _NUMERIC.fullmatch(host.removesuffix(".").rpartition(".")[2]):
        if not is_public(host) or "%" in host:
            raise InvalidInput(field, _NOT_PUBLIC)
        return
    if not _NAME.fullmatch(host):
        message = "must name a host such as shop.example; other alphabets as xn--… (punycode)"
        raise InvalidInput(field, message)
    if any(host == name or host.endswith("." + name) for name in _PRIVATE_NAMES):
        raise InvalidInput(field, _NOT_PUBLIC)
