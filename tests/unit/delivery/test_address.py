from __future__ import annotations

import pytest

from askfirst.delivery.graph_client import parse_graph_url
from askfirst.domain.values.errors import InvalidInput


@pytest.mark.parametrize(
    ("url", "target", "path"),
    [
        ("https://graph.facebook.com", "/v23.0/1/messages", "/v23.0/1/messages"),
        ("https://graph.facebook.com/", "/1/messages", "/1/messages"),
        ("https://graph.facebook.com/v26.0", "/1/messages", "/v26.0/1/messages"),
        ("https://graph.facebook.com/v26.0", "/v23.0/1/messages", "/v23.0/1/messages"),
        ("http://proxy.test:8080/meta/v26.0/", "/v9.0/1", "/meta/v9.0/1"),
        ("http://proxy.test:8080/meta", "/1", "/meta/1"),
    ],
)
def test_the_targets_own_version_wins(url: str, target: str, path: str) -> None:
    assert parse_graph_url(url).path_of(target) == path


def test_host_port_and_scheme_are_read() -> None:
    address = parse_graph_url("http://[::1]:8080/x")
    assert (address.host, address.port, address.tls) == ("::1", 8080, False)
    assert address.authority == "[::1]:8080"
    assert parse_graph_url("https://graph.facebook.com").port == 443


@pytest.mark.parametrize(
    "url",
    [
        "",
        "graph.facebook.com",
        "ftp://graph.facebook.com",
        "https://",
        "https://user:secret@graph.facebook.com",
        "https://graph.facebook.com?x=1",
        "https://graph.facebook.com:nine",
    ],
)
def test_what_is_no_base_url_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_graph_url(url)
    assert refused.value.field == "ASKFIRST_GRAPH_URL"
