"""`shell`: commands on a database with one business, `cafe`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.shell import Shell


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    shell = Shell(tmp_path)
    assert shell.run("keys", "create", "--business", "cafe", "--scope", "all").exit_code == 0
    return shell
