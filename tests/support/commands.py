"""All commands of the command line, as its parser has them."""

from __future__ import annotations

import typer

from askfirst.cli.main import build_app


def groups_and_commands() -> list[str]:
    """Every name that `--help` can follow, groups before what is in them: `keys`, `keys create`."""
    names = []
    for name, command in vars(typer.main.get_command(build_app()))["commands"].items():
        names += [name, *(f"{name} {one}" for one in getattr(command, "commands", {}))]
    return names


def commands() -> list[str]:
    """Every command that does something: no groups."""
    names = groups_and_commands()
    return [name for name in names if not any(one.startswith(f"{name} ") for one in names)]
