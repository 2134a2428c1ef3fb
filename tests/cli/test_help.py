"""Help that helps, and errors in one line."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from askfirst import __version__
from askfirst.bootstrap.settings import Settings
from askfirst.cli.main import build_app
from askfirst.cli.output import OPTIONS
from tests.support.commands import commands
from tests.support.processes import run


@pytest.mark.parametrize("command", commands())
def test_each_command_has_an_example_and_its_exit_codes(command: str) -> None:
    text = " ".join(CliRunner().invoke(build_app(), [*command.split(), "--help"]).output.split())
    assert re.search(rf"Example: (\S+=\S+ )?askfirst {command}( |$)", text)
    assert "Exit codes: 0" in text


def test_the_version_is_told() -> None:
    assert CliRunner().invoke(build_app(), ["--version"]).output == f"askfirst {__version__}\n"


def test_every_setting_is_listed() -> None:
    text = CliRunner().invoke(build_app(), ["serve", "--settings"]).output
    assert [n for n in Settings.model_fields if f"ASKFIRST_{n.upper()}" not in text] == []


def test_help_does_not_load_the_server() -> None:
    code = "import sys; from askfirst.cli.main import build_app; build_app(); print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert {"fastapi", "uvicorn", "asyncpg", "phonenumbers", "pydantic"}.isdisjoint(loaded)


@pytest.mark.parametrize(
    ("arguments", "settings", "words"),
    [
        (["events"], {"WEBHOOK_SECRET": "x"}, "ASKFIRST_WEBHOOK_SECRET is not a setting"),
        (["events"], {"DATABASE_URL": "mysql://x"}, "ASKFIRST_DATABASE_URL"),
        (["events"], {"DATABASE_URL": "postgresql://x/y"}, "ASKFIRST_KEYRING_FILE"),
        (["events"], {}, "there is no database"),
        (["check", "+447700900123", "--sender", "1"], {}, "--purpose or --template"),
        (["tour", "--database-url", "sqlite:///x.db"], {}, "must be postgresql://"),
        (["simulator", "--port", "0", "--webhooks-to", "nowhere"], {}, "must be an address"),
    ],
)
def test_a_wrong_call_is_told_in_one_line(
    tmp_path: Path, arguments: list[str], settings: dict[str, str], words: str
) -> None:
    done = run(*arguments, settings=settings, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("askfirst: ")
    assert words in line
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_cannot_be_reached_is_unavailable(tmp_path: Path) -> None:
    settings = {
        "DATABASE_URL": "postgresql://nobody:hush@127.0.0.1:1/none",
        "KEYRING_FILE": str(tmp_path / "keys"),
    }
    done = run("events", settings=settings)
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1
    assert "hush" not in done.stderr


def test_each_option_that_an_error_can_name_is_one_and_nothing_else() -> None:
    taken: dict[str, set[str]] = {"option": set(), "argument": set()}
    waiting = [typer.main.get_command(build_app())]
    while waiting:
        command = waiting.pop()
        waiting += getattr(command, "commands", {}).values()
        for one in command.params:
            names = one.opts if one.param_type_name == "option" else [str(one.name)]
            spelt = (name.removeprefix("--").replace("-", "_") for name in names)
            taken[one.param_type_name].update(spelt)
    assert taken["option"] >= OPTIONS
    assert taken["argument"].isdisjoint(OPTIONS)
