"""Requests for codes, as tests make them."""

from __future__ import annotations

from typing import Any

from askfirst.bootstrap.database.store import Store
from askfirst.domain.codes.code import Channel, Code, StatusChange, StatusKind
from askfirst.domain.codes.code_limits import NumberSheet
from askfirst.domain.tasks.task import Queue
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import CodeId
from askfirst.domain.values.rate_limit import Use
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.codes.codes import Admission, AdmissionResult, Renewal, Tried, Typed
from tests.support.builders import ANA, BUSINESS
from tests.support.clocks import NOON, at

RIGHT, WRONG = "12345678", "87654321"
LOGIN = "login"


def code(which: int = 1, /, **parts: Any) -> Code:
    """A request of Ana's, via WhatsApp and then SMS, that lives for five minutes."""
    known: dict[str, Any] = {
        "business_id": BUSINESS,
        "number": ANA,
        "purpose": LOGIN,
        "channels": (Channel.WHATSAPP, Channel.SMS),
        "locale": "en",
        "created_at": NOON,
        "expires_at": at(300),
        "resend_at": at(30),
    }
    return Code(code_id=CodeId(f"cod_{which:026d}"), **(known | parts))


async def opened(
    store: Store, which: int = 1, digits: str = RIGHT, /, *, due_at: float = 20, **parts: Any
) -> Code:
    """Keep a request."""
    made = code(which, **parts)
    assert await kept(store, made, digits, due_at=at(due_at))
    return made


async def kept(
    store: Store,
    made: Code,
    digits: str = RIGHT,
    *,
    due_at: Instant | None = None,
    key: tuple[str, bytes] | None = None,
) -> bool:
    """Keep a request without an entrance; tells whether there was room for it."""
    return (await store.codes.open(made, digits, due_at, key, None)).code is not None


def entrance(*uses: Use, until: float = 30, **parts: Any) -> Admission:
    """The turn of a number that asked for nothing yet, and limits, each by itself."""
    known: dict[str, Any] = {"sheet": NumberSheet(), "tries": 3}
    return Admission(until=at(until), uses=tuple((use,) for use in uses), **(known | parts))


async def entered(store: Store, made: Code, way: Admission | None = None) -> AdmissionResult:
    """Keep a request that has to pass an entrance."""
    return await store.codes.open(made, RIGHT, None, None, way or entrance())


async def tried(
    store: Store,
    made: Code,
    digits: str = WRONG,
    *,
    moment: float = 1,
    purpose: str | None = None,
    number: Alias | None = None,
) -> Tried:
    """Type something in."""
    typed = Typed(
        code_id=made.code_id, digits=digits, purpose=purpose or made.purpose, number=number
    )
    found = await store.codes.try_code(made.business_id, typed, at(moment))
    assert found is not None
    return found


def line(what: StatusKind, moment: float = 1, **parts: Any) -> StatusChange:
    """A line of the history of the first code, by WhatsApp."""
    known: dict[str, Any] = {"channel": Channel.WHATSAPP, "number": 1}
    return StatusChange(what=what, at=at(moment), **(known | parts))


def renewal(of: Code, digits: str = "11112222", /, **parts: Any) -> Renewal:
    """A fallback to SMS."""
    known: dict[str, Any] = {
        "made": of.made,
        "step": 1,
        "due_at": None,
        "expires_at": of.expires_at,
        "resend_at": of.resend_at,
        "now": at(20),
        "is_resend": False,
        "history": (line(StatusKind.FALLBACK_USED, 20, channel=Channel.SMS, number=2),),
    }
    return Renewal(digits=digits, **(known | parts))


async def renewed(
    store: Store, of: Code, digits: str = "11112222", /, *, tries: int | None = None, **parts: Any
) -> bool:
    """Make a fallback, or a resend with so many tries; tells whether it was done."""
    way = None if tries is None else entrance(until=0, tries=tries)
    made = renewal(of, digits, is_resend=way is not None, **parts)
    return (await store.codes.renew(of, made, way)).code is not None


async def due(store: Store, moment: float) -> int:
    """How many requests are due at a moment, of all businesses."""
    found = await store.tasks.find_due(at(moment), (Queue.CODES,))
    return sum(one.waiting for one in found.queues)


async def found(store: Store, made: Code) -> Code:
    """The request as it is now."""
    now = await store.codes.find(made.business_id, made.code_id)
    assert now is not None
    return now


def moments(*seconds: float) -> list[Instant]:
    """Moments after noon."""
    return [at(one) for one in seconds]
