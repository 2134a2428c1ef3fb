"""`askfirst keyring rotate`."""

from __future__ import annotations

import typer

from askfirst.cli.options import AsJson, DatabaseUrl
from askfirst.cli.output import EXIT_CODES, clear_errors, paragraphs, tell

ROTATE = paragraphs(f"""
Add a version to the keyring: new keys that encrypt and find from now on. The old ones stay, or what
they wrote could not be read again.

Stop every server process before, copy the file to every machine, and start them again. The database
is told of the new version: a server that goes on with the old file neither writes nor decides.

Example: askfirst keyring rotate

{EXIT_CODES}
""")


def build_app() -> typer.Typer:
    app = typer.Typer(
        help="The keys that numbers and bodies are encrypted with.", no_args_is_help=True
    )
    app.command("rotate", help=ROTATE)(rotate)
    return app


def rotate(database_url: DatabaseUrl = None, json: AsJson = False) -> None:
    from askfirst.bootstrap.commands.keyring_commands import add_version
    from askfirst.bootstrap.settings import load_settings

    with clear_errors():
        path, version = add_version(load_settings(database_url=database_url))
    tell(
        {"keyring": str(path), "version": version},
        f"version {version} writes from the next start on",
        aside="Back up the keyring at once, apart from the database.",
        json=json,
    )
