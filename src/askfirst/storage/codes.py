"""Requests for codes, for either backend."""

from __future__ import annotations

import hmac
import json
from collections.abc import Sequence
from typing import Any

from askfirst.domain.alias import Alias, phone_alias
from askfirst.domain.code import (
    Channel,
    Code,
    CodeState,
    Happened,
    Happening,
    Result,
    area_of,
)
from askfirst.domain.code_limits import (
    LiveCode,
    NumberSheet,
    Policy,
    Use,
    area_uses,
    failed_check_use,
)
from askfirst.domain.errors import Conflict
from askfirst.domain.ids import BusinessId, CodeId, PhoneNumberId, ProofId
from askfirst.domain.instant import DAY, Instant
from askfirst.domain.prompt import PromptHash
from askfirst.ports.codes import Renewal, Tried, Typed
from askfirst.storage.keyring import Keyring
from askfirst.storage.rows import Row
from askfirst.storage.statements import Statements

_HASH, _AREA = 16, 17
_KEEP_TRIES = -1


class StoredCodes:
    """See ports.codes.Codes."""

    def __init__(self, statements: Statements, keyring: Keyring) -> None:
        self._statements = statements
        self._keyring = keyring

    async def sheet(
        self, business_id: BusinessId, number: Alias, purpose: str, now: Instant
    ) -> NumberSheet:
        """Add up what was written under each version of the keys."""
        sheet = NumberSheet()
        for lookup in self._keyring.lookups(_number(number)):
            row = (lookup, now - DAY, now, purpose)
            (found,) = await self._statements.fetch("number_codes", business_id, *row)
            live = tuple(entry.partition(":") for entry in found[4].split(",") if entry)
            sheet = NumberSheet(
                next_at=max(sheet.next_at, found[0]),
                suppressed_until=max(sheet.suppressed_until, found[1]),
                asked=sheet.asked + int(found[2]),
                failures=sheet.failures + int(found[3]),
                live=(*sheet.live, *(LiveCode(CodeId(one[0]), int(one[2])) for one in live)),
            )
        return sheet

    async def claim(
        self, business_id: BusinessId, number: Alias, now: Instant, until: Instant
    ) -> bool:
        lookup = self._keyring.lookup(_number(number))
        return bool(await self._statements.write("claim_number", business_id, lookup, now, until))

    async def take(
        self, business_id: BusinessId, uses: Sequence[Use], now: Instant
    ) -> Policy | None:
        uses = [use for use in uses if use.amount]
        if over := next((use for use in uses if use.amount > use.most), None):
            return over.policy
        while uses:
            batch, uses = uses[:2], uses[2:]
            name = "take_two_code_limits" if len(batch) > 1 else "take_code_limit"
            row = [value for use in batch for value in self._use(use, now)]
            taken = {
                found[0] for found in await self._statements.write(name, business_id, now, *row)
            }
            if full := next((use for use in batch if use.policy not in taken), None):
                return full.policy
        return None

    async def opens_at(self, business_id: BusinessId, use: Use) -> Instant:
        row = (use.policy.value, self._subject(use))
        rows = await self._statements.fetch("code_limit_ends", business_id, *row)
        return Instant(rows[0][0] if rows else 0)

    async def open(
        self, code: Code, digits: str, due_at: Instant | None, key: tuple[str, bytes] | None
    ) -> bool:
        hash_ = self._keyring.lookup(_bound(code, digits)) if digits else None
        row = (
            code.business_id,
            code.code_id,
            self._keyring.lookup(_number(code.number)),
            self._keyring.lookup(_area(code.number)),
            code.purpose,
            ",".join(code.channels),
            code.step,
            hash_,
            code.made,
            code.asked,
            code.tries,
            code.tries_max,
            due_at,
            code.created_at,
            code.expires_at,
            code.resend_at,
            self._keyring.lookup("code-key:" + key[0]) if key else None,
            self._keyring.lookup("code-digest:" + key[1].hex()) if key else None,
            _lines(code.history),
            self._keyring.seal(_content(code), code.code_id.encode()),
        )
        return bool(await self._statements.write("open_code", *row))

    async def find(self, business_id: BusinessId, code_id: CodeId) -> Code | None:
        rows = await self._statements.fetch("find_code", business_id, code_id)
        return self._code(business_id, rows[0]) if rows else None

    async def find_by_key(self, business_id: BusinessId, key: tuple[str, bytes]) -> Code | None:
        for lookup in self._keyring.lookups("code-key:" + key[0]):
            if rows := await self._statements.fetch("find_code_by_key", business_id, lookup):
                if bytes(rows[0][15]) not in self._keyring.lookups("code-digest:" + key[1].hex()):
                    raise Conflict("the Idempotency-Key was used before for another request")
                return self._code(business_id, rows[0])
        return None

    async def try_code(self, business_id: BusinessId, typed: Typed, now: Instant) -> Tried | None:
        # INVARIANT: the try is counted, durably, before the hash is looked at.
        rows = await self._statements.write("count_try", business_id, typed.code_id, now)
        if not rows:
            code = await self.find(business_id, typed.code_id)
            return Tried(code=code, result=code.result(now) or Result.LOCKED) if code else None
        code = self._code(business_id, rows[0])
        if self._is_right(code, typed, bytes(rows[0][_HASH])):
            return Tried(code=code, result=await self._approve(code, now))
        full = await self.take(business_id, (failed_check_use(),), now)
        if full:
            return Tried(code=code, result=Result.LOCKED, is_capped=True)
        return Tried(code=code, result=Result.WRONG)

    def _is_right(self, code: Code, typed: Typed, hash_: bytes) -> bool:
        """Compare under every version of the keys, each in constant time, whatever came before."""
        asked = _binding(code, typed.number or code.number, typed.purpose, typed.digits)
        found = [hmac.compare_digest(one, hash_) for one in self._keyring.lookups(asked)]
        return any(found) and bool(typed.digits)

    async def _approve(self, code: Code, now: Instant) -> Result:
        line = _lines((Happened(Happening.APPROVED, code.channel, code.made, now),))
        place = (code.business_id, code.code_id)
        if await self._statements.write("approve_code", *place, now, code.made, line):
            return Result.APPROVED
        again = await self.find(*place)
        return (again.result(now) if again else Result.EXPIRED) or Result.LOCKED

    async def prove(self, business_id: BusinessId, code_id: CodeId, line: Happened) -> bool:
        row = (code_id, line.at, _lines((line,)))
        return bool(await self._statements.write("prove_code", business_id, *row))

    async def end(self, business_id: BusinessId, code_id: CodeId, line: Happened) -> int | None:
        rows = await self._statements.write(
            "end_code", business_id, code_id, line.at, _lines((line,))
        )
        return int(rows[0][0]) if rows else None

    async def renew(self, code: Code, renewal: Renewal) -> bool:
        is_resend = renewal.tries is not None
        row = (
            code.business_id,
            code.code_id,
            renewal.made,
            renewal.step,
            self._keyring.lookup(_bound(code, renewal.digits)),
            renewal.due_at,
            renewal.expires_at,
            renewal.resend_at,
            int(is_resend),
            renewal.tries if is_resend else _KEEP_TRIES,
            _lines(renewal.history),
        )
        return bool(await self._statements.write("renew_code", *row))

    async def note(self, code: Code, line: Happened, due_at: Instant | None) -> bool:
        marks = (_mark(line.what, line.number), _lines((line,)))
        delivered = _mark(Happening.DELIVERED, line.number)
        row = (code.business_id, code.code_id, line.number, *marks, due_at, delivered)
        return bool(await self._statements.write("note_code", *row))

    async def suppress(self, business_id: BusinessId, number: Alias, until: Instant) -> None:
        lookup = self._keyring.lookup(_number(number))
        await self._statements.write("suppress_number", business_id, lookup, until)

    async def live(self, business_id: BusinessId, number: Alias) -> tuple[CodeId, ...]:
        found: list[CodeId] = []
        for lookup in self._keyring.lookups(_number(number)):
            rows = await self._statements.fetch("open_codes_of_number", business_id, lookup)
            found += [CodeId(row[0]) for row in rows]
        return tuple(found)

    async def converted(self, code: Code) -> None:
        _, unconverted = area_uses(area_of(code.number))
        row = (unconverted.policy.value, self._subject(unconverted))
        await self._statements.write("clear_code_limit", code.business_id, *row)

    async def due(self, now: Instant, limit: int) -> tuple[tuple[BusinessId, CodeId], ...]:
        rows = await self._statements.fetch("due_codes", now, limit)
        return tuple((BusinessId(row[0]), CodeId(row[1])) for row in rows)

    async def sweep(self, business_id: BusinessId, before: Instant) -> int:
        swept = await self._statements.write("sweep_codes", business_id, before)
        await self._statements.write("sweep_code_numbers", business_id, before)
        await self._statements.write("sweep_code_limits", business_id, before)
        return len(swept)

    def _use(self, use: Use, now: Instant) -> tuple[Any, ...]:
        place = (use.policy.value, self._subject(use))
        return (*place, now + use.window, use.amount, use.most)

    def _subject(self, use: Use) -> bytes:
        return self._keyring.lookup(f"code-limit:{use.policy.value}:{use.subject}")

    def _code(self, business_id: BusinessId, row: Row) -> Code:
        content = json.loads(self._keyring.open(bytes(row[14]), row[0].encode()))
        return Code(
            code_id=CodeId(row[0]),
            business_id=business_id,
            number=phone_alias(content["number"]),
            purpose=row[1],
            state=CodeState(row[2]),
            channels=tuple(Channel(name) for name in row[3].split(",")),
            step=row[4],
            made=row[5],
            asked=row[6],
            tries=row[7],
            tries_max=row[8],
            created_at=Instant(row[9]),
            expires_at=Instant(row[10]),
            resend_at=Instant(row[11]),
            ended_at=Instant(row[12]) if row[12] is not None else None,
            history=_history(row[13]),
            locale=content["locale"],
            sender=PhoneNumberId(content["sender"]),
            reference=content["reference"],
            prompt=PromptHash(content["prompt"]) if content["prompt"] else None,
            token=content["token"],
            proof_id=ProofId(content["proof"]) if content["proof"] else None,
        )


