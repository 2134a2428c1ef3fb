"""What the chapters of the API reference show is what a server says."""

from __future__ import annotations

import json
import re
import subprocess
from importlib import resources
from pathlib import Path

from tests.docs.shell import demo, free_ports
from tests.support.processes import environment

_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(chapter: str) -> list[tuple[str, str]]:
    """Return the code in a chapter, each with its language."""
    folder = resources.files("askfirst.web.api.reference").joinpath("chapters")
    return _FENCE.findall(folder.joinpath(f"{chapter}.md").read_text(encoding="utf-8"))


def run(command: str, key: str) -> str:
    ran = subprocess.run(
        ["bash", "-c", command],
        env={**environment(), "ASKFIRST_KEY": key},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return ran.stdout


def test_the_examples_of_the_chapters_work_as_they_are_pasted(tmp_path: Path) -> None:
    ports = free_ports()
    address = f"http://127.0.0.1:{ports.server}"
    (_, send), (_, refusal) = blocks("gateway")
    first = blocks("start")[1][1].replace("export ASKFIRST_KEY=ask_…\n", "")
    with demo(tmp_path, ports) as key:
        caller = json.loads(run(first.replace("ADDRESS", address), key))
        told = json.loads(run(send.replace("ADDRESS", address), key))["error"]
    assert caller["business"]["id"] == "cafe-lune"
    shown = json.loads(refusal)["error"]
    assert told["askfirst"]["reasons"] == shown["askfirst"]["reasons"]
    assert (told["message"], told["code"]) == (shown["message"], shown["code"])
    assert {*shown, *shown["askfirst"]} <= {*told, *told["askfirst"]}
