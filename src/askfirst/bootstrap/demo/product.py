"""A product beside the demo: the program of a business, which asks and sends through askfirst.

It is a folder with an `app.py`, run as a process of its own, as a business would run it: it gets
addresses and a key, and knows nothing else of us.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from askfirst.domain.values.errors import InvalidInput, Unavailable

_OURS = "ASKFIRST_"
_SECONDS_TO_START = 20.0
_SECONDS_TO_END = 10.0
_PAUSE_SECONDS = 0.05


def program_of(folder: Path) -> Path:
    """Find the program of a product; InvalidInput where the folder has none."""
    program = folder / "app.py"
    if not program.is_file():
        raise InvalidInput("product", f"{folder} has no app.py, so there is nothing to run")
    return program


@asynccontextmanager
async def running(
    program: Path, port: int, environment: Mapping[str, str]
) -> AsyncIterator[asyncio.Task[int]]:
    """Run a product on a port while the block runs; the task is done when it ends by itself.

    What it prints goes to our standard error. Settings of ours do not reach it.

    Raises:
        Unavailable: it ended before it answered, or did not answer in time.
    """
    others = {name: text for name, text in os.environ.items() if not name.startswith(_OURS)}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(program), "--port", str(port)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=sys.stderr.fileno(),
        env=others | dict(environment),
    )
    ended = asyncio.create_task(process.wait())
    try:
        await _answers(port, ended)
        yield ended
    finally:
        if process.returncode is None:
            process.terminate()
        try:
            await asyncio.wait_for(asyncio.shield(ended), _SECONDS_TO_END)
        except TimeoutError:
            process.kill()
            await ended


async def _answers(port: int, ended: asyncio.Task[int]) -> None:
    """Wait until somebody listens."""
    for _ in range(int(_SECONDS_TO_START / _PAUSE_SECONDS)):
        if ended.done():
            raise Unavailable(f"the product ended with exit code {ended.result()}")
        try:
            _, line = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(_PAUSE_SECONDS)
        else:
            line.close()
            return
    raise Unavailable("the product did not answer in time")