def _number(number: Alias) -> str:
    return "code-number:" + number.key


def _area(number: Alias) -> str:
    return "code-area:" + area_of(number)


def _bound(code: Code, digits: str) -> str:
    return _binding(code, code.number, code.purpose, digits)


def _binding(code: Code, number: Alias, purpose: str, digits: str) -> str:
    """Name all that a code is bound to; NUL stands in none of the parts."""
    parts = ("code", code.business_id, code.code_id, number.key, purpose, digits)
    return "\0".join(parts)


def _content(code: Code) -> bytes:
    content = {
        "number": code.number.value,
        "locale": code.locale,
        "sender": code.sender,
        "reference": code.reference,
        "prompt": code.prompt or "",
        "token": code.token,
        "proof": code.proof_id or "",
    }
    return json.dumps(content).encode()


def _lines(history: Sequence[Happened]) -> str:
    return "".join(
        f"{_mark(line.what, line.number)}{line.channel.value}:{line.at}:{line.reason}"
        for line in history
    )


def _mark(what: Happening, number: int) -> str:
    """Give the beginning of a line: one of a kind for each code of a request."""
    return f";{what.value}:{number}:"


def _history(text: str) -> tuple[Happened, ...]:
    lines = (line.split(":", 4) for line in text.split(";") if line)
    return tuple(
        Happened(Happening(what), Channel(channel), int(number), Instant(int(at)), reason)
        for what, number, channel, at, reason in lines
    )
