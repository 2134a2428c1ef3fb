"""Files come from the hosts that were named, and Meta's token goes nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from askfirst.delivery import media_files
from askfirst.delivery.graph_client import parse_graph_url
from askfirst.delivery.media_files import MediaFilesAtMeta
from askfirst.ports.sending.http_connection import NotSent, OutcomeUnknown
from askfirst.ports.sending.media_files import AddressNotMetas, MediaFile
from tests.unit.delivery.upstream import Act, says, upstream

TOKEN = "EAAG-meta"
CDN = "lookaside.fbsbx.com"


def file(body: bytes, head: bytes = b"200 OK", more: bytes = b"") -> Act:
    return says(
        b"HTTP/1.1 %b\r\ncontent-type: image/png\r\ncontent-length: %d\r\n%b\r\n%b"
        % (head, len(body), more, body)
    )


async def whole(file: MediaFile) -> bytes:
    return b"".join([piece async for piece in file.parts])


class Names:
    """A resolver that says who was asked for, and gives what the test says."""

    def __init__(self, *addresses: str) -> None:
        self.addresses, self.asked = addresses, list[str]()

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        return self.addresses


async def test_a_file_comes_with_its_head_and_its_bytes() -> None:
    async with upstream(file(b"x" * 500_000)) as up:
        files = MediaFilesAtMeta(parse_graph_url(up.url), ())
        async with files.fetch(f"{up.url}/cdn/1?hash=a", TOKEN, "") as found:
            assert (found.status, found.content_type, found.length) == (200, "image/png", 500_000)
            assert await whole(found) == b"x" * 500_000
    (heard,) = up.heard
    assert heard.startswith(b"GET /cdn/1?hash=a HTTP/1.1\r\n")
    assert b"authorization: Bearer EAAG-meta\r\n" in heard
    assert b"range" not in heard.lower()


async def test_a_range_is_asked_for_and_comes_as_one() -> None:
    more = b"content-range: bytes 2-3/9\r\n"
    async with upstream(file(b"ab", b"206 Partial", more)) as up:
        files = MediaFilesAtMeta(parse_graph_url(up.url), ())
        async with files.fetch(f"{up.url}/cdn/1", TOKEN, "bytes=2-3") as found:
            assert (found.status, found.content_range) == (206, "bytes 2-3/9")
            assert await whole(found) == b"ab"
    assert b"range: bytes=2-3\r\n" in up.heard[0]


@pytest.mark.parametrize(
    "address",
    [
        "https://attacker.example/file",
        "http://lookaside.fbsbx.com/file",
        "https://lookaside.fbsbx.com:8443/file",
        "https://lookaside.fbsbx.com.attacker.example/file",
        "https://lookaside.fbsbx.com@attacker.example/file",
        "https://attacker.example#lookaside.fbsbx.com",
        "https://attacker.example\\@lookaside.fbsbx.com/file",
        "https://xlookaside.fbsbx.com/file",
        "https://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:1/file",
        "https://[::1]/file",
        "https://[lookaside.fbsbx.com/file",
        "ftp://lookaside.fbsbx.com/file",
        "file:///etc/passwd",
        "//lookaside.fbsbx.com/file",
        "lookaside.fbsbx.com/file",
        "",
    ],
)
async def test_no_other_host_is_ever_called_or_looked_up(address: str) -> None:
    names = Names("203.0.113.7")
    async with upstream(file(b"x")) as up:
        files = MediaFilesAtMeta(parse_graph_url(up.url), (CDN,), resolve=names)
        with pytest.raises(AddressNotMetas):
            async with files.fetch(address, TOKEN, ""):
                pass
    assert not names.asked
    assert not up.connections


@pytest.mark.parametrize(
    "addresses",
    [
        ("127.0.0.1",),
        ("100.64.0.7",),
        ("169.254.169.254",),
        ("::1",),
        ("1.1.1.1", "100.64.0.1"),
        (),
    ],
)
async def test_a_host_of_files_that_leads_into_this_network_is_not_called(
    addresses: tuple[str, ...],
) -> None:
    names = Names(*addresses)
    files = MediaFilesAtMeta(parse_graph_url("https://graph.facebook.com"), (CDN,), resolve=names)
    with pytest.raises(NotSent):
        async with files.fetch(f"https://{CDN}/file", TOKEN, ""):
            pass
    assert names.asked == [CDN]


async def test_a_redirect_is_not_followed() -> None:
    moved = says(
        b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n"
    )
    async with upstream(moved) as up:
        files = MediaFilesAtMeta(parse_graph_url(up.url), ())
        async with files.fetch(f"{up.url}/cdn/1", TOKEN, "") as found:
            assert found.status == 302
    assert len(up.heard) == 1


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nshort\r\n",
    ],
)
async def test_what_breaks_off_is_no_file(answer: bytes) -> None:
    async def act(writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()
        writer.close()

    async with upstream(act) as up:
        files = MediaFilesAtMeta(parse_graph_url(up.url), ())
        async with files.fetch(f"{up.url}/cdn/1", TOKEN, "") as found:
            with pytest.raises(OutcomeUnknown):
                await whole(found)


async def test_a_file_without_a_length_ends_somewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media_files, "FILE_BYTES_MAX", 1_000)
    chunks = b"".join(b"190\r\n" + b"x" * 400 + b"\r\n" for _ in range(3)) + b"0\r\n\r\n"
    endless = says(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + chunks)
    async with upstream(endless) as up:
        files = MediaFilesAtMeta(parse_graph_url(up.url), ())
        async with files.fetch(f"{up.url}/cdn/1", TOKEN, "") as found:
            assert found.length is None
            with pytest.raises(OutcomeUnknown):
                await whole(found)


async def test_noise_and_silence_are_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media_files, "SILENT_SECONDS_MAX", 0.05)

    async def silent(_: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.3)

    for act in (says(b"what?\r\n\r\n"), says(b"HTTP/1.1 200 OK\r\nx: " + b"y" * 70_000), silent):
        async with upstream(act) as up:
            files = MediaFilesAtMeta(parse_graph_url(up.url), ())
            with pytest.raises(OutcomeUnknown):
                async with files.fetch(f"{up.url}/cdn/1", TOKEN, ""):
                    pass
