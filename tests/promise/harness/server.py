"""`askfirst serve` as it is, with stamps and, where asked for, a planted bug or a wrong clock."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, cast

from askfirst.adapters.clock import SystemClock
from askfirst.bootstrap import wiring
from askfirst.cli.main import main
from tests.promise.harness.journal import Journal
from tests.promise.harness.planted import plant
from tests.promise.harness.stamps import stamp_commits, stamp_departures

JOURNAL, PLANT = "ASKFIRST_TEST_JOURNAL", "ASKFIRST_TEST_PLANT"
SKEW = "ASKFIRST_TEST_CLOCK_SECONDS"


def skew(seconds: int) -> None:
    """From now on the wall clock of this process goes wrong by so much."""

    def wall() -> int:
        return time.time_ns() + seconds * 1_000_000_000

    cast("Any", wiring).SystemClock = partial(SystemClock, wall=wall)


def serve(environment: Mapping[str, str], listener: socket.socket, log: Path) -> None:
    """Be a server on this socket: the body of a process of its own."""
    said = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for output in (1, 2):
        os.dup2(said, output)
    for name in [name for name in os.environ if name.startswith("ASKFIRST_")]:
        del os.environ[name]
    os.environ.update(environment)
    notes = Journal(Path(os.environ[JOURNAL]))
    stamp_departures(notes)
    stamp_commits(notes)
    if os.environ.get(PLANT):
        plant(os.environ[PLANT])
    if int(os.environ.get(SKEW) or 0):
        skew(int(os.environ[SKEW]))
    sys.argv = ["askfirst", "serve", "--fd", str(listener.detach())]
    main()
