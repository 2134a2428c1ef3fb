"""The recipe of a rewriting proxy (nginx), run on a free port, and the name that leads to it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from servers import free_port, running
from tunnel import tunnel_to

RECIPE = Path(__file__).resolve().parent / "proxy" / "nginx.conf"
META = "graph.facebook.com"
_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@contextmanager
def rewriting_to(gateway: str, folder: Path) -> Iterator[dict[str, str]]:
    """Lead Meta's name to askfirst; gives the variables that a product made with Node.js needs."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        raise SystemExit("nginx is not installed: scripts/system_packages.sh test")
    port, health = free_port(), free_port()
    certificate = make_certificate(folder)
    config = folder / "nginx.conf"
    config.write_text(filled_in(gateway, folder, port, health), encoding="utf-8")
    command = [program, "-p", str(folder), "-e", "stderr", "-c", str(config)]
    with running(command, folder, os.environ, f"http://127.0.0.1:{health}"), tunnel_to(port) as way:
        yield {
            "HTTPS_PROXY": way,
            "NO_PROXY": "127.0.0.1,localhost",
            "NODE_EXTRA_CA_CERTS": str(certificate),
        }


def make_certificate(folder: Path) -> Path:
    """Make the certificate of Meta's name as the guide says; gives its file."""
    made = folder / "graph.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-days", "2", "-subj", f"/CN={META}", "-out", str(made)]
    command += ["-addext", f"subjectAltName=DNS:{META}", "-keyout", str(folder / "graph.key")]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - as the guide says
    return made


def filled_in(gateway: str, folder: Path, port: int, health: int) -> str:
    """Fill in the recipe: ports and files of this run, an address that says that it is ready."""
    text = RECIPE.read_text(encoding="utf-8")
    text = text.replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl")
    text = text.replace("/etc/nginx/certs", str(folder)).replace("http://askfirst:8080", gateway)
    ready = f"server {{ listen 127.0.0.1:{health}; location / {{ return 200; }} }}\n"
    own = "".join(f"{one}_temp_path {folder}/{one};\n" for one in _TEMPORARY)
    http = text.replace("http {", f"http {{\n{own}{ready}").replace("auto", "1")
    return f"pid {folder}/nginx.pid;\ndaemon off;\n{http}"
