"""The comparison with c15t: it says how to install it, and counts what either has kept."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from askfirst.domain.values.errors import Unavailable
from benchmarks.app import app
from benchmarks.generators.frames import get
from benchmarks.generators.journeys import Line, run_journeys
from benchmarks.peers.people import new_people

_PACKAGES = ("@c15t/backend", "kysely", "better-sqlite3")
_STAND_IN = Path(__file__).with_name("stand_in_peer.py")


def put_package(folder: Path, name: str) -> None:
    place = folder / "node_modules" / name
    place.mkdir(parents=True)
    (place / "package.json").write_text(json.dumps({"name": name, "version": "1.2.3"}))


def compare(folder: Path, programs: Path) -> subprocess.CompletedProcess[str]:
    """Compare with the stand-in, which a `node` that comes first on the path starts."""
    for name in _PACKAGES:
        put_package(folder, name)
    node = programs / "node"
    node.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{_STAND_IN}" "$@"\n')
    node.chmod(0o755)
    path = f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"
    options = ("--folder", str(folder), "--seconds", "0.3", "--rounds", "1", "--json")
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", "peer", *options],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PATH": path},
    )


def test_it_measures_both_and_counts_what_they_kept(tmp_path: Path) -> None:
    (folder := tmp_path / "peer").mkdir()
    (programs := tmp_path / "bin").mkdir()
    done = compare(folder, programs)
    assert done.returncode == 0, done.stdout + done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    assert (result["benchmark"], result["peer"], result["backend"]) == ("peer", "c15t", "sqlite")
    assert (result["errors"], result["verified"]) == (0, True)
    assert result["versions"] == {"node": "v0.0.0", **dict.fromkeys(_PACKAGES, "1.2.3")}
    for name in ("opt_ins_per_second", "cpu_us_per_opt_in"):
        assert result[name] > 0
        assert result[f"peer_{name}"] > 0
    assert 0 < result["spread"][0] <= result["ratio"] <= result["spread"][1]
    assert 0 < result["cpu_spread"][0] <= result["cpu_ratio"] <= result["cpu_spread"][1]
    for kept in result["written"].values():
        assert len(set(kept.values())) == 1
        assert min(kept.values()) > 0
    with pytest.raises(ProcessLookupError):
        os.kill(int((folder / "pid").read_text()), 0)


def test_a_peer_that_does_not_keep_what_it_acknowledges_is_not_measured(tmp_path: Path) -> None:
    (folder := tmp_path / "peer").mkdir()
    (programs := tmp_path / "bin").mkdir()
    (folder / "forgets").touch()
    done = compare(folder, programs)
    assert done.returncode == 1, done.stdout + done.stderr
    result = json.loads(done.stdout)
    assert (result["errors"], result["verified"]) == (0, False)
    assert result["written"]["c15t"] == {"consents": 0, "subjects": 0}


def test_where_it_is_not_installed_it_says_how_to_install_it(tmp_path: Path) -> None:
    put_package(tmp_path, "kysely")
    done = CliRunner().invoke(app, ["peer", "--folder", str(tmp_path)])
    assert done.exit_code == 3
    assert f"{tmp_path} has no @c15t/backend, better-sqlite3" in done.stderr
    assert f"npm install --prefix {tmp_path} {' '.join(_PACKAGES)}" in done.stderr
    assert done.stdout == ""


def test_without_node_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    done = CliRunner().invoke(app, ["peer", "--folder", str(tmp_path)])
    assert (done.exit_code, done.stdout) == (3, "")
    assert "node is not installed" in done.stderr


def test_nobody_comes_twice() -> None:
    people = new_people()
    first = [next(people) for _ in range(20_001)]
    assert len(set(first)) == len(first)
    assert {len(one) for one in first} == {13}


class Greeting(BaseHTTPRequestHandler):
    """Answers, with something that is no JSON."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


async def _wish_for_json(lines: Sequence[Line]) -> bool:
    _, answer = await lines[0].ask(get("/", {}))
    await asyncio.sleep(0.001)
    return bool(answer)


def test_each_journey_that_goes_badly_is_counted() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Greeting) as server:
        threading.Thread(target=server.serve_forever).start()
        address = f"http://127.0.0.1:{server.server_port}"
        load = run_journeys((address,), repeat(_wish_for_json), 4, 0.2)
        server.shutdown()
    assert load.asked == load.answered == load.failed > 4


def test_a_server_that_is_gone_is_not_available() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Greeting) as server:
        address = f"http://127.0.0.1:{server.server_port}"
    with pytest.raises(Unavailable):
        run_journeys((address,), repeat(_wish_for_json), 1, 0.1)
