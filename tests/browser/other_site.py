"""A site that is not askfirst's: the business's own, or a stranger's."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from playwright.sync_api import Browser, Page


@dataclass
class Site:
    """One page, whatever its path; `body` is what is on it."""

    origin: str
    body: str = ""


@contextmanager
def open_site(host: str = "localhost") -> Iterator[Site]:
    """Serve it. Browsers find every name below `localhost` on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = f"<!doctype html><html lang='en'><title>Shop</title>{site.body}".encode()
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = Site(f"http://{host}:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def visiting(browser: Browser, body: str) -> Iterator[Page]:
    """Visit a page of somebody else's: `localhost` is another site than `127.0.0.1`."""
    with open_site() as site:
        site.body = body
        context = browser.new_context()
        try:
            page = context.new_page()
            page.goto(site.origin)
            yield page
        finally:
            context.close()
