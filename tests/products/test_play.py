"""The one command: a newcomer sees a product work, on their own machine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support.processes import environment

PLAY = Path(__file__).resolve().parents[2] / "examples" / "products" / "play.py"


def test_one_command_shows_an_inbox_a_picture_and_a_stop_that_stops_the_campaign(
    tmp_path: Path,
) -> None:
    command = [sys.executable, str(PLAY), "chatwoot"]
    ran = subprocess.run(
        command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    said = [line for line in ran.stdout.splitlines() if "✓" in line]
    order = [
        "It wants the account's webhooks",
        "downloads the picture",
        "types STOP",
        "next campaign",
    ]
    places = [next(at for at, line in enumerate(said) if words in line) for words in order]
    assert places == sorted(places)
    assert "Each of 26 steps" in ran.stdout
    assert list(tmp_path.iterdir()) == []
