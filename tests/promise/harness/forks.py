"""Processes that need not import everything first: each is a fork of one that has."""

from __future__ import annotations

import multiprocessing

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    [
        "askfirst.bootstrap.observability.logging",
        "askfirst.bootstrap.server",
        "tests.promise.harness.life",
        "tests.promise.harness.server",
        "tests.promise.harness.warm",
        "uvloop",
    ]
)
