"""In the place of a line in /etc/hosts: a proxy that leads a name of Meta's to the rewriting proxy.

A product asks it to connect (`CONNECT graph.facebook.com:443`), as it would ask a proxy of its
company; every other name is refused.
"""

from __future__ import annotations

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

META = "graph.facebook.com:443"
_BYTES = 65_536


@contextmanager
def tunnel_to(port: int) -> Iterator[str]:
    """Lead Meta's name to a port of this machine; gives the address for HTTPS_PROXY."""

    class Door(BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            if self.path != META:
                return self.send_error(HTTPStatus.FORBIDDEN)
            with socket.create_connection(("127.0.0.1", port)) as other:
                self.send_response(HTTPStatus.OK)
                self.end_headers()
                _relay(self.connection, other)
            self.close_connection = True
            return None

        def log_message(self, *_: object) -> None:
            """Say nothing: the steps tell."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def _relay(one: socket.socket, other: socket.socket) -> None:
    """Bring bytes both ways until one side ends."""
    with selectors.DefaultSelector() as ready:
        ready.register(one, selectors.EVENT_READ, (one, other))
        ready.register(other, selectors.EVENT_READ, (other, one))
        while True:
            for key, _ in ready.select():
                side, opposite = key.data
                data = side.recv(_BYTES)
                if not data:
                    return
                opposite.sendall(data)
