"""`python -m benchmarks media`: pictures of 5 MB through the gateway, beside nginx's proxy_pass.

The gateway asks Meta for the file's address each time, fetches it, and looks at type and size;
nginx copies. Both stream from the same nginx, to the same reader.
"""

from __future__ import annotations

import http.client
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Final
from urllib.parse import urlsplit

from askfirst.cli.tour.children import call
from askfirst.domain.values.errors import Unavailable
from askfirst.usecases.context.services import Services
from askfirst.usecases.tenants.node_ownership import note_upload
from benchmarks.progress import Progress
from benchmarks.setup.machine import Running
from benchmarks.setup.nginx import files_like_meta, find_nginx, proxy_to
from benchmarks.setup.seeds import BUSINESS, SENDER_ID, open_business
from benchmarks.setup.world import own_world, prepare, server

FILE_BYTES: Final = 5 * 1024 * 1024
MEDIA_ID: Final = "881000000000001"
ROUNDS: Final = 5
STEPS: Final = 2 * ROUNDS
LINES: Final = 4
_PIECE: Final = 1024 * 1024
_MILLISECONDS: Final = 1_000


@dataclass(slots=True)
class Figures:
    """Of each round: files a second, and milliseconds of processor time for one."""

    per_second: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)


def bench_media(files: int, progress: Progress) -> dict[str, Any]:
    """Measure in turns, so many files each; ratios are of neighbouring rounds.

    Raises:
        Unavailable: nginx is not installed.
    """
    nginx = find_nginx()
    if nginx is None:
        raise Unavailable("nginx is not installed: scripts/system_packages.sh bench")
    ours, plain = Figures(), Figures()
    with ExitStack() as running:
        settings, folder = running.enter_context(own_world(None))
        key = prepare(settings, _seed)
        meta = files_like_meta(nginx, folder / "meta", MEDIA_ID, FILE_BYTES)
        upstream = running.enter_context(meta)
        proxy = running.enter_context(proxy_to(nginx, folder / "proxy", upstream.address))
        subject = running.enter_context(server(settings, folder, upstream.address))
        said = call("GET", f"{subject.address}/v26.0/{MEDIA_ID}", token=key)
        address = urlsplit(str(said.body["url"])).path
        for _ in range(ROUNDS):
            progress.step("through the gateway")
            _round(ours, subject, (address, {"authorization": f"Bearer {key}"}), files)
            progress.step("through nginx")
            _round(plain, proxy, (f"/files/{MEDIA_ID}", {}), files)
    ratios = [one / other for one, other in zip(ours.per_second, plain.per_second, strict=True)]
    return {
        "megabytes_per_second": round(median(ours.per_second) * FILE_BYTES / 1e6, 1),
        "baseline_megabytes_per_second": round(median(plain.per_second) * FILE_BYTES / 1e6, 1),
        "ratio": round(median(ratios), 3),
        "ratio_range": [round(min(ratios), 3), round(max(ratios), 3)],
        "cpu_ms_per_file": round(median(ours.cpu_ms), 2),
        "baseline_cpu_ms_per_file": round(median(plain.cpu_ms), 2),
        "files": files * ROUNDS,
        "verified": True,
    }


async def _seed(services: Services) -> str:
    key = await open_business(services)
    await note_upload(services, BUSINESS, SENDER_ID, MEDIA_ID)
    return key


def _round(
    figures: Figures, subject: Running, wanted: tuple[str, Mapping[str, str]], files: int
) -> None:
    """Fetch all files by a few lines at once."""
    share = files // LINES
    cpu, began = subject.cpu_seconds(), time.perf_counter()
    with ThreadPoolExecutor(LINES) as lines:
        for done in [lines.submit(_fetch, subject, *wanted, share) for _ in range(LINES)]:
            done.result()
    figures.per_second.append(share * LINES / (time.perf_counter() - began))
    figures.cpu_ms.append((subject.cpu_seconds() - cpu) * _MILLISECONDS / (share * LINES))


def _fetch(subject: Running, path: str, headers: Mapping[str, str], files: int) -> None:
    """Fetch files one after the other; Unavailable where one is not whole."""
    connection = http.client.HTTPConnection(subject.address.removeprefix("http://"), timeout=60)
    room = memoryview(bytearray(_PIECE))
    for _ in range(files):
        connection.request("GET", path, headers=dict(headers))
        response = connection.getresponse()
        size = 0
        while read := response.readinto(room):
            size += read
        if response.status != http.client.OK or size != FILE_BYTES:
            raise Unavailable(f"a file came with status {response.status} and {size} bytes")
    connection.close()
