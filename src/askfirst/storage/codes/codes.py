"""Requests for codes, for either backend."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from askfirst.domain.codes.code import Code, Result, StatusChange, StatusKind, area_of
from askfirst.domain.codes.code_limits import (
    LiveCode,
    NumberSheet,
    converted_use,
    failed_check_use,
    tries_left,
)
from askfirst.domain.value import replace
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import Conflict
from askfirst.domain.values.ids import BusinessId, CodeId
from askfirst.domain.values.rate_limit import LimitName
from askfirst.domain.values.timestamp import DAY, Instant
from askfirst.ports.codes.codes import (
    Admission,
    AdmissionResult,
    Renewal,
    Tried,
    Typed,
    code_task,
)
from askfirst.ports.events.outbox import events_task
from askfirst.storage.codes.code_rows import DIGEST, HASH, CodeRows, lines, mark
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rate_limits import StoredLimits
from askfirst.storage.platform.rows import Row
from askfirst.storage.platform.statements import Apart, Statements, Step, TransactionScript
from askfirst.storage.tasks.tasks import StoredTasks, enqueue_step, schedule_step

_KEEP_TRIES = -1
_Found = TypeVar("_Found")


class _NoRoom(Exception):
    """The request cannot be kept, so nothing of it may stay: the code before it lives on."""


class StoredCodes:
    """See ports.codes.Codes. `is_telling`: what happens to requests has to be told to somebody."""

    def __init__(
        self,
        statements: Statements,
        keyring: Keyring,
        limits: StoredLimits,
        tasks: StoredTasks,
        *,
        is_telling: bool,
    ) -> None:
        self._statements = statements
        self._told = 0 if is_telling else None
        self._tasks = tasks
        self._rows = CodeRows(keyring)
        self._limits = limits

    async def sheet(
        self, business_id: BusinessId, number: Alias, purpose: str, now: Instant
    ) -> NumberSheet:
        """Add up what was written under each version of the keys."""
        sheet = NumberSheet()
        for lookup in self._rows.numbers(number):
            row = (lookup, now - DAY, now, purpose)
            (found,) = await self._statements.fetch("number_codes", business_id, *row)
            live = tuple(entry.partition(":") for entry in found[5].split(",") if entry)
            sheet = NumberSheet(
                next_at=max(sheet.next_at, found[1]),
                suppressed_until=max(sheet.suppressed_until, found[2]),
                asked=sheet.asked + int(found[3]),
                failures=sheet.failures + int(found[4]),
                live=(*sheet.live, *(LiveCode(CodeId(one[0]), int(one[2])) for one in live)),
            )
        return sheet

    async def open(
        self,
        code: Code,
        digits: str,
        due_at: Instant | None,
        key: tuple[str, bytes] | None,
        entrance: Admission | None,
    ) -> AdmissionResult:
        def talk() -> TransactionScript[AdmissionResult]:
            kept = code
            if entrance is not None:
                if limit := (yield from self._enter(code, code.created_at, entrance)):
                    return AdmissionResult(None, limit)
                failures = yield from self._end_live(code, entrance.sheet)
                kept = replace(code, tries_max=tries_left(entrance.tries, failures))
            rows = yield "open_code", (*self._rows.write(kept, digits, key), self._told)
            if not rows and entrance is not None:
                raise _NoRoom
            if rows and due_at is not None:
                yield _schedule(code, due_at)
            return AdmissionResult(kept if rows else None)

        try:
            apart = ("open", self._rows.number(code.number))
            return await self._talk(code.business_id, talk, apart)
        except _NoRoom:
            return AdmissionResult(None)

    async def find(self, business_id: BusinessId, code_id: CodeId) -> Code | None:
        rows = await self._statements.fetch("find_code", business_id, code_id)
        return self._rows.read(business_id, rows[0]) if rows else None

    async def find_by_key(self, business_id: BusinessId, key: tuple[str, bytes]) -> Code | None:
        for lookup in self._rows.keys(key[0]):
            if rows := await self._statements.fetch("find_code_by_key", business_id, lookup):
                if bytes(rows[0][DIGEST]) not in self._rows.digests(key[1]):
                    raise Conflict("the Idempotency-Key was used before for another request")
                return self._rows.read(business_id, rows[0])
        return None

    async def try_code(self, business_id: BusinessId, typed: Typed, now: Instant) -> Tried | None:
        def talk() -> TransactionScript[Tried | None]:
            # INVARIANT: the try is counted, and the row held, before the hash is looked at; nobody
            # hears of the result before both are durable.
            rows = yield "count_try", (business_id, typed.code_id, now)
            if not rows:
                return (yield from self._over(business_id, typed.code_id, now))
            code = self._rows.read(business_id, rows[0])
            if self._rows.is_right(code, typed, bytes(rows[0][HASH])):
                return (yield from self._approve(code, now))
            full = yield from self._limits.taking(business_id, ((failed_check_use(),),), now)
            result = Result.LOCKED if full else Result.WRONG
            return Tried(code=code, result=result, is_capped=full is not None)

        return await self._talk(business_id, talk, ("try", typed.code_id))

    async def prove(self, business_id: BusinessId, code_id: CodeId, line: StatusChange) -> bool:
        row = (business_id, code_id, line.at, lines((line,)))
        change = partial(self._changing, "prove_code", row, line.at)
        return bool(await self._talk(business_id, change))

    async def end(self, business_id: BusinessId, code_id: CodeId, line: StatusChange) -> bool:
        row = (business_id, code_id, line.at, lines((line,)))
        change = partial(self._ending, row, line.at)
        return bool(await self._talk(business_id, change))

    async def renew(
        self, code: Code, renewal: Renewal, entrance: Admission | None = None
    ) -> AdmissionResult:
        hash_ = self._rows.hash(code, renewal.digits)

        def talk() -> TransactionScript[AdmissionResult]:
            if limit := (yield from self._admit(code, renewal, entrance)):
                return AdmissionResult(None, limit)
            more, most = _KEEP_TRIES, 0
            if entrance is not None:
                more, most = entrance.tries, entrance.sheet.tries_most(code.code_id)
            place = (code.business_id, code.code_id, renewal.made, renewal.step, hash_)
            times = (renewal.expires_at, renewal.resend_at)
            counts = (int(renewal.is_resend), more)
            row = (*place, *times, *counts, lines(renewal.history), most)
            rows = yield from self._changing("renew_code", row, renewal.now)
            if rows:
                yield _schedule(code, renewal.due_at)
                return AdmissionResult(self._rows.read(code.business_id, rows[0]))
            yield from self._leave(code, renewal, entrance)
            return AdmissionResult(None)

        return await self._talk(code.business_id, talk)

    async def note(self, code: Code, line: StatusChange, due_at: Instant | None) -> bool:
        marks = (mark(line.what, line.number), lines((line,)))
        known = (mark(what, line.number) for what in (StatusKind.DELIVERED, StatusKind.FAILED))
        row = (code.business_id, code.code_id, line.number, *marks, *known)

        def talk() -> TransactionScript[bool]:
            rows = yield from self._changing("note_code", row, line.at)
            if not rows:
                return False
            due = due_at if rows[0][1] else None
            if due is not None or code.may_be_followed:
                yield _schedule(code, due)
            return True

        return await self._talk(code.business_id, talk, ("note", code.code_id))

    async def suppress(self, business_id: BusinessId, number: Alias, until: Instant) -> None:
        lookup = self._rows.number(number)
        await self._statements.write("suppress_number", business_id, lookup, until)

    async def live(self, business_id: BusinessId, number: Alias) -> tuple[CodeId, ...]:
        found: list[CodeId] = []
        for lookup in self._rows.numbers(number):
            rows = await self._statements.fetch("open_codes_of_number", business_id, lookup)
            found += [CodeId(row[0]) for row in rows]
        return tuple(found)

    async def sweep(self, business_id: BusinessId, before: Instant) -> int:
        swept = await self._statements.write("sweep_codes", business_id, before)
        for name in ("sweep_code_numbers", "sweep_code_suppressions"):
            await self._statements.write(name, business_id, before)
        return len(swept)

    async def _talk(
        self,
        business_id: BusinessId,
        begin: Callable[[], TransactionScript[_Found]],
        apart: Apart | None = None,
    ) -> _Found:
        found = await self._statements.talk(business_id, begin, apart)
        if self._told is not None:
            self._tasks.wake()
        return found

    def _changing(
        self, name: str, row: tuple[object, ...], at: Instant
    ) -> TransactionScript[Sequence[Row]]:
        """Run a statement that adds to the history of a request, and have what it adds told.

        The row begins with the business and the request.
        """
        rows = yield name, row
        if rows and self._told is not None:
            task = events_task(BusinessId(str(row[0])), CodeId(str(row[1])))
            yield enqueue_step(task, at)
        return rows

    def _ending(self, row: tuple[object, ...], at: Instant) -> TransactionScript[Sequence[Row]]:
        """End a request; gives its tries.

        What was not sent yet stays due: the wish that was answered has to reach the ledger.
        """
        rows = yield from self._changing("end_code", row, at)
        if rows and rows[0][1]:
            task = code_task(BusinessId(str(row[0])), CodeId(str(row[1])))
            yield schedule_step(task, None)
        return rows

    def _enter(
        self, code: Code, now: Instant, entrance: Admission
    ) -> TransactionScript[LimitName | None]:
        """Take the number's turn, then what the code takes of limits; gives what is reached.

        Where something is, nothing is taken: a stranger who is refused uses up nobody's codes.
        """
        turn = (self._rows.number(code.number), now, entrance.until)
        if not (yield "claim_number", (code.business_id, *turn)):
            return LimitName.COOL_DOWN
        limit = yield from self._limits.taking(code.business_id, entrance.uses, now)
        if limit is not None:
            yield self._release(code, entrance)
        return limit

    def _admit(
        self, code: Code, renewal: Renewal, entrance: Admission | None
    ) -> TransactionScript[LimitName | None]:
        """Let another code of a request in: one that was asked for anew, or a fallback."""
        if entrance is not None:
            return (yield from self._enter(code, renewal.now, entrance))
        return (yield from self._limits.taking(code.business_id, renewal.uses, renewal.now))

    def _leave(
        self, code: Code, renewal: Renewal, entrance: Admission | None
    ) -> TransactionScript[None]:
        """Give back all that was taken to come in: somebody else was faster."""
        uses = entrance.uses if entrance else renewal.uses
        yield from self._limits.giving_back(code.business_id, uses, renewal.now)
        if entrance is not None:
            yield self._release(code, entrance)

    def _release(self, code: Code, entrance: Admission) -> Step:
        turn = (self._rows.number(code.number), entrance.until)
        return "release_number", (code.business_id, *turn)

    def _approve(self, code: Code, now: Instant) -> TransactionScript[Tried | None]:
        """Approve it, and give back to its block of numbers: this one was read."""
        line = lines((StatusChange(StatusKind.APPROVED, code.channel, code.made, now),))
        place = (code.business_id, code.code_id)
        row = (*place, now, code.made, line)
        if not (yield from self._changing("approve_code", row, now)):
            return (yield from self._over(*place, now))
        if code.may_be_followed:
            yield _schedule(code, None)
        use = converted_use(area_of(code.number))
        yield self._limits.returning(code.business_id, use, now, code.created_at)
        return Tried(code=code, result=Result.APPROVED)

    def _over(
        self, business_id: BusinessId, code_id: CodeId, now: Instant
    ) -> TransactionScript[Tried | None]:
        """Return why a try does not count."""
        rows = yield "find_code", (business_id, code_id)
        if not rows:
            return None
        code = self._rows.read(business_id, rows[0])
        return Tried(code=code, result=code.result(now) or Result.LOCKED)

    def _end_live(self, code: Code, sheet: NumberSheet) -> TransactionScript[int]:
        """End the code before this one; gives the failures with the tries that it really had."""
        now = code.created_at
        ended = lines((StatusChange(StatusKind.CANCELLED, code.channel, 1, now, "replaced"),))
        failures = sheet.failures
        for live in sheet.live:
            row = (code.business_id, live.code_id, now, ended)
            rows = yield from self._ending(row, now)
            failures += int(rows[0][0]) if rows else live.tries
        return failures


def _schedule(code: Code, due_at: Instant | None) -> Step:
    """Return the step that says when a request is to be gone on with; None: not at all."""
    return schedule_step(code_task(code.business_id, code.code_id), due_at)
