"""A provider of single sign-on that sends whatever a test wants, signed or not."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
ROTATED = ECKey.generate_key("P-256", {"kid": "two", "use": "sig"})
STOLEN = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})


@dataclass
class FakeProvider:
    """What it says: `claims` go into the token, `discovery` into the discovery document."""

    url: str
    claims: dict[str, Any] = field(default_factory=dict)
    discovery: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    key: RSAKey | ECKey = field(default_factory=lambda: KEY)
    keys: list[RSAKey | ECKey] = field(default_factory=lambda: [KEY])
    header: dict[str, Any] = field(default_factory=dict)
    token: str = ""
    status: int = 200
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, object]:
        self.asked.append((path, form))
        match path:
            case "/.well-known/openid-configuration":
                places = {
                    "issuer": self.url,
                    "authorization_endpoint": f"{self.url}/auth",
                    "token_endpoint": f"{self.url}/token",
                    "jwks_uri": f"{self.url}/jwks",
                    "userinfo_endpoint": f"{self.url}/me",
                }
                return 200, places | self.discovery
            case "/jwks":
                return 200, {"keys": [one.as_dict(private=False) for one in self.keys]}
            case "/token":
                return self.status, {"id_token": self.token or self.signed(), "access_token": "a"}
            case "/me":
                return 200, self.userinfo
            case _:
                return 404, {}

    def signed(self) -> str:
        is_curve = isinstance(self.key, ECKey)
        header = {"alg": "ES256" if is_curve else "RS256", "kid": self.key.kid} | self.header
        return jwt.encode(header, self.claims, self.key, algorithms=["RS256", "ES256"])

    def signed_by_secret(self, secret: str) -> str:
        key = OctKey.import_key(secret.encode())
        return jwt.encode({"alg": "HS256"}, self.claims, key, algorithms=["HS256"])


@contextmanager
def open_provider() -> Iterator[FakeProvider]:
    """Serve one on a free port until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            size = int(self.headers.get("content-length", "0"))
            form = dict(parse_qsl(self.rfile.read(size).decode()))
            status, said = provider.answer(self.path, form)
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = FakeProvider(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(20)
