"""A shop with a strict policy that notes what it is sent and answers as told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

ROOT = Path(__file__).resolve().parents[2]
ELEMENTS = ROOT / "src" / "askfirst" / "web" / "elements"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'self'"
)
OPEN_POLICY = POLICY.replace("connect-src 'self'", "connect-src *")

_TYPES = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>'
)
_PAGE = """<!doctype html>
<html lang="{lang}" dir="{dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>A shop</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/elements/askfirst.css">
{scripts}
</head>
<body><main><h1>A shop</h1>
{body}
</main></body>
</html>"""


@dataclass(frozen=True)
class Received:
    """One request that was no page and no file."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: str

    @property
    def fields(self) -> list[tuple[str, str]]:
        """What a form has sent."""
        return sorted(parse_qsl(self.body, keep_blank_values=True))

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """What the shop says to a request."""

    content: str
    status: int = 200
    content_type: str = "application/json"


@dataclass
class Shop:
    """`files` are served, `answers` are given by path, and `received` is what else came."""

    port: int = 0
    files: dict[str, Answer] = field(default_factory=dict)
    policies: dict[str, str] = field(default_factory=dict)
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def show(
        self,
        body: str,
        *,
        path: str = "/",
        lang: str = "en",
        direction: str = "ltr",
        scripts: tuple[str, ...] = ("/elements/askfirst.js",),
        policy: str = POLICY,
    ) -> str:
        """Put this page up; gives its address."""
        tags = "".join(f'<script type="module" src="{src}"></script>' for src in scripts)
        page = _PAGE.format(lang=lang, dir=direction, scripts=tags, body=body)
        self.files[path] = Answer(page, content_type="text/html; charset=utf-8")
        self.policies[path] = policy
        return self.url(path)

    def script(self, path: str, text: str) -> str:
        """Offer a script of the shop's own; gives its path."""
        self.files[path] = Answer(text, content_type="text/javascript")
        return path

    def answer(self, path: str, content: object, status: int = 200) -> None:
        """Say this to the next request there; the last one said is said again."""
        kind = "application/json" if status < 400 else "application/problem+json"
        self.answers.setdefault(path, []).append(Answer(json.dumps(content), status, kind))

    def posted(self, path: str) -> list[Received]:
        return [one for one in self.received if (one.method, one.path) == ("POST", path)]

    def reply(self, received: Received) -> Answer:
        """Find what to say."""
        if received.method == "GET" and received.path in self.files:
            return self.files[received.path]
        if received.path.startswith("/elements/"):
            name = received.path.rpartition("/")[2]
            text = (ELEMENTS / name).read_text(encoding="utf-8")
            return Answer(text, content_type=_TYPES[name.rpartition(".")[2]])
        if received.path.endswith(".svg"):
            return Answer(_PICTURE, content_type="image/svg+xml")
        if received.method != "OPTIONS":
            self.received.append(received)
        queue = self.answers.get(received.path, [])
        thanks = Answer("<title>Thanks</title>", content_type="text/html")
        return queue.pop(0) if len(queue) > 1 else queue[0] if queue else thanks


@contextmanager
def open_shop() -> Iterator[Shop]:
    """Serve a shop on loopback until the block ends."""
    shop = Shop()

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            address = urlsplit(self.path)
            size = int(self.headers.get("content-length") or 0)
            body = self.rfile.read(size).decode()
            query = dict(parse_qsl(address.query))
            headers = {name.lower(): value for name, value in self.headers.items()}
            received = Received(self.command, address.path, query, headers, body)
            answer = shop.reply(received)
            content = answer.content.encode()
            self.send_response(answer.status)
            self.send_header("content-type", answer.content_type)
            self.send_header("content-length", str(len(content)))
            self.send_header("content-security-policy", shop.policies.get(address.path, POLICY))
            self.send_header("access-control-allow-origin", "*")
            self.send_header("access-control-allow-headers", "content-type")
            with suppress(ConnectionError):  # a page may be left while it loads
                self.end_headers()
                self.wfile.write(content)

        do_GET = do_POST = do_OPTIONS = handle_any  # noqa: N815

        def log_message(self, *parts: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        shop.port = server.server_port
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield shop
        finally:
            server.shutdown()
            thread.join()
