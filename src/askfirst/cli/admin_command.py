"""Run what the operator typed, and end with one line where it fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import typer

from askfirst.cli.output import clear_errors

if TYPE_CHECKING:
    from askfirst.bootstrap.admin.admin_client import Talk
    from askfirst.bootstrap.settings import Settings
    from askfirst.web.admin.admin_commands import AnyAdminCommand


def perform(command: AnyAdminCommand, database_url: str | None) -> dict[str, Any]:
    """Run a command on the database; an error ends the process with one line."""
    answers: list[dict[str, Any]] = []
    perform_all((command,), database_url, answers.append)
    return answers[0]


def perform_all(
    commands: Sequence[AnyAdminCommand],
    database_url: str | None,
    hear: Callable[[dict[str, Any]], None],
) -> None:
    """Run commands one after another; `hear` takes each answer as it comes."""
    from askfirst.bootstrap.admin import admin_client

    with clear_errors():
        admin_client.perform_all(settings_of(database_url, commands[0]), commands, hear)


def converse(talk: Talk, first: AnyAdminCommand, database_url: str | None) -> None:
    """Run commands that follow from each other's answers; `first` is the first of them."""
    from askfirst.bootstrap.admin import admin_client

    with clear_errors():
        admin_client.converse(settings_of(database_url, first), talk)


def settings_of(database_url: str | None, first: AnyAdminCommand | None = None) -> Settings:
    """Return the settings of the database that is meant; where there is none, of the demo's."""
    from askfirst.bootstrap.admin import admin_client
    from askfirst.bootstrap.settings import load_settings

    own = load_settings(database_url=database_url)
    settings = admin_client.at_demo(own, first)
    if settings is not own:
        typer.echo("askfirst: there is no database here, so this is the demo's", err=True)
    return settings
