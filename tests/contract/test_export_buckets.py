"""Exports into a bucket, against a store that speaks S3 in a process of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from askfirst.bootstrap.exports.places import export_places_of
from askfirst.bootstrap.exports.writer import ExportWriter
from askfirst.bootstrap.settings import Settings, isolated_settings
from askfirst.domain.bulk.export_schedule import ExportOutcome
from askfirst.domain.tasks.task import Queue
from askfirst.domain.values.errors import Conflict
from askfirst.usecases.bulk.exports.manage_schedules import list_schedules
from tests.support.builders import ANA, BEN, BUSINESS, change, grant
from tests.support.exports import DESTINATION, is_whole, s3_server, scheduled
from tests.support.services import World, build_world
from tests.support.tasks import run_due

SECRET = "never-in-a-log-or-an-error"
LARGE = 24 * 1024 * 1024
"""Uploaded in parts."""


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    with s3_server() as address:
        yield address


@pytest.fixture
def bucket(s3: str, request: pytest.FixtureRequest) -> str:
    name = f"bucket-{abs(hash(request.node.name)) % 10**9}"
    httpx.put(f"{s3}/{name}").raise_for_status()
    return f"{s3}/{name}"


def settings_for(bucket: str) -> Settings:
    endpoint, _, name = bucket.rpartition("/")
    return isolated_settings(
        export_destinations=f"{DESTINATION}=s3://{name}/askfirst/daily",
        export_s3_endpoint=endpoint,
        export_s3_key_id="key",
        export_s3_secret=SECRET,
    )


def exporting_to(world: World, bucket: str) -> World:
    files = ExportWriter(export_places_of(settings_for(bucket)))
    return build_world(world.store, world.clock, export_files=files, ids=world.services.ids)


def names_in(bucket: str) -> list[str]:
    listed = httpx.get(f"{bucket}?list-type=2").text
    return [part.split("</Key>")[0] for part in listed.split("<Key>")[1:]]


def content_of(bucket: str, name: str) -> bytes:
    """Read an object, as somebody who has a key: others may not."""
    answer = httpx.get(f"{bucket}/{name}", headers={"authorization": "AWS key:signature"})
    return answer.raise_for_status().content


async def say(world: World, *acts: Any) -> None:
    for act in acts:
        await world.store.ledger.commit(change(act))


async def test_files_come_into_a_bucket(sqlite_world: World, bucket: str) -> None:
    world = exporting_to(sqlite_world, bucket)
    await say(world, grant(ANA), grant(BEN))
    await scheduled(world)
    await run_due(world, Queue.EXPORTS)
    (name,) = names_in(bucket)
    assert name.startswith(f"askfirst/daily/{BUSINESS}-ledger-")
    lines = [json.loads(line) for line in content_of(bucket, name).splitlines()]
    assert is_whole(lines)
    assert [line["position"] for line in lines[1:-1]] == [1, 2]


async def test_a_large_file_comes_in_parts_and_whole(bucket: str) -> None:
    place = export_places_of(settings_for(bucket))[DESTINATION]
    with place.draft("exs") as draft:
        draft.file.write(b"0123456789abcdef" * (LARGE // 16))
        await draft.keep("large.jsonl")
    (name,) = names_in(bucket)
    assert content_of(bucket, name) == b"0123456789abcdef" * (LARGE // 16)
    assert "-" in httpx.head(f"{bucket}/{name}").headers["etag"]  # so it was several parts


async def test_what_may_not_finish_is_no_object(sqlite_world: World, bucket: str) -> None:
    world = exporting_to(sqlite_world, bucket)
    await say(world, grant(ANA))
    made = await scheduled(world)

    async def check() -> None:
        raise Conflict("removed")

    from askfirst.usecases.bulk.exports.export_business import export_business

    parts = export_business(world.services, made.order)
    with pytest.raises(Conflict):
        await world.services.export_files.write(made, parts, check)
    assert names_in(bucket) == []


async def test_a_bucket_that_is_not_there_is_told_without_secrets(
    sqlite_world: World, s3: str, capsys: pytest.CaptureFixture[str]
) -> None:
    world = exporting_to(sqlite_world, f"{s3}/nobody-made-this")
    await say(world, grant(ANA))
    await scheduled(world)
    await run_due(world, Queue.EXPORTS)
    (found,) = await list_schedules(world.services, BUSINESS)
    assert (found.outcome, found.reason) == (ExportOutcome.FAILED, "unavailable")
    told = capsys.readouterr()
    assert "export_failed" in told.out + told.err
    assert SECRET not in told.out + told.err + repr(found)
    httpx.put(f"{s3}/nobody-made-this").raise_for_status()
    world.clock.advance(10)
    await run_due(world, Queue.EXPORTS)
    assert len(names_in(f"{s3}/nobody-made-this")) == 1


def test_secrets_show_in_no_settings(bucket: str) -> None:
    assert SECRET not in repr(settings_for(bucket))
