"""The recipes for products whose address of Meta cannot be set, run by the real proxies."""

from __future__ import annotations

import asyncio
import os
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.simulator.simulator import DEFAULT_PHONE_NUMBER_ID, DEFAULT_WABA_ID
from player import PICTURE
from rewriting import META, filled_in, make_certificate
from servers import free_port
from tests.support.clocks import FakeClock
from tests.web.gateway.town import NUMBER, Town, make_town

RECIPES = Path(__file__).resolve().parents[2] / "examples" / "products" / "proxy"
PATH = f"{os.environ['PATH']}:/usr/sbin"


@pytest.fixture
async def town(sqlite_store: Store, clock: FakeClock) -> AsyncIterator[Town]:
    async with make_town(sqlite_store, clock) as made:
        yield made


@contextmanager
def running(command: list[str], port: int, folder: Path) -> Iterator[None]:
    """Run a proxy until the block ends."""
    program = shutil.which(command[0], path=PATH)
    assert program is not None, f"{command[0]} is not installed: scripts/system_packages.sh test"
    env = os.environ | {"XDG_DATA_HOME": str(folder), "HOME": str(folder)}
    log = folder / "proxy.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [program, *command[1:]], cwd=folder, env=env, stdout=output, stderr=output
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)
    assert NUMBER.removeprefix("+") not in log.read_text(errors="replace"), port


def nginx(town: Town, folder: Path, port: int) -> tuple[list[str], Path]:
    """Write the recipe with the ports and certificates of this run."""
    certificate = make_certificate(folder)
    text = filled_in(town.address, folder, port, free_port())
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    command = ["nginx", "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")]
    return command, certificate


def caddy(town: Town, folder: Path, port: int) -> tuple[list[str], Path]:
    """Write the recipe with the ports of this run; Caddy makes certificates itself."""
    text = (RECIPES / "Caddyfile").read_text(encoding="utf-8")
    off = "{\n\tadmin off\n\tauto_https disable_redirects\n\thttp_port 0\n"
    text = text.replace("{\n", off, 1).replace(f"{META}:443", f"https://{META}:{port}")
    text = text.replace("http://askfirst:8080", town.address)
    (folder / "Caddyfile").write_text(text, encoding="utf-8")
    command = ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    return command, folder / "caddy" / "pki" / "authorities" / "local" / "root.crt"


@pytest.mark.parametrize("recipe", [nginx, caddy], ids=lambda recipe: recipe.__name__)
async def test_a_product_that_calls_metas_address_reaches_the_gateway(
    town: Town, tmp_path: Path, recipe: object
) -> None:
    assert callable(recipe)
    port = free_port()
    command, authority = await asyncio.to_thread(recipe, town, tmp_path, port)
    with running(command, port, tmp_path):
        context = await trusting(authority, port)
        bearer = {"authorization": f"Bearer {town.secret}"}
        async with httpx.AsyncClient(verify=context, headers={"host": META}) as client:
            base, sni = f"https://127.0.0.1:{port}/v13.0", {"sni_hostname": META}
            listed = await client.get(
                f"{base}/{DEFAULT_WABA_ID}/message_templates",
                params={"access_token": town.secret, "limit": "4"},
                extensions=sni,
            )
            assert listed.json()["paging"]["next"].startswith(f"{town.address}/v13.0/")
            files = {"file": ("menu.png", PICTURE * 200, "image/png")}
            sent = await client.post(
                f"{base}/{DEFAULT_PHONE_NUMBER_ID}/media",
                data={"messaging_product": "whatsapp"},
                files=files,
                headers=bearer,
                extensions=sni,
            )
            described = await client.get(
                f"{base}/{sent.json()['id']}", headers=bearer, extensions=sni
            )
        url = described.json()["url"]
        assert url.startswith(f"{town.address}/media/")
        async with httpx.AsyncClient(headers=bearer) as client:
            assert (await client.get(url)).content == PICTURE * 200


async def trusting(authority: Path, port: int) -> ssl.SSLContext:
    """Wait until the proxy listens and has its certificate; gives a context that trusts it."""
    for _ in range(400):
        try:
            context = ssl.create_default_context(cafile=str(authority))
            _, writer = await asyncio.open_connection(
                "127.0.0.1", port, ssl=context, server_hostname=META
            )
        except (OSError, ssl.SSLError):
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return context
    raise AssertionError("the proxy did not start")
