"""Scheduled exports from the command line, and the settings that say where they may go."""

from __future__ import annotations

from pathlib import Path

import pytest

from askfirst.bootstrap.settings import isolated_settings, load_settings
from askfirst.domain.values.errors import InvalidInput
from tests.cli.shell import Shell
from tests.support.processes import run

BUCKET = "lake=s3://bucket/prefix"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "exports"
    made.mkdir()
    monkeypatch.setenv("ASKFIRST_EXPORT_DESTINATIONS", f"warehouse={made}")
    return made


def schedule(shell: Shell, *more: str) -> str:
    found = shell.json("exports", "schedule", "ledger", "--to", "warehouse", *more)
    return str(found["id"])


def test_one_is_scheduled_listed_and_removed(shell: Shell, folder: Path) -> None:
    made = schedule(shell, "--every", "6", "--format", "parquet")
    (one,) = shell.json("exports", "list")["schedules"]
    assert (one["id"], one["every_hours"], one["format"]) == (made, 6, "parquet")
    assert (one["outcome"], one["destination"], one["numbers"]) == ("none", "warehouse", False)
    listed = shell.run("exports", "list").stdout
    assert made in listed
    assert str(folder) not in listed
    assert shell.run("exports", "remove", made).exit_code == 0
    assert shell.json("exports", "list")["schedules"] == []
    assert shell.run("exports", "remove", made).exit_code == 2


@pytest.mark.usefixtures("folder")
def test_one_is_changed_paused_resumed_and_run(shell: Shell) -> None:
    made = schedule(shell)
    changed = shell.json("exports", "change", made, "--every", "6", "--format", "parquet")
    assert (changed["every_hours"], changed["format"]) == (6, "parquet")
    assert shell.json("exports", "pause", made)["paused"]
    assert "paused" in shell.run("exports", "list").stdout
    assert shell.run("exports", "run", made).exit_code != 0
    assert not shell.json("exports", "resume", made)["paused"]
    assert shell.run("exports", "run", made).exit_code == 0
    assert shell.run("exports", "change", made, "--to", "elsewhere").exit_code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("schedule", "ledger", "--to", "../exports"),
        ("schedule", "ledger", "--to", "elsewhere"),
        ("schedule", "messages", "--to", "warehouse"),
        ("schedule", "ledger", "--to", "warehouse", "--every", "745"),
        ("schedule", "ledger", "--to", "warehouse", "--format", "csv"),
        ("schedule", "ledger", "--to", "warehouse", "--numbers"),
        ("remove", "exs_1"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_what_is_not_right_is_a_wrong_usage(shell: Shell, arguments: tuple[str, ...]) -> None:
    refused = shell.run("exports", *arguments)
    assert refused.exit_code == 2
    assert shell.json("exports", "list")["schedules"] == []


@pytest.mark.parametrize(
    "places",
    [
        "warehouse",
        "warehouse=exports",
        "warehouse=/srv/../etc",
        "warehouse=/srv//exports",
        "../x=/srv/exports",
        "Lake=s3://bucket",
        "a=/srv/a,a=/srv/b",
        "lake=s3://bucket/../other",
        "lake=s3://b",
        "lake=https://bucket.example",
        "a=/",
    ],
)
def test_places_that_are_none_do_not_start(places: str) -> None:
    with pytest.raises(InvalidInput, match="ASKFIRST_EXPORT_DESTINATIONS"):
        load_settings(export_destinations=places)


def test_a_bucket_needs_its_key() -> None:
    refused = run("exports", "list", settings={"export_destinations": BUCKET})
    assert refused.returncode == 2
    assert "ASKFIRST_EXPORT_S3_KEY_ID" in refused.stderr
    with pytest.raises(ValueError, match="must be an address"):
        isolated_settings(export_s3_endpoint="http://s3.example.com")


def test_each_place_is_read_by_its_name() -> None:
    given = {"export_s3_key_id": "id", "export_s3_secret": "never shown"}
    settings = isolated_settings(export_destinations=f"w=/srv/exports, {BUCKET}/", **given)
    assert settings.export_places == {"w": "/srv/exports", "lake": ("bucket", "prefix")}
    assert "never shown" not in repr(settings)
