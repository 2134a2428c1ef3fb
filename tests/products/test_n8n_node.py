"""n8n's node of ours: what it asks askfirst for, and how it shows what comes back.

`make products` runs it in the real n8n. Here its own parts are played against a real server.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from servers import CUSTOMER, NUMBER, make_key, register_number, run_servers

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "examples" / "n8n-nodes-askfirst"
WORKFLOWS = ROOT / "examples" / "products" / "n8n"
PARTS = ("Askfirst/requests", "Askfirst/answers", "AskfirstTrigger/signature")
SCOPES = ("send", "check", "consents:write", "contacts:read", "prompts:read")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The parts that need nothing of n8n's, compiled where its own build would put them."""
    folder = tmp_path_factory.mktemp("n8n") / "dist"
    command = ["npx", "--no-install", "tsc", "--ignoreConfig", "--noCheck", "--module", "commonjs"]
    command += ["--target", "es2022", "--rootDir", str(PACKAGE), "--outDir", str(folder)]
    command += [str(PACKAGE / "nodes" / f"{part}.ts") for part in PARTS]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


def test_its_parts_do_what_their_own_tests_say(built: Path) -> None:
    there = built.parent / "test"
    there.symlink_to(PACKAGE / "test")
    command = ["node", "--preserve-symlinks", "--preserve-symlinks-main", "--test"]
    tests = sorted(str(file) for file in there.glob("*.test.mjs"))
    done = subprocess.run(
        command + tests, cwd=built.parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert re.search(r"^# pass [1-9]\d$", done.stdout, re.MULTILINE)


@pytest.fixture(scope="module")
def said(built: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The outcome of each of its operations, one after the other."""
    return play(built, tmp_path_factory.mktemp("askfirst"))


def test_it_shows_refusals_in_words_and_what_was_recorded(said: dict[str, Any]) -> None:
    assert said["stranger"]["json"] == {"known": False, "standing": []}
    for name in ("unasked", "checked"):
        assert said[name]["is"] == "notAllowed"
        assert said[name]["json"]["allowed"] is False
        assert said[name]["message"].startswith("Not allowed: There is no opt-in")
    assert said["unasked"]["description"] == "Reason: no_opt_in."
    assert said["reply"]["description"] == "Reason: window_closed."
    assert said["orders"]["json"]["purpose"] == "utility"
    claimed, yes = said["claim"]["json"], said["yes"]["json"]
    assert (claimed["assurance"], claimed["effective"]) == ("asserted", False)
    assert (yes["assurance"], yes["number_proof"], yes["effective"]) == ("shown", "vouched", True)
    answers = {one["purpose"]: one["answer"] for one in said["known"]["json"]["standing"]}
    assert said["known"]["json"]["known"] is True
    assert answers["marketing"] == "granted"
    assert said["rechecked"]["json"]["allowed"] is True
    assert said["sent"]["json"]["messages"][0]["id"].startswith("wamid.")
    assert (said["no"]["json"]["kind"], said["no"]["json"]["purposes"]) == ("withdrawn", [])
    assert said["stopped"]["is"] == "notAllowed"
    assert said["stopped"]["description"] == "Reason: withdrawn."


def test_it_tells_a_mistake_from_a_refusal(said: dict[str, Any]) -> None:
    assert said["unreadable"]["is"] == said["stolen"]["is"] == "fault"
    assert said["unreadable"]["message"].startswith("A value is not valid: purposes")
    assert said["unreadable"]["json"] == said["stolen"]["json"] == {}
    assert said["stolen"]["message"].startswith("(#190)")


def play(built: Path, folder: Path) -> dict[str, Any]:
    with run_servers(folder) as (gateway, _):
        register_number(gateway, make_key(folder, "all"))
        variables = {"BUILT": str(built), "GATEWAY": gateway, "KEY": make_key(folder, *SCOPES)}
        variables |= {"NUMBER": NUMBER, "CUSTOMER": CUSTOMER}
        script = Path(__file__).parent / "clients" / "n8n_node.mjs"
        done = subprocess.run(
            ["node", str(script)],
            env=os.environ | variables,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def test_it_needs_nothing_at_run_time_and_everything_else_is_locked() -> None:
    package = json.loads((PACKAGE / "package.json").read_bytes())
    lock = json.loads((PACKAGE / "package-lock.json").read_bytes())
    assert "dependencies" not in package
    assert package["n8n"]["strict"] is True
    assert lock["packages"][""]["devDependencies"] == package["devDependencies"]
    for name, one in lock["packages"].items():
        assert not name or one["integrity"].startswith("sha512-"), name
        assert "resolved" not in one, name


def test_what_it_registers_is_there() -> None:
    registered = json.loads((PACKAGE / "package.json").read_bytes())["n8n"]
    for file in registered["credentials"] + registered["nodes"]:
        source = file.removeprefix("dist/").removesuffix(".js") + ".ts"
        assert (PACKAGE / source).is_file(), file


@pytest.mark.parametrize("file", sorted(WORKFLOWS.glob("*.json")), ids=lambda file: file.stem)
def test_a_workflow_names_operations_and_parameters_that_the_node_has(file: Path) -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (PACKAGE / "nodes").rglob("*.ts"))
    nodes = json.loads(file.read_bytes())["nodes"]
    ours = [node for node in nodes if node["type"].startswith("n8n-nodes-askfirst.")]
    assert ours or any(node["type"] == "n8n-nodes-base.whatsApp" for node in nodes)
    for node in ours:
        for name in node["parameters"]:
            assert f"name: '{name}'" in source, name
        operation = node["parameters"].get("operation")
        assert operation is None or f"value: '{operation}'" in source
