"""nginx as an upstream that answers like Meta, and as the proxy to compare the gateway with."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from askfirst.bootstrap.listening import listen
from askfirst.cli.tour.children import end
from askfirst.domain.values.errors import Unavailable
from benchmarks.setup.machine import Running

_SECONDS_TO_START = 10.0
_POLL_SECONDS = 0.05

# One process, in the foreground, with nothing outside its folder.
_CONFIG = """
daemon off;
master_process off;
pid nginx.pid;
error_log error.log crit;
events { worker_connections 1024; }
http {
  access_log off;
  default_type application/json;
  keepalive_requests 1000000000;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
%(content)s
}
"""

# The recipient comes in as the user agent, which every client passes on: the answer names it as
# Meta's does, and each message has an id of its own.
_META = """
  server {
    listen 127.0.0.1:%(port)d backlog=1024;
    location ~ /message_templates$ { return 200 '{"data":[]}'; }
    location / {
      return 200 '{"messaging_product":"whatsapp","contacts":[{"input":"+$http_user_agent",\
"wa_id":"$http_user_agent"}],"messages":[{"id":"wamid.$request_id"}]}';
    }
  }
"""

_FILES = """
  server {
    listen 127.0.0.1:%(port)d backlog=1024;
    location = /v26.0/%(media_id)s {
      return 200 '{"messaging_product":"whatsapp","url":"http://127.0.0.1:%(port)d/files/%(media_id)s",\
"mime_type":"image/jpeg","file_size":%(size)d,"id":"%(media_id)s"}';
    }
    location /files/ { default_type image/jpeg; root .; }
    location ~ /message_templates$ { return 200 '{"data":[]}'; }
  }
"""

_PROXY = """
  upstream meta { server %(upstream)s; keepalive 64; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:%(port)d backlog=1024;
    location / {
      proxy_pass http://meta;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
    }
  }
"""


def find_nginx() -> str | None:
    """Find the program; it often lies where only root looks."""
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    return shutil.which("nginx", path=path)


@contextmanager
def like_meta(program: str, folder: Path) -> Iterator[Running]:
    """Run an upstream that answers every send."""
    port = _free_port()
    with _running(program, folder, port, _META % {"port": port}) as server:
        yield server


@contextmanager
def files_like_meta(program: str, folder: Path, media_id: str, size: int) -> Iterator[Running]:
    """Run an upstream that has one file of this size, and says where it is."""
    port = _free_port()
    content = _FILES % {"port": port, "media_id": media_id, "size": size}
    with _running(program, folder, port, content) as server:
        (folder / "files").mkdir()
        (folder / "files" / media_id).write_bytes(bytes(size))
        yield server


@contextmanager
def proxy_to(program: str, folder: Path, upstream: str) -> Iterator[Running]:
    """Run a plain proxy with connections kept alive on both sides."""
    port = _free_port()
    content = _PROXY % {"port": port, "upstream": upstream.removeprefix("http://")}
    with _running(program, folder, port, content) as server:
        yield server


@contextmanager
def _running(program: str, folder: Path, port: int, content: str) -> Iterator[Running]:
    folder.mkdir()
    config, log = folder / "nginx.conf", folder / "error.log"
    config.write_text(_CONFIG % {"content": content})
    process = subprocess.Popen(  # noqa: S603 - a program of the system's, with our arguments
        [program, "-p", str(folder), "-c", str(config), "-e", str(log)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(process, port, log)
        yield Running(f"http://127.0.0.1:{port}", process.pid)
    finally:
        end(process)


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(_POLL_SECONDS)
        else:
            return
    said = log.read_text(errors="replace").strip() if log.exists() else ""
    raise Unavailable(f"nginx did not start {said[-200:]}".strip())


def _free_port() -> int:
    with listen("127.0.0.1", 0) as taken:
        port: int = taken.getsockname()[1]
    return port
