"""The product's own server: it answers Meta's handshake, and takes webhooks that are signed."""

from __future__ import annotations

import hashlib
import hmac
import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

WORD = "a-word-of-the-product"
PATH = "/webhooks/whatsapp"
_SECONDS_MAX = 20.0


class Receiver:
    """What has come."""

    def __init__(self, url: str, taken: queue.Queue[Any]) -> None:
        self.url = url
        self._taken = taken

    def next_value(self) -> Any:
        """Wait for the next webhook and return the `value` of its first change.

        Raises:
            TimeoutError: nothing comes.
        """
        try:
            return self._taken.get(timeout=_SECONDS_MAX)
        except queue.Empty:
            raise TimeoutError("no webhook came") from None


@contextmanager
def receiving(app_secret: bytes) -> Iterator[Receiver]:
    """Listen while the block runs."""
    taken: queue.Queue[Any] = queue.Queue()

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = parse_qs(urlsplit(self.path).query)
            if asked.get("hub.verify_token") == [WORD]:
                self._answer(HTTPStatus.OK, asked["hub.challenge"][0])
            else:
                self._answer(HTTPStatus.FORBIDDEN)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            right = "sha256=" + hmac.new(app_secret, body, hashlib.sha256).hexdigest()
            if not hmac.compare_digest(right, self.headers["x-hub-signature-256"]):
                return self._answer(HTTPStatus.UNAUTHORIZED)
            taken.put(json.loads(body)["entry"][0]["changes"][0]["value"])
            return self._answer(HTTPStatus.OK)

        def _answer(self, status: HTTPStatus, text: str = "") -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing: the steps tell."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield Receiver(f"http://127.0.0.1:{server.server_port}{PATH}", taken)
        finally:
            server.shutdown()
            thread.join()
