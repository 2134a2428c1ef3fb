"""What a server counts of itself."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

from benchmarks.setup.machine import Running


def read_metrics(server: Running) -> str:
    """Ask a server for its counts, as Prometheus would."""
    connection = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=10)
    try:
        connection.request("GET", "/metrics")
        return connection.getresponse().read().decode()
    finally:
        connection.close()
