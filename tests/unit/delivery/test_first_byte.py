"""When `send` returns, the request is with the kernel: the lock of a stop may be released.

The loop gets no chance to run in between, so a transport that only queues the bytes fails here.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import uvloop
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from askfirst.delivery.graph_client import graph_client
from tests.unit.delivery.upstream import OK

REQUESTS = 3


class BlockingUpstream:
    """Answers in a thread of its own, and tells when it has heard a request."""

    def __init__(self, tls: ssl.SSLContext | None) -> None:
        self.heard = threading.Semaphore(0)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._tls = tls
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        sock, _ = self._listener.accept()
        with self._tls.wrap_socket(sock, server_side=True) if self._tls else sock as peer:
            for _ in range(REQUESTS):
                heard = b""
                while not heard.endswith(b"the end"):
                    heard += peer.recv(65536)
                self.heard.release()
                peer.sendall(OK)

    def close(self) -> None:
        self._thread.join(5)
        self._listener.close()


@pytest.mark.parametrize("with_tls", [False, True], ids=["plain", "tls"])
@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_the_first_byte_has_left_when_send_returns(
    with_tls: bool, loop: Callable[[], asyncio.AbstractEventLoop], tmp_path: Path
) -> None:
    server, client = server_and_client_contexts(tmp_path) if with_tls else (None, None)
    up = BlockingUpstream(server)

    async def talk() -> None:
        scheme = "https" if with_tls else "http"
        lines = graph_client(f"{scheme}://127.0.0.1:{up.port}", connections_max=1, tls=client)
        for _ in range(REQUESTS):
            line = await lines.open()
            line.send("POST", "/1/messages", {}, b"x" * 2000 + b"the end")
            assert up.heard.acquire(timeout=2)  # blocks the loop on purpose
            assert (await line.answer()).status == 200
        await lines.close()

    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(talk())
    up.close()


def server_and_client_contexts(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "upstream")])
    now = dt.datetime.now(dt.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([address, x509.DNSName("shop.example")]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "upstream.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + private)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    return server, ssl.create_default_context(cafile=str(pem))


async def test_a_certificate_that_nobody_vouches_for_gets_nothing(tmp_path: Path) -> None:
    from askfirst.ports.sending.http_connection import NotSent

    server, _ = server_and_client_contexts(tmp_path)
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read())
        writer.close()

    listener = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=server)
    lines = graph_client(f"https://127.0.0.1:{listener.sockets[0].getsockname()[1]}")
    with pytest.raises(NotSent):
        await lines.open()
    listener.close()
    assert not heard
