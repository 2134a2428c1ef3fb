"""The demo: two ports, one page, a clean end."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from askfirst.cli.http import call
from tests.support.processes import environment


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "askfirst", "demo", "--port", "0", "--simulator-port", "0"]
    with (
        (tmp_path / "log").open("w") as errors,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment()
        ) as process,
    ):
        assert process.stdout is not None
        words = ""
        for line in process.stdout:
            words += line
            if "Ctrl-C" in line:
                break
        yield process, words
        process.kill()
    assert (tmp_path / "log").read_text() == ""


def test_it_prints_where_to_go_and_ends_with_ctrl_c(
    demo: tuple[subprocess.Popen[str], str],
) -> None:
    process, words = demo
    server, phone = re.findall(r"http://127\.0\.0\.1:\d+[a-z0-9/]*", words)[:2]
    key = re.search(r"ask_[\w-]+", words)
    assert key is not None
    assert call("GET", server).status == 200
    assert call("GET", phone).status == 200
    me = call("GET", f"{server}v1/me", token=key[0]).body
    assert me["business"]["name"] == "Café Lune"
    assert len(call("GET", f"{server}v1/templates", token=key[0]).body["data"]) == 4
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0


def test_a_taken_port_is_no_obstacle(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [
            sys.executable,
            "-m",
            "askfirst",
            "demo",
            "--port",
            port,
            "--simulator-port",
            "0",
        ]
        with subprocess.Popen(
            [*command, "--folder", str(tmp_path)],
            stdout=subprocess.PIPE,
            text=True,
            env=environment(),
        ) as process:
            assert process.stdout is not None
            first = process.stdout.readline()
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
    assert f":{port}/" not in first
    assert (tmp_path / "askfirst.db").exists()
