"""Exports as JSON lines: a header, a line for each row, and a last line that says that it is whole.

Fields are those of the REST face, so a line reads like its answers. Whatever somebody typed stays
in its line: line breaks are escaped, those too that only some readers take for one.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final, TypeAlias

import msgspec
from msgspec import UNSET, UnsetType

from askfirst.domain.bulk.export import (
    FORMAT,
    ExportedContact,
    ExportedDecision,
    ExportedErasure,
    ExportedEvent,
    ExportedEvidence,
    ExportedName,
    ExportedRow,
    ExportKind,
    ExportOrder,
    ExportPage,
    LoneYes,
    YesSort,
    spoken_of,
)
from askfirst.domain.consent.choice import PauseUntil, parse_choice
from askfirst.domain.consent.event import Assurance, NumberProof
from askfirst.domain.consent.frequency import Frequency
from askfirst.domain.consent.stamp import Grant
from askfirst.domain.consent.standing import (
    Standing,
    doubt_about,
    native_stop,
    newest_notice,
    view,
)
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.purpose import MARKETING, Purpose
from askfirst.domain.values.timestamp import SECOND, Instant, to_rfc3339
from askfirst.usecases.bulk.exports.export_business import ExportEnd, ExportPart, ExportStart

MEDIA_TYPE: Final = "application/x-ndjson"
_ASSURANCES: Final = {int(one): one.name.lower() for one in Assurance}
_PROOFS: Final = {int(one): one.name.lower() for one in NumberProof}
_BREAKS: Final = tuple(
    (mark.encode(), f"\\u{ord(mark):04x}".encode()) for mark in "\u0085\u2028\u2029"
)
_SAMPLE_AT: Final = Instant(253_370_764_800_123_456)
_SAMPLE_PLACE: Final = 987_654_321_987_654_321
"""Stand for time and place in a sample: in the year 9999, and behind all that there will be."""
_HOLES: Final = ("%who", to_rfc3339(_SAMPLE_AT), str(_SAMPLE_PLACE), "%more")
"""Where two people with a yes of one sort differ: who, when, at which place; more stands last."""
_MARKS: Final = re.compile(f"({'|'.join(map(re.escape, _HOLES))})")
_BARE: Final = ExportOrder(business_id=BusinessId(""), kind=ExportKind.CONTACTS)
_PLAIN: Final = (None, None, None, None)
"""What is kept beside the standing of most people."""
_encode_lines: Final = msgspec.json.Encoder().encode_lines


class ExportLine(msgspec.Struct, frozen=True, tag_field="line"):
    """What all lines share: what they are."""


Line: TypeAlias = ExportLine | msgspec.Raw
"""A line, or the text of one."""
_Arrange: TypeAlias = Callable[[tuple[str, ...]], tuple[str, ...]]


class HeaderLine(ExportLine, frozen=True, kw_only=True, tag="header"):
    """What it is of; `after`: behind which row it begins."""

    format: int
    askfirst: str
    business: str
    kind: ExportKind
    after: str
    as_of: int
    exported_at: str
    numbers: bool
    evidence: bool


class EndLine(ExportLine, frozen=True, kw_only=True, tag="end"):
    """That it is whole; `next` is what to go on behind."""

    rows: int
    next: str


class EventLine(ExportLine, frozen=True, tag="event", gc=False):
    """A line of the ledger."""

    id: str
    position: int
    kind: str
    contact: str
    purposes: tuple[str, ...]
    assurance: str
    number_proof: str
    surface: str
    source: str
    sender: str | None
    prompt: str | None
    absorbed: str | None
    until: str | None
    at_most: dict[str, int] | None
    occurred_at: str
    recorded_at: str
    evidence: Any = UNSET
    evidence_state: str | UnsetType = UNSET


class ContactLine(ExportLine, frozen=True, kw_only=True, tag="contact"):
    """A person, and their answer for each purpose that something was said of."""

    id: str
    merged_into: str | None
    standing: list[dict[str, Any]]
    natively_stopped_since: str | None
    doubted_since: str | None
    frequency: dict[str, int] | None
    unreachable_since: str | None
    marketing_deferred_until: str | None
    in_experiment_until: str | None
    identifiers: list[dict[str, str]] | UnsetType = UNSET
    evidence: list[dict[str, Any]] | UnsetType = UNSET


class SuppressionLine(ExportLine, frozen=True, kw_only=True, tag="suppression"):
    """Somebody who must not be written to: a contact, or the hash of a name that was erased."""

    contact: str | UnsetType = UNSET
    stopped: list[dict[str, Any]] | UnsetType = UNSET
    natively_stopped_since: str | UnsetType | None = UNSET
    doubted_since: str | UnsetType | None = UNSET
    paused: list[dict[str, str]] | UnsetType = UNSET
    identifiers: list[dict[str, str]] | UnsetType = UNSET
    hash: str | UnsetType = UNSET
    erased_at: str | UnsetType = UNSET


class DecisionLine(ExportLine, frozen=True, kw_only=True, tag="decision"):
    """A decision, without its message."""

    id: str
    decided_at: str
    contact: str | None
    verdict: str
    reasons: list[str]
    rule: int
    purpose: str
    position: int
    policy: str
    retry_at: str | None
    sender: str
    message_kind: str
    template: str | None
    language: str | None
    country: str | None
    campaign: str | None
    outcome: dict[str, Any] | None


async def export_lines(
    parts: AsyncGenerator[ExportPart, None], version: str
) -> AsyncGenerator[bytes, None]:
    """Write each part as whole lines. Where this is closed, the export is."""
    async with aclosing(lines_of(parts, version)) as pages:
        async for page in pages:
            yield encode_page(page)


async def lines_of(
    parts: AsyncGenerator[ExportPart, None], version: str
) -> AsyncGenerator[Sequence[Line], None]:
    """Make lines of each part: the header alone, pages of rows, the end alone."""
    at = Instant(0)
    order: ExportOrder | None = None
    async with aclosing(parts):
        async for part in parts:
            match part:
                case ExportStart():
                    order, at = part.order, part.exported_at
                    yield [_header(part, version)]
                case ExportEnd():
                    yield [EndLine(rows=part.rows, next=part.after)]
                case ExportPage() if order is not None:
                    yield _lines(part.rows, order, at)


def _header(start: ExportStart, version: str) -> HeaderLine:
    order = start.order
    return HeaderLine(
        format=FORMAT,
        askfirst=version,
        business=order.business_id,
        kind=order.kind,
        after=order.after,
        as_of=start.as_of,
        exported_at=_time(start.exported_at),
        numbers=order.with_numbers,
        evidence=order.with_evidence,
    )


def encode_page(lines: Sequence[Line]) -> bytes:
    """Write lines as JSON, and each as one line for whoever reads them."""
    text = _encode_lines(lines)
    if text.isascii():
        return text
    for mark, escaped in _BREAKS:
        text = text.replace(mark, escaped)
    return text


def contact_lines(rows: Sequence[ExportedContact], order: ExportOrder, at: Instant) -> bytes:
    """Write people as lines of JSON."""
    return encode_page(_lines(rows, order, at))


def _lines(rows: Sequence[ExportedRow], order: ExportOrder, at: Instant) -> list[Line]:
    return [_line(row, order, at) for row in rows]


def _line(row: ExportedRow, order: ExportOrder, at: Instant) -> Line:
    match row:
        case ExportedContact():
            is_list = order.kind is ExportKind.SUPPRESSIONS
            return _suppression(row, order, at) if is_list else _contact(row, order)
        case ExportedEvent():
            return _event(row, order)
        case ExportedDecision():
            return _decision(row)
        case ExportedErasure():
            return SuppressionLine(hash=row.lookup, erased_at=_time(row.erased_at))


def _event(row: ExportedEvent, order: ExportOrder) -> EventLine:
    """Write by place, and take the row apart once: there are millions of these."""
    (
        position,
        event_id,
        contact_id,
        kind,
        occurred_at,
        recorded_at,
        source,
        surface,
        purposes,
        assurance,
        sender,
        prompt,
        absorbed,
        number_proof,
        chosen,
        _,
        _,
    ) = row
    choice = parse_choice(chosen) if chosen else None
    evidence, state = _proof(row) if order.with_evidence else (UNSET, UNSET)
    return EventLine(
        event_id,
        position,
        kind,
        contact_id,
        _purposes(purposes),
        _ASSURANCES[assurance],
        _PROOFS[number_proof],
        surface,
        source,
        sender or None,
        prompt or None,
        absorbed or None,
        _time(choice.until) if isinstance(choice, PauseUntil) else None,
        _frequency(choice if isinstance(choice, Frequency) else None),
        _time(occurred_at),
        _batch_time(recorded_at),
        evidence,
        state,
    )


@lru_cache(maxsize=1024)
def _purposes(text: str) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()


def _proof(row: ExportedEvent) -> tuple[Any, str]:
    if row.evidence is None:
        return None, "erased" if row.evidence_digest else "none"
    return _value(row.evidence.content), _state(row.evidence)


def _state(evidence: ExportedEvidence) -> str:
    return "kept" if evidence.is_as_recorded else "altered"


def _value(content: bytes) -> Any:
    """Return JSON as values and anything else as a text, as the REST face does."""
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return content.decode("utf-8", "replace")


def _contact(row: ExportedContact, order: ExportOrder) -> Line:
    """Write who said one yes and nothing else, as most people, by filling in a sample."""
    yes = row.standing
    if not isinstance(yes, LoneYes):
        return _contact_with(row, yes, order)
    if row[2:6] != _PLAIN:
        return _contact_with(row, yes.standing, order)
    arranged, pieces = _sample(yes.sort)
    real = (row.contact_id, _time(yes.at), str(yes.position), _more(row, order))
    return msgspec.Raw("".join(arranged((*real, *pieces))))


def _more(row: ExportedContact, order: ExportOrder) -> str:
    """Write what only some exports have."""
    more = b""
    if order.with_numbers:
        more += b',"identifiers":' + msgspec.json.encode(_names(row.names))
    if order.with_evidence:
        more += b',"evidence":' + msgspec.json.encode([_evidence(one) for one in row.evidence])
    return more.decode()


@lru_cache(maxsize=256)
def _sample(sort: YesSort) -> tuple[_Arrange, list[str]]:
    """Write somebody who said such a yes, in pieces; what is real takes the place of the holes."""
    standing = sort.standing(_SAMPLE_AT, _SAMPLE_PLACE)
    one = ExportedContact(_HOLES[0], standing, *_PLAIN)
    text = msgspec.json.encode(_contact_with(one, standing, _BARE)).decode()
    pieces = _MARKS.split(text.removesuffix("}") + _HOLES[-1] + "}")
    places: list[Any] = [
        _HOLES.index(piece) if piece in _HOLES else len(_HOLES) + at
        for at, piece in enumerate(pieces)
    ]
    return itemgetter(*places), pieces


def _contact_with(row: ExportedContact, standing: Standing, order: ExportOrder) -> ContactLine:
    stop, doubt = native_stop(standing, None), doubt_about(standing, MARKETING)
    is_one = row.merged_into is None
    return ContactLine(
        id=row.contact_id,
        merged_into=row.merged_into,
        standing=[_answer(standing, one) for one in spoken_of(standing)] if is_one else [],
        natively_stopped_since=_maybe(stop.at if stop and is_one else None),
        doubted_since=_maybe(doubt.at if doubt and is_one else None),
        frequency=_frequency(standing.frequency if is_one else None),
        unreachable_since=_maybe(row.unreachable_at),
        marketing_deferred_until=_maybe(row.deferred_until),
        in_experiment_until=_maybe(row.held_out_until),
        identifiers=_names(row.names) if order.with_numbers else UNSET,
        evidence=[_evidence(one) for one in row.evidence] if order.with_evidence else UNSET,
    )


def _answer(standing: Standing, purpose: Purpose) -> dict[str, Any]:
    found, shown = view(standing, purpose), newest_notice(standing, purpose)
    since, pause = found.since, standing.pauses.get(purpose.name)
    return {
        "purpose": purpose.name,
        "answer": found.answer,
        "since": _maybe(since.at if since else None),
        "basis": _basis(found.alive, since) if since else None,
        "assurance": _ASSURANCES[found.assurance] if found.assurance else None,
        "number_proof": _PROOFS[found.number_proof] if found.number_proof else None,
        "ended_later_yes_at": _maybe(since.ended if since else None),
        "alive": [_yes(yes) for yes in found.alive],
        "informed_at": _maybe(shown.mark.at if shown else None),
        "paused_until": _maybe(pause.until if pause else None),
    }


def _basis(alive: Sequence[Grant], since: Any) -> dict[str, Any]:
    surface = next((yes.surface for yes in alive if yes.mark == since), None)
    return {"position": since.position, "kind": since.kind, "surface": surface}


def _yes(yes: Grant) -> dict[str, Any]:
    return {
        "assurance": _ASSURANCES[yes.assurance],
        "number_proof": _PROOFS[yes.number_proof],
        "surface": yes.surface,
        "position": yes.mark.position,
        "at": _time(yes.mark.at),
    }


def _evidence(one: ExportedEvidence) -> dict[str, Any]:
    return {"position": one.position, "content": _value(one.content), "state": _state(one)}


def _suppression(row: ExportedContact, order: ExportOrder, at: Instant) -> SuppressionLine:
    standing = row.standing.standing if isinstance(row.standing, LoneYes) else row.standing
    stop = native_stop(standing, None)
    views = [(purpose, view(standing, purpose)) for purpose in spoken_of(standing)]
    return SuppressionLine(
        contact=row.contact_id,
        stopped=[
            {
                "purpose": purpose.name,
                "answer": found.answer,
                "since": _time(found.since.at),
                "position": found.since.position,
            }
            for purpose, found in views
            if found.since and not found.alive
        ],
        natively_stopped_since=_maybe(stop.at if stop else None),
        doubted_since=_maybe(standing.doubt.mark.at if standing.doubt else None),
        paused=[
            {"purpose": name, "until": _time(pause.until)}
            for name, pause in sorted(standing.pauses.items())
            if pause.until > at
        ],
        identifiers=_names(row.names) if order.with_numbers else UNSET,
    )


def _decision(row: ExportedDecision) -> DecisionLine:
    return DecisionLine(
        id=row.decision_id,
        decided_at=_time(row.decided_at),
        contact=row.contact_id,
        verdict=row.verdict,
        reasons=row.reasons.split(","),
        rule=row.rule,
        purpose=row.purpose,
        position=row.position,
        policy=row.policy,
        retry_at=_maybe(row.retry_at),
        sender=row.sender,
        message_kind=row.message_kind,
        template=row.template or None,
        language=row.language or None,
        country=row.country or None,
        campaign=row.campaign or None,
        outcome=None
        if row.status is None
        else {"left_at": _maybe(row.left_at or None), "status": row.status},
    )


def _names(names: Sequence[ExportedName]) -> list[dict[str, str]]:
    return [{"kind": one.kind, "value": one.value} for one in names]


def _frequency(chosen: Frequency | None) -> dict[str, int] | None:
    return {"count": chosen.count, "days": chosen.days} if chosen else None


def _maybe(at: int | None) -> str | None:
    return None if at is None else _time(at)


def _time(at: int) -> str:
    """Write a time as everywhere; its second is written once for all that have it."""
    second, rest = divmod(at, SECOND)
    return f"{_second(second)}{rest:06d}Z"


_batch_time: Final = lru_cache(maxsize=1024)(_time)
"""What was recorded together has one time."""


@lru_cache(maxsize=4096)
def _second(second: int) -> str:
    return to_rfc3339(Instant(second * SECOND))[:20]
