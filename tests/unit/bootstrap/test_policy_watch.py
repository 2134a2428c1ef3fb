"""A policy file that changes while a server runs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from askfirst.bootstrap.policy_watch import PolicyWatch, read_policy, read_policy_file
from askfirst.bootstrap.settings import isolated_settings
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.finding import Severity
from askfirst.usecases.memory.policy_in_force import PolicyInForce
from askfirst.web.metrics import Metrics
from tests.support.law import LAW

OLD = "[purposes.marketing]\nage_days_max = 90\n"
NEW = "[purposes.marketing]\nage_days_max = 30\n"


class Followed:
    """A policy file and whoever follows it."""

    def __init__(self, path: Path) -> None:
        self.path, self.metrics = path, Metrics()
        path.write_text(OLD)
        self.in_force = PolicyInForce(read_policy_file(path))
        self.watch = PolicyWatch(path, self.in_force, self.metrics)

    @property
    def days(self) -> int:
        (terms,) = [
            terms for name, terms in self.in_force.policy.purposes.items() if name == "marketing"
        ]
        return terms.age_days_max

    async def look_twice(self) -> None:
        """Once to see the change, once more to see that it is at rest."""
        await self.watch.look()
        await self.watch.look()

    def counted(self, fate: str) -> bool:
        return (
            f'askfirst_policy_changes_total{{fate="{fate}"}} 1.0' in self.metrics.render().decode()
        )


@pytest.fixture
def followed(tmp_path: Path) -> Followed:
    return Followed(tmp_path / "policy.toml")


async def test_a_changed_file_is_taken_and_said_to_be(followed: Followed) -> None:
    followed.path.write_text(NEW)
    with capture_logs() as told:
        await followed.look_twice()
    assert followed.days == 30
    assert [(line["event"], line["policy"]) for line in told] == [
        ("policy_taken", followed.in_force.policy.fingerprint)
    ]
    assert followed.counted("taken")


async def test_a_file_that_is_still_being_written_is_left_alone(followed: Followed) -> None:
    followed.path.write_text("")  # as an editor empties it before it writes
    await followed.watch.look()
    assert followed.days == 90
    followed.path.write_text(NEW)
    await followed.watch.look()
    assert followed.days == 90
    await followed.watch.look()
    assert followed.days == 30


async def test_a_file_that_is_not_understood_changes_nothing_and_says_why(
    followed: Followed,
) -> None:
    before = followed.in_force.policy
    followed.path.write_text("gate = false\n")
    with capture_logs() as told:
        await followed.look_twice()
        await followed.look_twice()
    assert followed.in_force.policy is before
    (line,) = told
    assert line["event"] == "policy_refused"
    assert "policy.gate" in line["error"]
    (finding,) = await followed.in_force.find()
    assert finding.severity is Severity.WARNING
    assert "policy.gate" in finding.summary
    assert followed.counted("refused")


async def test_a_file_that_is_gone_changes_nothing(followed: Followed) -> None:
    followed.path.unlink()
    await followed.look_twice()
    assert followed.days == 90
    (finding,) = await followed.in_force.find()
    assert "cannot be read" in finding.summary


async def test_a_file_that_is_mended_is_taken(followed: Followed) -> None:
    followed.path.write_text("gate = false\n")
    await followed.look_twice()
    followed.path.write_text(NEW)
    await followed.look_twice()
    assert followed.days == 30
    (finding,) = await followed.in_force.find()
    assert finding.severity is Severity.OK


async def test_a_file_that_was_moved_into_its_place_is_taken(followed: Followed) -> None:
    other = followed.path.with_name("new.toml")
    other.write_text(NEW)
    stat = followed.path.stat()
    os.utime(other, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    other.replace(followed.path)
    await followed.look_twice()
    assert followed.days == 30


async def test_a_change_of_comments_alone_is_the_same_policy(followed: Followed) -> None:
    followed.path.write_text(OLD + "# as before\n")
    with capture_logs() as told:
        await followed.look_twice()
    assert told == []


def test_a_server_knows_the_countries_with_a_policy_file_and_without(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text("")
    without, own = isolated_settings(), isolated_settings(policy_file=path)
    assert read_policy(without).law is read_policy(own).law is LAW
    assert LAW.calendar is not None


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(InvalidInput, match="UTF-8"):
        read_policy_file(path)
