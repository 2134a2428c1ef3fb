"""Requests written to a file beforehand, so that making them costs nothing while measuring."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

LENGTH_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Frames:
    """A file of raw HTTP requests, each after its length; `cycles` where it may start again."""

    path: Path
    cycles: bool


def write_frames(path: Path, requests: Iterable[bytes], *, cycles: bool) -> Frames:
    with path.open("wb") as file:
        file.writelines(b"%0*d%b" % (LENGTH_DIGITS, len(one), one) for one in requests)
    return Frames(path, cycles)


def read_frames(frames: Frames) -> Iterator[bytes]:
    """Yield the requests in order, without end where the file cycles."""
    while True:
        with frames.path.open("rb") as file:
            while length := file.read(LENGTH_DIGITS):
                yield file.read(int(length))
        if not frames.cycles:
            return


def post(path: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """Write a whole POST."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


def get(path: str, headers: Mapping[str, str]) -> bytes:
    """Write a whole GET."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join((*lines, "", "")).encode()
