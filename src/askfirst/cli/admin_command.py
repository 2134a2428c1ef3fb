"""Where a command hands in its errand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from askfirst.cli.output import clear_errors

if TYPE_CHECKING:
    from askfirst.web.admin.admin_commands import AnyErrand


def perform(errand: AnyErrand, database_url: str | None) -> dict[str, Any]:
    """Do an errand at the database; what goes wrong ends the command with one line."""
    from askfirst.bootstrap import admin_client
    from askfirst.bootstrap.settings import load_settings

    with clear_errors():
        own = load_settings(database_url=database_url)
        settings = admin_client.at_demo(own, errand)
        if settings is not own:
            typer.echo("askfirst: there is no database here, so this is the demo's", err=True)
        return admin_client.perform(settings, errand)
