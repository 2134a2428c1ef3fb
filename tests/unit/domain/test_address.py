"""Which addresses are counted as one."""

import pytest

from askfirst.domain.address import counted_address


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
