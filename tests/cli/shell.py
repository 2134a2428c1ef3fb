"""Runs commands on a SQLite file of their own, without a server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from askfirst.cli.main import build_app
from tests.support.processes import OPEN_HOURS


class Shell:
    """A terminal on one database."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "ledger.db"
        self.url = f"sqlite:///{self.path}"
        self.policy_file = OPEN_HOURS

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(
            build_app(),
            [*arguments, "--database-url", self.url],
            env={"ASKFIRST_POLICY_FILE": str(self.policy_file)},
        )

    def json(self, *arguments: str) -> Any:
        done = self.run(*arguments, "--json")
        assert done.exit_code in (0, 1), done.stderr
        return json.loads(done.stdout)
