"""Whoever is killed at any step of work in the background leaves all of it to others, and once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import BACKENDS
from tests.promise.harness.jobs import JOBS
from tests.promise.sizes import IS_FULL, SECONDS_MAX
from tests.promise.task_kill import Databases, Drill, Files, Place
from tests.support.stores import PostgresHouse

pytestmark = pytest.mark.timeout(SECONDS_MAX * 4)
ASKED_FOR = (
    "codes",
    "stop_confirmations",
    "stop_questions",
    "preference_links",
    "held_messages",
    "subscriptions",
    "forwarding",
    "dead_letters",
    "exports",
)
"""What a request or a delivery makes due; the others recur."""


@pytest.fixture(params=BACKENDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "sqlite":
        yield Files(tmp_path)
        return
    yield Databases(request.getfixturevalue("postgres_house"))


@pytest.fixture
def postgres_place(postgres_house: PostgresHouse) -> Place:
    return Databases(postgres_house)


@pytest.fixture
def stride(place: Place) -> int:
    """Every step on SQLite; on PostgreSQL every fourth, but where everything is judged."""
    return 1 if IS_FULL or isinstance(place, Files) else 4


@pytest.mark.parametrize("job", JOBS)
def test_a_worker_that_is_killed_at_a_step_loses_and_doubles_nothing(
    job: str, place: Place, stride: int, tmp_path: Path
) -> None:
    result = Drill(job, place, tmp_path).kill("work", stride=stride)
    assert not result.complaints
    assert result.steps >= 10 // stride
    # Between the right to a message of ours, which is used up, and its first byte are two steps.
    is_reply = job in {"stop_confirmations", "stop_questions", "preference_links", "held_messages"}
    assert result.silent <= (2 if is_reply else 0)


@pytest.mark.parametrize("job", ASKED_FOR)
def test_a_process_that_is_killed_while_it_makes_work_due_loses_and_doubles_nothing(
    job: str, place: Place, stride: int, tmp_path: Path
) -> None:
    result = Drill(job, place, tmp_path).kill("cause", stride=stride)
    assert not result.complaints
    # What may be a stop, or asks for a link, is one write; a stop ends codes, too.
    one_write = {"stop_questions", "preference_links", "subscriptions", "forwarding", "exports"}
    fewest = 2 if job in one_write else 4
    assert result.steps >= fewest // stride
    assert result.silent == 0


@pytest.mark.postgres
@pytest.mark.parametrize("job", ["codes", "stop_confirmations", "templates"])
def test_while_a_worker_pauses_within_its_lease_no_other_does_its_task(
    job: str, postgres_place: Place, tmp_path: Path
) -> None:
    result = Drill(job, postgres_place, tmp_path).pause(stride=1 if IS_FULL else 3)
    assert not result.complaints
    assert result.steps > 2


def test_the_drill_catches_a_task_that_is_written_after_its_transaction(
    place: Place, tmp_path: Path
) -> None:
    result = Drill("codes", place, tmp_path, plant="task_after_commit").kill("cause")
    assert any("lost" in one for one in result.complaints)


def test_the_drill_catches_a_wish_for_a_link_whose_task_is_written_later(
    place: Place, tmp_path: Path
) -> None:
    result = Drill("preference_links", place, tmp_path, plant="link_after_commit").kill("cause")
    assert any("lost" in one for one in result.complaints)


@pytest.mark.parametrize(
    ("plant", "part"), [("subscribers_after_commit", "cause"), ("moved_before_taken", "work")]
)
def test_the_drill_catches_an_event_that_no_endpoint_is_told(
    plant: str, part: str, place: Place, tmp_path: Path
) -> None:
    result = Drill("subscriptions", place, tmp_path, plant=plant).kill(part)
    assert any("lost" in one for one in result.complaints)


def test_the_drill_catches_a_held_message_that_keeps_its_right(
    place: Place, tmp_path: Path
) -> None:
    result = Drill("held_messages", place, tmp_path, plant="right_not_used_up").kill("work")
    assert any("doubled" in one for one in result.complaints)


@pytest.mark.parametrize(
    ("plant", "part"), [("receivers_after_commit", "cause"), ("passed_before_taken", "work")]
)
def test_the_drill_catches_a_webhook_that_no_receiver_gets(
    plant: str, part: str, place: Place, tmp_path: Path
) -> None:
    result = Drill("forwarding", place, tmp_path, plant=plant).kill(part)
    assert any("lost" in one for one in result.complaints)


@pytest.mark.postgres
def test_the_drill_catches_a_lease_that_is_not_fenced(
    postgres_place: Place, tmp_path: Path
) -> None:
    result = Drill("codes", postgres_place, tmp_path, plant="unfenced_lease").pause()
    assert any("doubled" in one for one in result.complaints)
