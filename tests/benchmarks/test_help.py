"""The benchmarks' help helps as that of `askfirst` does."""

from __future__ import annotations

import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner

from benchmarks.app import app
from tests.support.imports import ROOT

_COMMANDS = sorted(vars(typer.main.get_command(app))["commands"])


@pytest.mark.parametrize("command", _COMMANDS)
def test_each_benchmark_has_an_example_and_its_exit_codes(command: str) -> None:
    text = " ".join(CliRunner().invoke(app, [command, "--help"]).output.split())
    assert f"Example: python -m benchmarks {command}" in text
    assert "Exit codes: 0" in text


def test_they_run_as_a_module_beside_the_source() -> None:
    command = [sys.executable, "-m", "benchmarks", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    assert "python -m benchmarks" in done.stdout
    assert all(f" {name} " in done.stdout for name in _COMMANDS if name != "bare")


def test_the_package_does_not_know_them() -> None:
    assert list((ROOT / "src").rglob("bench*")) == []
