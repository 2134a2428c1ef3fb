"""Runs pytest again and again, in children that find the libraries loaded already.

A planted bug needs a process of its own, and most of what such a process does is to import pytest
and the libraries. Here one process imports them, and nothing of askfirst; each run is a fork of it,
which then imports askfirst from the folder that it is told.

As a program: reads a JSON line for each run, `{"source", "tests", "log", "seconds"}`, and answers
with pytest's exit code, or with "late" where it had to be ended.
"""

from __future__ import annotations

import importlib
import json
import os
import select
import signal
import subprocess
import sys
import traceback
from collections.abc import Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Self

import pytest

ROOT = Path(__file__).parents[3]
_LATE = "late"
_LIBRARIES = """
_pytest.assertion.rewrite _pytest.python _pytest.terminal asyncpg babel.dates babel.messages.pofile
cryptography.hazmat.primitives.ciphers.aead cryptography.x509 fastapi fastapi.openapi.utils
holidays httptools httpx hypothesis.stateful hypothesis.strategies jinja2 joserfc.jwe
joserfc.jws joserfc.jwt markdown_it msgspec phonenumbers phonenumbers.timezone prometheus_client
pydantic_settings pygments.formatters pygments.lexers python_calamine python_multipart rfc8785
rich.progress segno sqlite3 standardwebhooks structlog tomllib typer.testing
uvicorn uvloop werkzeug
"""
_OPTIONS = ("-q", "-x", "--tb=line", "--assert=plain", "-p", "no:cacheprovider", "--timeout=200")
_IGNORED = (
    # The plugins are loaded before pytest could rewrite their assertions, of which they have none.
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
    # A bug that lets a store open leaves it open; pytest would raise that after the test's failure.
    *("-W", "ignore::pytest.PytestUnraisableExceptionWarning"),
)


class Nursery:
    """That process, as long as the block runs."""

    def __enter__(self) -> Self:
        ours = {name: text for name, text in os.environ.items() if not name.startswith("PYTEST_")}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.promise.mutants.nursery"],
            cwd=ROOT,
            env=ours | {"PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def run(self, source: Path, tests: Sequence[str], log: Path, seconds: float) -> int | str:
        """Run tests against the package in this folder; what they say is in the log."""
        assert self._process.stdin
        assert self._process.stdout
        asked = {"source": str(source), "tests": list(tests), "log": str(log), "seconds": seconds}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        answer: int | str = json.loads(self._process.stdout.readline())
        return answer


def _load() -> None:
    for name in _LIBRARIES.split():
        importlib.import_module(name)
    for plugin in entry_points(group="pytest11"):
        plugin.load()
    if any(name.partition(".")[0] == "askfirst" for name in sys.modules):
        raise SystemExit("askfirst must not be loaded before its copy is known")


def _be_born(asked: dict[str, Any]) -> None:
    """Be a process that runs these tests, as if it had been started for them."""
    os.setsid()
    log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for place, file in enumerate((nothing, log, log)):
        os.dup2(file, place)
    os.environ["PYTHONPATH"] = asked["source"]
    sys.path.insert(0, asked["source"])
    # A folder of its own: pytest clears away what others left in the common one, and so would the
    # run that waits for this one; whichever comes second stops over it.
    own = ("--basetemp", f"{asked['source']}/../temporary")
    code = pytest.main([*_OPTIONS, *_IGNORED, *own, *asked["tests"]])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _run(asked: dict[str, Any]) -> int | str:
    child = os.fork()
    if not child:
        try:
            _be_born(asked)
        except BaseException:  # noqa: BLE001 - whatever it was, nothing else would tell it
            traceback.print_exc()  # into the log
        finally:
            sys.stderr.flush()
            os._exit(70)  # never back into the loop of the parent
    watched = os.pidfd_open(child)
    is_over, _, _ = select.select([watched], [], [], asked["seconds"])
    os.close(watched)
    if not is_over:
        os.killpg(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) if is_over else _LATE


def main() -> None:
    """Load, then serve until the input ends."""
    _load()
    for line in sys.stdin:
        print(json.dumps(_run(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
