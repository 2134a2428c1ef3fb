"""Where requests for codes are kept, and where tries are counted.

Everything that must not be beaten by doing it at once is one atomic statement here: a try is
counted before it is compared, a code is approved once, a new code puts an end to the old one, and
one of many processes goes on to the next channel. Trouble raises Unavailable, and that means no.

What is due is the task of a request (`code_task`): whatever says when sets it, or ends it, in its
own transaction. Whoever had the task leased has it no more then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from askfirst.domain.codes.code import Code, Result, StatusChange
from askfirst.domain.codes.code_limits import NumberSheet
from askfirst.domain.tasks.task import Queue, Task, TaskId
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import BusinessId, CodeId
from askfirst.domain.values.rate_limit import LimitName, Use
from askfirst.domain.values.timestamp import Instant


def code_task(business_id: BusinessId, code_id: CodeId) -> Task:
    """Name the task that goes on with a request whose code is not known to have arrived."""
    return Task(business_id, Queue.CODES, TaskId(code_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A try: what was typed, in its canonical form, and what the session says it was for.

    `number` None: the session does not say.
    """

    code_id: CodeId
    digits: str
    purpose: str
    number: Alias | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of a try, and the request as it is now.

    `is_capped`: the business had all its failures of the day, so nothing is approved.
    """

    code: Code
    result: Result
    is_capped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """What a new code has to pass: its number's turn, then limits, the narrow ones first.

    `until` is when the number has its next turn. What is alive in `sheet` ends; the new code gets
    `tries`, or as many as the number's failures leave.
    """

    until: Instant
    uses: tuple[tuple[Use, ...], ...]
    sheet: NumberSheet
    tries: int


class AdmissionResult(NamedTuple):
    """What came of it: the request as it is kept, or the limit that is reached.

    Neither: the idempotency key is known, or the request is not what it was.
    """

    code: Code | None
    limit: LimitName | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """The next code of a request: `made` is the number of the one it replaces.

    A resend is one that was asked for, and brings new tries; a fallback keeps what is left. `uses`
    are what a fallback takes of limits, the narrow ones first; a resend has its entrance for that.
    """

    made: int
    step: int
    digits: str
    now: Instant
    due_at: Instant | None
    expires_at: Instant
    resend_at: Instant
    is_resend: bool
    history: tuple[StatusChange, ...]
    uses: tuple[tuple[Use, ...], ...] = ()


class Codes(Protocol):
    """Writes are durable when they return.

    Of codes, numbers and addresses only keyed hashes are kept; the number of a request is kept
    sealed, too, because a fallback has to reach it.
    """

    async def sheet(
        self, business_id: BusinessId, number: Alias, purpose: str, now: Instant
    ) -> NumberSheet:
        """Read what a number's codes amount to now."""
        ...

    async def open(
        self,
        code: Code,
        digits: str,
        due_at: Instant | None,
        key: tuple[str, bytes] | None,
        entrance: Admission | None,
    ) -> AdmissionResult:
        """Let a new code in, and keep its request with the hash of the code; all in one.

        Of requests for one number at once, one has its turn. What is not let in, or not kept, uses
        up nothing: no limit, no turn, and the code before it lives. `key` is the caller's
        idempotency key and a digest of what was asked with it. Without an `entrance` (and `digits`:
        the number proves itself) nothing is counted.
        """
        ...

    async def find(self, business_id: BusinessId, code_id: CodeId) -> Code | None:
        """Find a request."""
        ...

    async def find_by_key(self, business_id: BusinessId, key: tuple[str, bytes]) -> Code | None:
        """Find a request by its idempotency key; Conflict where it was another request's."""
        ...

    async def try_code(self, business_id: BusinessId, typed: Typed, now: Instant) -> Tried | None:
        """Count a try, then compare, then approve; None where there is no such request.

        At most `tries_max` tries of a request are ever compared, however many come at once. Right
        is what has this very code, of this request, number, business and purpose, compared in
        constant time. What cannot be counted as a failure is told as locked, right or wrong.
        """
        ...

    async def prove(self, business_id: BusinessId, code_id: CodeId, line: StatusChange) -> bool:
        """Approve a request whose number has proven itself by a message; False if it is over."""
        ...

    async def end(self, business_id: BusinessId, code_id: CodeId, line: StatusChange) -> bool:
        """End a request without approval; False where it is over already.

        Where nothing was sent for it, it stays due: what was answered has to be gone through with.
        """
        ...

    async def renew(
        self, code: Code, renewal: Renewal, entrance: Admission | None = None
    ) -> AdmissionResult:
        """Replace the live code, after an entrance or without one; no code: somebody else did.

        What is not let in, or comes too late, uses up nothing.
        """
        ...

    async def note(self, code: Code, line: StatusChange, due_at: Instant | None) -> bool:
        """Add a line to the history and say when the request is due next; never, where it is over.

        False where this was noted before, or where another code has taken the place of this one.
        """
        ...

    async def suppress(self, business_id: BusinessId, number: Alias, until: Instant) -> None:
        """Let no code be sent to a number before `until`."""
        ...

    async def live(self, business_id: BusinessId, number: Alias) -> tuple[CodeId, ...]:
        """List the requests of a number whose code may still be typed in."""
        ...

    async def sweep(self, business_id: BusinessId, before: Instant) -> int:
        """Forget requests and ended limits from before a moment; gives how many requests."""
        ...


class HasCodes(Protocol):
    """Whatever brings requests for codes along."""

    @property
    def codes(self) -> Codes:
        """Requests for codes."""
        ...
