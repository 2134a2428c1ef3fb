"""The file of heads: whole, private, and of each business the newest."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path

import pytest

from askfirst.adapters.head_file import HeadFile, read_heads
from askfirst.domain.transparency.ledger_check import Damage, DamageKind, Head
from askfirst.domain.values.errors import UnsafeStorage
from askfirst.domain.values.ids import BusinessId, Position
from askfirst.ports.transparency.head import Heads, HeadUnreadable, KeptHead

ACME, RIVAL = BusinessId("acme"), BusinessId("rival")


def heads(database: str = "one", **positions: int) -> Heads:
    return Heads(
        database=database,
        businesses={
            BusinessId(name): KeptHead(head=Head(Position(place), b"l" * 32, b"h" * 32))
            for name, place in positions.items()
        },
    )


async def test_what_is_kept_is_read_again_by_whoever_comes(tmp_path: Path) -> None:
    path = tmp_path / "var" / "askfirst.head"
    damage = Damage(kind=DamageKind.HASH_DIFFERS, business_id=ACME, first=3, last=3)
    kept = Heads(
        database="one",
        businesses={ACME: KeptHead(head=Head(Position(7), b"l" * 32), damages=(damage,))},
    )
    assert await HeadFile(path).read() is None
    await HeadFile(path).keep(kept)
    assert await HeadFile(path).read() == kept
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_of_each_business_the_newer_head_wins(tmp_path: Path) -> None:
    one, other = HeadFile(tmp_path / "h"), HeadFile(tmp_path / "h")
    await one.keep(heads(acme=5, rival=2))
    await other.keep(heads(acme=4, rival=3))
    assert await one.read() == await other.read() == heads(acme=5, rival=3)


async def test_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    files = [HeadFile(tmp_path / "h") for _ in range(8)]
    await asyncio.gather(
        *(file.keep(heads("one", **{f"b{place}": place + 1})) for place, file in enumerate(files))
    )
    kept = read_heads(tmp_path / "h")
    assert kept is not None
    assert len(kept.businesses) == 8


async def test_a_head_of_another_database_is_left_alone_unless_told(tmp_path: Path) -> None:
    file = HeadFile(tmp_path / "h")
    await file.keep(heads(acme=5))
    await file.keep(heads("two", acme=9))
    assert await file.read() == heads(acme=5)
    await file.keep(heads("two", acme=2), replace=True)
    assert await file.read() == heads("two", acme=2)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format":2}', '{"format":1}'])
async def test_what_is_no_head_is_said(tmp_path: Path, content: str) -> None:
    (tmp_path / "h").write_text(content)
    with pytest.raises(HeadUnreadable):
        await HeadFile(tmp_path / "h").read()


async def test_where_it_cannot_be_written_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "h").mkdir()
    with pytest.raises((UnsafeStorage, HeadUnreadable), match="h"):
        await HeadFile(tmp_path / "h").keep(heads(acme=1))
