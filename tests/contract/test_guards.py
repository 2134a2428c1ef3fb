"""Who may write is tied to the data: to the file's inode, and to a number inside the database."""

from __future__ import annotations

import asyncio
import fcntl
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Self

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.domain.tenants.api_key import Business
from askfirst.domain.values.errors import UnsafeStorage
from askfirst.domain.values.rate_limit import LimitName, Use
from askfirst.storage.platform.errors import StorageInUse, Superseded
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.sqlite import file_lock
from tests.support.builders import (
    BEN,
    BUSINESS,
    change,
    decision_record,
    grant,
    outcome,
    question,
    stop,
)
from tests.support.clocks import NOON
from tests.support.stores import Home, PostgresHome, SqliteHome, fixed_keyring

ROOT = Path(__file__).parents[2]

# A second server that the kernel does not keep out: on another machine, say, or in a container with
# locks of its own. It says what it did and then waits to be told to end.
OVERTAKE = """
import asyncio, fcntl, os, pathlib, sys
fcntl.flock = lambda *_: None
from tests.support.stores import PostgresHome, SqliteHome, fixed_keyring
from tests.support.builders import change, stop
from askfirst.storage.platform.keyring import Keyring

class Server:
    url = sys.argv[2]

async def main():
    kind, place, *name = sys.argv[1:]
    home = SqliteHome(pathlib.Path(place)) if kind == "sqlite" else PostgresHome(Server, *name)
    store = await home.open(Keyring.load(sys.stdin.readline(), os.urandom))
    print("open", flush=True)
    sys.stdin.readline()
    await store.close()

asyncio.run(main())
"""


