"""Stands in for `node c15t.mjs FOLDER FILE FD`: the few answers of c15t that the benchmark needs.

With a file `forgets` in FOLDER it acknowledges what it does not keep.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import parse_qs, urlsplit

KIND = "marketing_communications"


def main() -> None:
    if sys.argv[1:] == ["--version"]:
        print("v0.0.0")
        return
    folder, file, fd = Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    (folder / "pid").write_text(str(os.getpid()))
    kept = Kept(file, forgets=(folder / "forgets").exists())

    class Answering(BaseHTTPRequestHandler):
        """Speaks as c15t does."""

        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked = parse_qs(urlsplit(self.path).query)
            known = kept.knows(asked["externalId"][0]) if asked else False
            self._answer({"results": {KIND: {"hasConsent": known}}})

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            kept.keep(body["subjectId"], body["externalSubjectId"])
            self._answer({"subjectId": body["subjectId"]})

        def _answer(self, content: dict[str, Any]) -> None:
            body = json.dumps(content).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering, bind_and_activate=False) as server:
        server.socket.close()
        server.socket = socket.socket(fileno=fd)
        server.daemon_threads = True
        server.serve_forever()


class Kept:
    """The two tables that are counted."""

    def __init__(self, file: str, *, forgets: bool) -> None:
        self._lock = Lock()
        self._known: set[str] = set()
        self._forgets = forgets
        self._database = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._database.execute("CREATE TABLE subject (id TEXT PRIMARY KEY, externalId TEXT)")
        self._database.execute("CREATE TABLE consent (subjectId TEXT)")

    def keep(self, subject: str, person: str) -> None:
        with self._lock:
            self._known.add(person)
            if not self._forgets:
                self._database.execute("INSERT INTO subject VALUES (?, ?)", (subject, person))
                self._database.execute("INSERT INTO consent VALUES (?)", (subject,))

    def knows(self, person: str) -> bool:
        with self._lock:
            return person in self._known


main()
