"""Run what the operator typed, and end with one line where it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from askfirst.cli.output import clear_errors

if TYPE_CHECKING:
    from askfirst.web.admin.admin_commands import AnyAdminCommand


def perform(command: AnyAdminCommand, database_url: str | None) -> dict[str, Any]:
    """Run a command on the database; an error ends the process with one line."""
    from askfirst.bootstrap import admin_client
    from askfirst.bootstrap.settings import load_settings

    with clear_errors():
        own = load_settings(database_url=database_url)
        settings = admin_client.at_demo(own, command)
        if settings is not own:
            typer.echo("askfirst: there is no database here, so this is the demo's", err=True)
        return admin_client.perform(settings, command)
