"""Which addresses may be called, and which must not: a table of spellings that got past others."""

from __future__ import annotations

from itertools import product

import pytest

from askfirst.domain.events.endpoint import URL_MAX, is_public, parse_endpoint
from askfirst.domain.values.errors import InvalidInput

PRIVATE_V4 = (
    *("0.0.0.0", "0.1.2.3", "10.0.0.0", "10.0.0.1", "10.255.255.255", "100.64.0.0", "100.64.0.1"),
    *("100.100.100.200", "100.127.255.255", "127.0.0.0", "127.0.0.1", "127.1.2.3"),
    *("127.255.255.255", "168.63.129.16", "169.254.0.1", "169.254.169.254", "169.254.170.2"),
    *("172.16.0.1", "172.17.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1"),
    *("192.168.0.1", "192.168.1.1", "192.168.255.255", "198.18.0.1", "198.19.255.255"),
    *("198.51.100.1", "203.0.113.1", "224.0.0.1", "224.0.0.251", "232.1.1.1", "239.255.255.255"),
    *("240.0.0.1", "255.255.255.254", "255.255.255.255"),
)
PRIVATE_V6 = (
    *("::", "::1", "::2", "::7f00:1", "::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1"),
    *("::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:8.8.8.8", "::ffff:7f00:1"),
    *("::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b::8.8.8.8"),
    *("64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "64:ff9b:1::10.0.0.1", "100::1", "100:0:0:1::1"),
    *("2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1", "2001:10::1"),
    *("2001:db8::1", "2001:db8:ffff::1", "2002:7f00:1::", "2002:a00:1::1", "2002:a9fe:a9fe::"),
    *("2002:808:808::1", "3fff::1", "5f00::1", "4000::1", "6000::1", "8000::1", "a000::1"),
    *("e000::1", "f000::1", "f800::1", "fc00::1", "fd00::1", "fd00:ec2::254", "fd12:3456::1"),
    *("fe80::1", "fe80::a9fe:a9fe", "febf::1", "fec0::1", "feff::1", "ff01::1", "ff02::1"),
    *("ff02::fb", "ff05::1", "ff0e::1"),
)
PUBLIC = (
    *("1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0"),
    *("126.255.255.255", "128.0.0.1", "169.253.255.255", "169.255.0.0", "172.15.255.255"),
    *("172.32.0.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0"),
    *("223.255.255.255", "2606:4700:4700::1111", "2001:4860:4860::8888", "2a00:1450::1"),
)
NOT_AN_ADDRESS = ("", "localhost", "fe80::1%eth0", "8.8.8.8:53", "08.8.8.8", "8.8.8", "0x8.8.8.8")

SPELT = (  # this machine, the neighbours and the cloud's data, as only some readers read them
    *("2130706433", "017700000001", "0x7f000001", "0x7F000001", "0x7f.0.0.1", "0177.0.0.1"),
    *("0177.0.0.01", "127.1", "127.0.1", "127.0x1", "0x7f.1", "0", "0x0", "00", "0.0", "1"),
    *("2852039166", "0xa9fea9fe", "0xa9.0xfe.0xa9.0xfe", "0251.0376.0251.0376", "169.254.43518"),
    *("0xA9FE.43518", "025177524776", "10.1", "0xa.1", "012.1", "3232235521", "0xc0a80001"),
    *("192.168.257", "0300.0250.1", "127.0.0.1.", "127.0.0.01", "127.00.0.1", "127.0.0.0x1"),
    *("0127.0.0.1", "00127.0.0.1", "1.1.1.1.", "8.8.8.08", "256.256.256.256", "1.2.3.4.5"),
    *("999.1.1.1", "4294967296", "0x100000000", "shop.example.1", "shop.0x7f", "a.0"),
)
NAMES = (
    *("localhost", "LOCALHOST", "localhost.", "foo.localhost", "a.b.localhost", "printer.local"),
    *("metadata.google.internal", "metadata", "kubernetes", "db.internal", "router.home.arpa"),
    *("hidden.onion", "x.invalid", "intranet", "com", "a", "-", "-a.example", "a-.example"),
    *("a..example", ".example", "shop.example.", "shop_1.example", "*.example", "sh%6fp.example"),
    *("%6c%6f%63%61%6c%68%6f%73%74", "127%2e0%2e0%2e1", "shop.example%00.evil.example"),
    *("localhost%00.example", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "①②⑦.⓪.⓪.①", "１２７.0.0.1", "127。0。0。1"),
    *("shöp.example", "localhost\u200b", "ſhop.example", "127.0.0.1\u3002", "a" * 64 + ".example"),
    *(("a" * 60 + ".") * 5 + "example", "shop.example'", "shop,example", "shop;example"),
    *("shop.example|x", "{shop}.example", "$(id).example", "`id`.example", "shop.example^"),
)
URLS = (
    *("", " ", "https", "https:", "https://", "https:///", "https://?", "https:shop.example"),
    *("https:/shop.example", "//shop.example", "shop.example", "/shop", "?x", "#x"),
    *("http://shop.example", "HTTP://shop.example", "ftp://shop.example", "file:///etc/passwd"),
    *("gopher://127.0.0.1:6379/_FLUSHALL", "dict://127.0.0.1:11211/", "ldap://127.0.0.1"),
    *("data:text/plain,x", "javascript:alert(1)", "unix:///var/run/docker.sock", "ws://a.example"),
    *("wss://a.example", "jar:https://a.example!/", "netdoc:///etc/passwd", "sftp://a.example"),
    *("https://user@shop.example", "https://user:pass@shop.example", "https://@shop.example"),
    *("https://:@shop.example", "https://shop.example@127.0.0.1", "https://127.0.0.1@shop.example"),
    *("https://shop.example:443@127.0.0.1", "https://shop.example#@127.0.0.1"),
    *("https://127.0.0.1#@shop.example", "https://shop.example#", "https://shop.example/#x"),
    *("https://shop.example\\@127.0.0.1", "https:\\\\shop.example", "https://127.0.0.1\\.example"),
    *("https://shop.example\\", "https://shop.example /", "https://shop .example"),
    *(" https://shop.example", "https://shop.example ", "https://shop.example\n"),
    *("https://shop.example\r\nx: y", "https://shop.example/\tx", "https://shop.example/\x00"),
    *("ht\ntps://shop.example", "https://sh\top.example", "https://shop.example/\x7f"),
    *("https://shop.example/é", "https://shop.example/\u2028", "\ufeffhttps://shop.example"),
    *("https://shop.example:0", "https://shop.example:1", "https://shop.example:22"),
    *("https://shop.example:25", "https://shop.example:53", "https://shop.example:80"),
    *("https://shop.example:110", "https://shop.example:389", "https://shop.example:445"),
    *("https://shop.example:1023", "https://shop.example:65536", "https://shop.example:-1"),
    *("https://shop.example:99999999", "https://shop.example:4 43", "https://shop.example:x"),
    *("https://shop.example:443:80", "https://shop.example:٤٤٣", "https://shop.example:+443"),
    *("https://[", "https://[]", "https://[::1", "https://::1", "https://[::1%25lo]/"),
    *(
        "https://[fe80::1%25eth0]",
        "https://[fe80::1%eth0]",
        "https://[v1.x]",
        "https://[127.0.0.1]",
    ),
    *("https://[2606:4700::1111%25eth0]", "https://[shop.example]", "https://[::1].example"),
    *("https://shop.example/" + "a" * URL_MAX,),
)
REFUSED = (
    *(f"https://{address}/hook" for address in PRIVATE_V4),
    *(f"https://[{address}]/hook" for address in PRIVATE_V6),
    *(f"https://{host}:{port}/" for host, port in product(("10.0.0.1", "[::1]"), (443, 8443))),
    *(f"https://{host}/hook" for host in (*SPELT, *NAMES)),
    *URLS,
)
TAKEN = {
    "https://shop.example": ("shop.example", 443),
    "https://shop.example/": ("shop.example", 443),
    "https://shop.example:443/a?b=c&d=%20": ("shop.example", 443),
    "HTTPS://Shop.Example/Hook": ("shop.example", 443),
    "https://a.b.c.shop.example:8443/x": ("a.b.c.shop.example", 8443),
    "https://shop.example:1024": ("shop.example", 1024),
    "https://shop.example:65535": ("shop.example", 65535),
    "https://xn--shp-sna.example/": ("xn--shp-sna.example", 443),
    "https://1-2.example/": ("1-2.example", 443),
    "https://127.0.0.1.nip.example/": ("127.0.0.1.nip.example", 443),
    "https://8.8.8.8/": ("8.8.8.8", 443),
    "https://[2606:4700:4700::1111]:8443/": ("2606:4700:4700::1111", 8443),
    "https://localhost.shop.example/": ("localhost.shop.example", 443),
}


def test_the_table_is_as_long_as_the_promise() -> None:
    assert len({*REFUSED, *PRIVATE_V4, *PRIVATE_V6, *PUBLIC, *TAKEN, *NOT_AN_ADDRESS}) >= 300


@pytest.mark.parametrize("url", REFUSED)
def test_what_may_lead_into_a_network_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_endpoint(url)
    assert refused.value.field == "url"


@pytest.mark.parametrize("url", TAKEN)
def test_a_public_server_is_taken(url: str) -> None:
    read = parse_endpoint(url)
    assert (read.value, (read.host, read.port), read.is_tls) == (url, TAKEN[url], True)


@pytest.mark.parametrize("address", [*PRIVATE_V4, *PRIVATE_V6, *NOT_AN_ADDRESS])
def test_a_name_must_not_resolve_to_what_is_not_public(address: str) -> None:
    assert not is_public(address)
    assert not parse_endpoint("https://shop.example").may_reach(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_name_may_resolve_to_what_is_public(address: str) -> None:
    assert is_public(address)
    assert parse_endpoint("https://shop.example").may_reach(address)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000/x", "http://localhost:8000/", "http://[::1]:8000"]
)
def test_this_machine_is_taken_only_where_that_is_set(url: str) -> None:
    read = parse_endpoint(url, with_loopback=True)
    assert (read.port, read.is_tls) == (8000, False)
    assert read.may_reach("127.0.0.1")
    assert not read.may_reach("10.0.0.1")
    with pytest.raises(InvalidInput):
        parse_endpoint(url)


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1", "http://shop.example", "http://8.8.8.8", "https://127.0.0.1"]
)
def test_to_allow_this_machine_allows_nothing_else(url: str) -> None:
    with pytest.raises(InvalidInput):
        parse_endpoint(url, with_loopback=True)
