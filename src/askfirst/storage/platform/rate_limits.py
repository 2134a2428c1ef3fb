"""Limits, counted, for either backend: each statement counts and refuses in one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from functools import partial

from askfirst.domain.value import replace
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.rate_limit import LimitName, Use
from askfirst.domain.values.timestamp import MINUTE, Instant
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.statements import Statements, Step, TransactionScript

_BLOCK_LIFE = MINUTE


class StoredLimits:
    """See ports.limits.Limits. Uses are taken alone, or as part of a longer talk (`taking`)."""

    def __init__(self, statements: Statements, keyring: Keyring) -> None:
        self._statements = statements
        self._keyring = keyring
        self._one_takes = asyncio.Lock()
        self._blocks: dict[tuple[BusinessId, LimitName], tuple[int, int]] = {}

    async def take(
        self, business_id: BusinessId, uses: Sequence[Use], now: Instant
    ) -> LimitName | None:
        if len(uses) == 1 and uses[0].block > 1:
            return await self._take_of_block(business_id, uses[0], now)
        begin = partial(self.taking, business_id, (uses,), now)
        return await self._statements.talk(business_id, begin)

    def taking(
        self, business_id: BusinessId, groups: Sequence[Sequence[Use]], now: Instant
    ) -> TransactionScript[LimitName | None]:
        """Take uses, group after group, or none; gives the first limit that is reached."""
        taken: list[Use] = []
        for batch in (pair for uses in groups for pair in _pairs(uses)):
            full = next((use for use in batch if use.amount > use.most), None)
            if full is None:
                counted = yield from self._count(business_id, batch, now)
                taken += [use for use in batch if use.limit in counted]
                full = next((use for use in batch if use.limit not in counted), None)
            if full is not None:
                yield from self.giving_back(business_id, (taken,), now)
                return full.limit
        return None

    def giving_back(
        self, business_id: BusinessId, groups: Sequence[Sequence[Use]], now: Instant
    ) -> TransactionScript[None]:
        """Give back what was taken, as if it had not been asked for."""
        for use in (use for uses in groups for use in uses if use.amount):
            yield self.returning(business_id, use, now)

    def returning(
        self, business_id: BusinessId, use: Use, now: Instant, taken_at: Instant | None = None
    ) -> Step:
        """Give back a use, but not to a stretch that began after `taken_at`."""
        place = (business_id, use.limit.value, self._subject(use))
        latest = None if taken_at is None else taken_at + use.window
        return "give_back_limit", (*place, use.amount, now, latest)

    def give_back(self, business_id: BusinessId, use: Use) -> None:
        place = (business_id, use.limit)
        left, until = self._blocks.get(place, (0, 0))
        self._blocks[place] = (left + 1, until)

    async def refund(self, business_id: BusinessId, use: Use, now: Instant) -> None:
        name, parameters = self.returning(business_id, use, now)
        await self._statements.write(name, *parameters)

    async def opens_at(self, business_id: BusinessId, use: Use) -> Instant:
        row = (use.limit.value, self._subject(use))
        rows = await self._statements.fetch("limit_ends", business_id, *row)
        return Instant(rows[0][0] if rows else 0)

    async def sweep(self, business_id: BusinessId, before: Instant) -> None:
        """Forget stretches that ended before a moment."""
        await self._statements.write("sweep_limits", business_id, before)

    async def _take_of_block(
        self, business_id: BusinessId, use: Use, now: Instant
    ) -> LimitName | None:
        """Give out what this process took before; else take a block anew, or the last of them."""
        place = (business_id, use.limit)
        async with self._one_takes:  # others wait for its block, and take none of their own
            left, until = self._blocks.get(place, (0, 0))
            if left and now < until:
                self._blocks[place] = (left - 1, until)
                return None
            for size in (use.block, 1):
                uses = (replace(use, amount=use.amount * size),)
                begin = partial(self.taking, business_id, (uses,), now)
                if await self._statements.talk(business_id, begin) is None:
                    self._blocks[place] = (size - 1, now + _BLOCK_LIFE)
                    return None
            return use.limit

    def _count(
        self, business_id: BusinessId, batch: Sequence[Use], now: Instant
    ) -> TransactionScript[frozenset[str]]:
        """Count one or two with a statement; gives the names of those that are not reached."""
        name = "take_two_limits" if len(batch) > 1 else "take_limit"
        row = [value for use in batch for value in self._row(use, now)]
        rows = yield name, (business_id, now, *row)
        return frozenset(found[1] for found in rows)

    def _row(self, use: Use, now: Instant) -> tuple[object, ...]:
        place = (use.limit.value, self._subject(use))
        return (*place, now + use.window, use.amount, use.most)

    def _subject(self, use: Use) -> bytes:
        return self._keyring.lookup(f"limit:{use.limit.value}:{use.subject}")


def _pairs(uses: Sequence[Use]) -> Iterator[Sequence[Use]]:
    """Take two together, without those that cost nothing."""
    counted = [use for use in uses if use.amount]
    return (counted[start : start + 2] for start in range(0, len(counted), 2))