class SecondServer:
    """A process of its own that opens the same database."""

    def __init__(self, home: Home, keyring: Keyring) -> None:
        place = (
            (home.server.url, home.database)
            if isinstance(home, PostgresHome)
            else (str(home.path),)  # type: ignore[attr-defined]
        )
        self.process = subprocess.Popen(
            [sys.executable, "-c", OVERTAKE, home.backend, *place],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        self._say(keyring.dump().replace("\n", ""))

    def _say(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    async def __aenter__(self) -> Self:
        assert self.process.stdout is not None
        assert await asyncio.to_thread(self.process.stdout.readline) == "open\n"
        return self

    async def __aexit__(self, *_: object) -> None:
        """Let it close and end, well where it was not killed."""
        if self.process.poll() is None:
            self.process.communicate("\n", timeout=20)
            assert self.process.returncode == 0

    def kill(self) -> None:
        """End it in the middle of things."""
        self.process.kill()
        self.process.communicate(timeout=20)


async def put_limit(store: Store) -> object:
    use = Use(limit=LimitName.COOL_DOWN, subject="x", window=60_000_000, most=5)
    return await store.limits.take(BUSINESS, (use,), NOON)


async def hold(store: Store) -> object:
    async with store.gate.hold(question()) as held:
        return held


DOORS: dict[str, Callable[[Store], Awaitable[object]]] = {
    "a stop": lambda store: store.ledger.commit(change(stop())),
    "a yes": lambda store: store.ledger.commit(change(grant(BEN))),
    "a business": lambda store: store.directory.put_business(
        Business(business_id=BUSINESS, name="Acme"), NOON
    ),
    "a limit": put_limit,
    "a decision": lambda store: store.decisions.record(decision_record()),
    "an outcome": lambda store: store.decisions.conclude(outcome()),
    "a look": lambda store: store.gate.look(question()),
    "a hold": hold,
    "readiness": lambda store: store.ready(),
}


@pytest.mark.parametrize("door", DOORS)
async def test_whoever_was_overtaken_neither_writes_nor_decides(home: Home, door: str) -> None:
    store = await home.open()
    await store.ledger.commit(change(grant()))
    await store.ready()
    async with SecondServer(home, fixed_keyring().rotated()):
        with pytest.raises(Superseded, match="nothing is written or decided any more"):
            await DOORS[door](store)
        await store.close()
    events = await home.raw("SELECT kind FROM event")
    assert [tuple(row) for row in events] == [("granted",)]
    assert await home.raw("SELECT * FROM decision") == []


async def test_whoever_was_overtaken_says_so_to_all_that_wait(home: Home) -> None:
    store = await home.open()
    await store.ledger.commit(change(grant()))
    async with SecondServer(home, fixed_keyring().rotated()):
        changes = (store.ledger.commit(change(grant())) for _ in range(30))
        results = await asyncio.gather(*changes, return_exceptions=True)
        assert {type(result) for result in results} == {Superseded}
        await store.close()


async def test_a_process_with_the_same_keys_opens_again_after_the_other(home: Home) -> None:
    keyring = fixed_keyring().rotated()
    for _ in range(2):
        store = await home.open(keyring)
        await store.ledger.commit(change(grant()))
        await store.close()
    store = await home.open(keyring)
    assert await store.ledger.head(BUSINESS) == 2
    await store.close()


class TestSqlite:
    @pytest.mark.parametrize("name", ["symbolic link", "hard link", "folder", "dots"])
    async def test_a_file_is_held_under_all_its_names(
        self, sqlite_home: SqliteHome, name: str
    ) -> None:
        store = await sqlite_home.open()
        await store.ledger.commit(change(grant()))
        other = another_name(sqlite_home.path, name)
        with pytest.raises(StorageInUse):
            await SqliteHome(other).open()
        holder = subprocess.run(
            [sys.executable, "-c", OPEN_ONCE, str(other)],
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=False,
            timeout=60,
        )
        assert "StorageInUse" in holder.stderr
        await store.close()
        again = await SqliteHome(other).open()
        assert await again.ledger.head(BUSINESS) == 1
        await again.close()

    async def test_a_lock_that_is_refused_does_not_cost_the_holder_its_own(
        self, sqlite_home: SqliteHome
    ) -> None:
        """Closing a second descriptor would give up SQLite's record locks on the file."""
        store = await sqlite_home.open()
        await store.ledger.commit(change(grant()))
        with pytest.raises(StorageInUse):
            await sqlite_home.open()
        told = subprocess.run(
            [sys.executable, "-c", LEAVE_THE_LOG, str(sqlite_home.path)],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert "locked" in told.stderr
        await store.close()

    async def test_sqlites_own_locks_and_ours_do_not_meet(self, sqlite_home: SqliteHome) -> None:
        store = await sqlite_home.open()
        copied = sqlite_home.path.with_name("copy.db")
        told = subprocess.run(
            [sys.executable, "-c", COPY, str(sqlite_home.path), str(copied)],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert (told.returncode, told.stderr) == (0, "")
        await store.ledger.commit(change(grant()))
        await store.close()

    async def test_nothing_of_a_database_can_be_read_by_others_from_its_birth(
        self, sqlite_home: SqliteHome
    ) -> None:
        before = os.umask(0)
        try:
            store = await sqlite_home.open()
            await store.ledger.commit(change(grant()))
            assert modes(sqlite_home.path) == {"": 0o600, "-wal": 0o600, "-shm": 0o600}
            await store.close()
        finally:
            os.umask(before)

    async def test_a_database_is_born_private(
        self, sqlite_home: SqliteHome, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Whoever could open it for a moment would have it open for ever."""
        sqlite_home.is_made_by_store = True
        born: list[int] = []
        monkeypatch.setattr(
            file_lock, "make_private", lambda path: born.append(path.stat().st_mode & 0o777)
        )
        before = os.umask(0)
        try:
            await (await sqlite_home.open()).close()
        finally:
            os.umask(before)
        assert born == [0o600]

    async def test_what_others_could_read_is_made_private(self, sqlite_home: SqliteHome) -> None:
        store = await sqlite_home.open()
        await store.ledger.commit(change(grant()))
        log = sqlite_home.path.with_name(sqlite_home.path.name + "-wal")
        kept = log.read_bytes()
        await store.close()
        log.write_bytes(kept)
        log.chmod(0o644)
        sqlite_home.path.chmod(0o664)
        store = await sqlite_home.open()
        assert modes(sqlite_home.path) == {"": 0o600, "-wal": 0o600, "-shm": 0o600}
        assert await store.ledger.head(BUSINESS) == 1
        await store.close()

    async def test_no_file_that_others_may_open_stands_for_the_lock(
        self, sqlite_home: SqliteHome
    ) -> None:
        store = await sqlite_home.open()
        open_to_others = [
            file.name for file in sqlite_home.path.parent.iterdir() if file.stat().st_mode & 0o077
        ]
        assert open_to_others == []
        await store.close()

    async def test_a_permit_of_whoever_was_overtaken_is_dead(self, sqlite_home: SqliteHome) -> None:
        store = await sqlite_home.open()
        await store.ledger.commit(change(grant()))
        async with store.gate.hold(question()) as held:
            assert held.alive()
            async with SecondServer(sqlite_home, fixed_keyring()):
                assert not held.alive()
        await store.close()

    @pytest.mark.parametrize("fate", ["moved", "removed", "replaced"])
    async def test_a_file_that_lost_its_name_is_not_written_any_more(
        self, sqlite_home: SqliteHome, fate: str
    ) -> None:
        store = await sqlite_home.open()
        await store.ledger.commit(change(grant()))
        path = sqlite_home.path
        if fate == "removed":
            path.unlink()
        else:
            path.rename(path.with_name("old.db"))
        if fate == "replaced":
            path.write_bytes(path.with_name("old.db").read_bytes())
        for door in ("a stop", "a decision", "readiness"):
            with pytest.raises(Superseded, match="moved or replaced"):
                await DOORS[door](store)
        await store.close()

    async def test_the_log_of_another_name_is_not_left_behind(
        self, sqlite_home: SqliteHome
    ) -> None:
        async with SecondServer(sqlite_home, fixed_keyring()) as second:
            second.kill()
        log = sqlite_home.path.with_name(sqlite_home.path.name + "-wal")
        if not log.stat().st_size:
            log.write_bytes(b"newest writes")
        other = another_name(sqlite_home.path, "hard link")
        with pytest.raises(UnsafeStorage, match=r"newest writes lie in .*askfirst\.db-wal"):
            await SqliteHome(other).open()
        await (await sqlite_home.open()).close()
        await (await SqliteHome(other).open()).close()

    async def test_a_file_system_without_locks_is_refused(
        self, sqlite_home: SqliteHome, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def no_locks(*_: object) -> None:
            raise OSError(95, "Operation not supported")

        monkeypatch.setattr(fcntl, "flock", no_locks)
        with pytest.raises(UnsafeStorage, match="has no locks"):
            await sqlite_home.open()


@pytest.mark.postgres
class TestPostgres:
    async def test_servers_with_the_same_keys_go_on_side_by_side(
        self, postgres_home: PostgresHome
    ) -> None:
        store = await postgres_home.open()
        async with SecondServer(postgres_home, fixed_keyring()):
            await store.ledger.commit(change(grant()))
            await store.ready()
        assert await store.ledger.head(BUSINESS) == 1
        await store.close()

    async def test_a_newer_schema_fences_off_an_older_askfirst(
        self, postgres_home: PostgresHome
    ) -> None:
        store = await postgres_home.open()
        await store.ledger.commit(change(grant()))
        await postgres_home.raw("INSERT INTO schema_version VALUES (9999)")
        for door in DOORS.values():
            with pytest.raises(Superseded, match="newer askfirst"):
                await door(store)
        await store.close()

    async def test_a_key_is_not_in_force_before_older_permits_have_ended(
        self, postgres_home: PostgresHome
    ) -> None:
        """Who has opened with the new key may rely on it that nothing leaves by the old one."""
        store = await postgres_home.open()
        await store.ledger.commit(change(grant()))
        async with store.gate.hold(question()) as held:
            opening = asyncio.create_task(postgres_home.open(fixed_keyring().rotated()))
            await asyncio.wait({opening}, timeout=0.5)
            assert not opening.done()
            assert held.alive()
        second = await opening
        with pytest.raises(Superseded):
            await DOORS["a hold"](store)
        await second.close()
        await store.close()

    async def test_a_writer_that_waited_while_a_key_came_is_fenced_off(
        self, postgres_home: PostgresHome
    ) -> None:
        """Its transaction asked before it waited; the answer must be that of after the wait."""
        store = await postgres_home.open()
        await store.ledger.commit(change(grant()))
        other = await postgres_home.open()
        async with other.gate.hold(question()):
            opening = asyncio.create_task(postgres_home.open(fixed_keyring().rotated()))
            await asyncio.wait({opening}, timeout=0.3)
            writing = asyncio.create_task(store.ledger.commit(change(grant(BEN))))
            await asyncio.wait({writing}, timeout=0.3)
            assert not writing.done()
        second = await opening
        with pytest.raises(Superseded):
            await writing
        for each in (store, other, second):
            await each.close()


OPEN_ONCE = """
import asyncio, pathlib, sys
from tests.support.stores import SqliteHome
asyncio.run(SqliteHome(pathlib.Path(sys.argv[1])).open())
"""
LEAVE_THE_LOG = """
import sqlite3, sys
sqlite3.connect(sys.argv[1], timeout=0.2).execute("PRAGMA journal_mode = DELETE").fetchone()
"""
COPY = """
import sqlite3, sys
sqlite3.connect(sys.argv[1]).execute("VACUUM INTO ?", [sys.argv[2]])
"""


def another_name(path: Path, kind: str) -> Path:
    """Another name of a file."""
    other = path.with_name("other.db")
    match kind:
        case "symbolic link":
            other.symlink_to(path)
        case "hard link":
            os.link(path, other)
        case "folder":
            folder = path.parent / "folder"
            folder.symlink_to(path.parent)
            return folder / path.name
        case _:
            return path.parent / ".." / path.parent.name / path.name
    return other


def modes(path: Path) -> dict[str, int]:
    """The rights of a database and of what lies beside it, by the end of the name."""
    return {
        file.name.removeprefix(path.name): file.stat().st_mode & 0o777
        for file in path.parent.glob(path.name + "*")
    }
