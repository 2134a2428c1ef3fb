"""Network addresses: one spelling each, and what counts as one user."""

from __future__ import annotations

import pytest

from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.network_address import (
    NetworkAddress,
    counted_address,
    parse_network_address,
)


@pytest.mark.parametrize(
    ("text", "value", "counted"),
    [
        ("203.0.113.7", "203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7", "203.0.113.7"),
        ("::FFFF:CB00:7107", "203.0.113.7", "203.0.113.7"),
        ("2001:DB8:0:0:0:0:0:7", "2001:db8::7", "2001:db8::/64"),
        ("2001:db8::ffff:ffff:ffff:ffff", "2001:db8::ffff:ffff:ffff:ffff", "2001:db8::/64"),
        ("2001:db8:0:1::7", "2001:db8:0:1::7", "2001:db8:0:1::/64"),
        ("::1", "::1", "::/64"),
    ],
)
def test_an_address_has_one_spelling_and_counts_with_its_household(
    text: str, value: str, counted: str
) -> None:
    address = parse_network_address(text, "address")
    assert (address.value, address.counted) == (value, counted)


@pytest.mark.parametrize(
    "text",
    [
        *("", "localhost", "203.0.113", "203.0.113.007", " 203.0.113.7", "203.0.113.7:80"),
        *("3405803783", "203.0.113.0/24", "fe80::1%eth0", "[2001:db8::7]", "٢٠٣.0.113.7"),
    ],
)
def test_what_is_no_address_is_refused_by_the_name_of_its_field(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_network_address(text, "customer.address")
    assert refused.value.field == "customer.address"
    assert "203.0.113.7" in refused.value.message


@pytest.mark.parametrize("text", ["2001:DB8::7", "::ffff:203.0.113.7", "nowhere"])
def test_no_address_is_born_in_another_spelling(text: str) -> None:
    with pytest.raises(InvalidInput):
        NetworkAddress(text)


def test_a_network_of_one_connection_is_one_place() -> None:
    one, other = "2001:db8:1:2::1", "2001:DB8:1:2:ffff:ffff:ffff:ffff"
    assert counted_address(one) == counted_address(other) == "2001:db8:1:2::/64"
    assert counted_address("2001:db8:1:3::1") != counted_address(one)


@pytest.mark.parametrize(
    "text", ["203.0.113.7", "::ffff:203.0.113.7", "::ffff:cb00:7107", "2002:cb00:7107:5::1"]
)
def test_an_ipv4_address_is_itself_in_any_clothes(text: str) -> None:
    assert counted_address(text) == "203.0.113.7"


def test_the_name_of_an_interface_makes_no_other_place() -> None:
    assert counted_address("fe80::1%eth0") == counted_address("fe80::2%eth1")


@pytest.mark.parametrize("text", ["", "testclient", "300.1.1.1", "2001:db8::/32"])
def test_what_is_no_address_is_counted_as_it_stands(text: str) -> None:
    assert counted_address(text) == text
