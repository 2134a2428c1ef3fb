"""The stand-in for a line in /etc/hosts, by which the real n8n is led to the rewriting proxy."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from tunnel import META, tunnel_to


class Far(BaseHTTPRequestHandler):
    """Answers with what it was asked for."""

    def do_GET(self) -> None:
        body = f"{self.headers['host']} {self.path}".encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def way() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Far) as far:
        thread = threading.Thread(target=far.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            with tunnel_to(far.server_port) as address:
                yield urlsplit(address).netloc
        finally:
            far.shutdown()
            thread.join()


def test_metas_name_leads_to_the_proxy(way: str) -> None:
    host, _, port = META.partition(":")
    connection = http.client.HTTPConnection(way, timeout=10)
    connection.set_tunnel(host, int(port))
    connection.request("GET", "/v13.0/")
    assert connection.getresponse().read() == f"{META} /v13.0/".encode()
    connection.close()


@pytest.mark.parametrize("host", ["api.n8n.io", "graph.facebook.com.example"])
def test_every_other_name_is_refused(way: str, host: str) -> None:
    connection = http.client.HTTPConnection(way, timeout=10)
    connection.set_tunnel(host, 443)
    with pytest.raises(OSError, match="403"):
        connection.request("GET", "/")
