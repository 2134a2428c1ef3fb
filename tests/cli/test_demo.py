"""The demo: two ports, one page, a product beside it, a clean end."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path

import pytest

from askfirst.cli.tour.children import call
from tests.support.processes import environment


@contextmanager
def running_in(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a demo from a folder, until the block ends."""
    command = [sys.executable, "-m", "askfirst", "demo", "--port", "0", "--simulator-port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=environment(), cwd=folder
    ) as process:
        assert process.stdout is not None
        assert any("Ctrl-C" in line for line in process.stdout)
        yield process
        process.send_signal(signal.SIGINT)
        process.wait(20)


def events_in(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "askfirst", "events"]
    return subprocess.run(
        command, capture_output=True, text=True, env=environment(), cwd=folder, check=False
    )


def test_other_commands_find_the_demo_while_it_runs_and_nothing_is_left(tmp_path: Path) -> None:
    with running_in(tmp_path):
        found = events_in(tmp_path)
        assert (found.returncode, "this is the demo's" in found.stderr) == (0, True), found.stderr
    assert list(tmp_path.iterdir()) == []
    assert "there is no database at" in events_in(tmp_path).stderr


def test_a_database_of_ones_own_comes_before_the_demo(tmp_path: Path) -> None:
    with running_in(tmp_path):
        key = [sys.executable, "-m", "askfirst", "keys", "create", "--scope", "all"]
        made = subprocess.run(
            key, capture_output=True, text=True, env=environment(), cwd=tmp_path, check=False
        )
        assert (made.returncode, "demo" in made.stderr) == (0, False), made.stderr
        assert (tmp_path / "var" / "askfirst.db").exists()
        assert "demo" not in events_in(tmp_path).stderr


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
    templates = call("GET", f"{server}v1/templates", token=key[0]).body["data"]
    assert {"summer_offer", "order_update"} <= {template["name"] for template in templates}
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


PRODUCT = """
import http.server, os, sys
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write("|".join(os.environ.get("SHOP_" + name, "") for name in NAMES).encode())
    def log_message(self, *_):
        pass
NAMES = ("ASKFIRST_URL", "ASKFIRST_KEY", "PHONE_URL")
http.server.HTTPServer(("127.0.0.1", int(sys.argv[2])), Page).serve_forever()
"""


def start(folder: Path, program: str) -> subprocess.Popen[str]:
    (folder / "app.py").write_text(program)
    ports = ("--port", "0", "--simulator-port", "0", "--product-port", "0")
    return subprocess.Popen(
        [sys.executable, "-m", "askfirst", "demo", "--product", str(folder), *ports],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )


def test_a_product_comes_first_knows_its_key_and_ends_with_the_demo(tmp_path: Path) -> None:
    with start(tmp_path, PRODUCT) as process:
        assert process.stdout is not None
        words = "".join(takewhile(lambda line: "Ctrl-C" not in line, process.stdout))
        product, server, phone, _ = re.findall(r"http://127\.0\.0\.1:\d+", words)
        with urllib.request.urlopen(product) as answer:
            url, key, phones = answer.read().decode().split("|")
        assert (url, phones) == (server, phone)
        assert call("GET", f"{server}/v1/business", token=key).body["origins"] == [product]
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        with pytest.raises(OSError, match="refused"):
            urllib.request.urlopen(product)


@pytest.mark.parametrize("program", ["raise SystemExit(7)", "import nothing_of_that_name"])
def test_a_product_that_does_not_start_ends_the_demo(tmp_path: Path, program: str) -> None:
    with start(tmp_path, program) as process:
        _, errors = process.communicate(timeout=30)
        assert process.returncode == 3
        assert "the product ended with exit code" in errors


def test_a_folder_without_a_program_is_refused(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "askfirst", "demo", "--product", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), check=False)
    assert done.returncode == 2
    assert "has no app.py" in done.stderr
