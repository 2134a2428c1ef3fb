"""A standing as bytes beside the contact, so that a decision reads one row.

It is a projection: the ledger can always rebuild it. Equal bytes are equal standings, which is
why decoding may be remembered by content.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import msgspec

from askfirst.domain.bulk.export import LoneYes, YesSort
from askfirst.domain.consent.choice import choice_text, parse_choice
from askfirst.domain.consent.event import Assurance, EventKind, NumberProof
from askfirst.domain.consent.frequency import Frequency
from askfirst.domain.consent.pauses import Pause
from askfirst.domain.consent.stamp import Doubt, Grant, Notice, Stamp
from askfirst.domain.consent.standing import (
    NOTHING_SAID,
    PurposeState,
    Standing,
)
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.timestamp import Instant

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode

NOTHING = b""
_KINDS = {kind.value: kind for kind in EventKind}
_ASSURANCES = {one.value: one for one in Assurance}
_SURFACES = {one.value: one for one in Surface}
_PROOFS = {one.value: one for one in NumberProof}
"""A look into a table takes a tenth of the time of an enumeration's own, and each look at the
facts takes a dozen."""
_FORMAT = 2
"""Bytes of another format raise ValueError: a standing that cannot be read is no allow."""
_NUMBER = rb"(?:[\x00-\x7f]|\xcc.|\xcd..|\xce.{4}|\xcf.{8})"
_ONLY_YES = re.compile(
    rb"\x95%c\x81([^\x93]+)\x93\xc0\x91\x95\x93(%b{2})([^\xc0]+)\xc2\xc0\x80%b"
    % (_FORMAT, _NUMBER, _NUMBER),
    re.DOTALL,
).fullmatch
"""One purpose, in it no no and one yes with a short mark, nothing suspended, no stops: what
`encode_standing` writes then, as msgpack. Groups are the purpose, time and position, and the rest.
"""


def encode_standing(standing: Standing) -> bytes:
    """Return the bytes of a standing; nothing said is no bytes."""
    if standing is NOTHING_SAID or standing == NOTHING_SAID:
        return NOTHING
    scopes = {name: _scope_row(scope) for name, scope in standing.scopes.items()}
    stops = {sender: _written(mark) for sender, mark in standing.native_stops.items()}
    known = (_FORMAT, scopes, _written(standing.suspended), stops, standing.through)
    doubt, choices = standing.doubt, _choices_row(standing)
    if not doubt and not choices:
        return _encode(known)
    doubted = (_written(doubt.mark), doubt.first) if doubt else (None, None)
    return _encode((*known, *doubted, *choices))


@lru_cache(maxsize=65_536)
def decode_standing(content: bytes) -> Standing:
    """Return the standing that `encode_standing` wrote, and remember it."""
    return read_standing(content)


def read_standing(content: bytes) -> Standing:
    """Return the standing that `encode_standing` wrote: for those who read each of them once.

    Raises:
        ValueError: it is of another format, or has a word that is not known.
    """
    if not content:
        return NOTHING_SAID
    try:
        return _standing(content)
    except KeyError as error:
        message = "the standing has a word that is not known"
        raise ValueError(message) from error


def _standing(content: bytes) -> Standing:
    number, scopes, suspended, stops, through, *more = _decode(content)
    doubted, first, pauses, frequency = (*more, None, None, None, None)[:4]
    if number != _FORMAT:
        message = "the standing is of another format"
        raise ValueError(message)
    return Standing(
        scopes={name: _scope(*parts) for name, parts in scopes.items()},
        suspended=_mark(suspended) if suspended else None,
        native_stops={sender: _mark(mark) for sender, mark in stops.items()} if stops else {},
        doubt=Doubt(_mark(doubted), first) if doubted else None,
        through=through,
        frequency=_frequency(frequency) if frequency else None,
        pauses={name: Pause(_mark(mark), Instant(until)) for name, (mark, until) in pauses.items()}
        if pauses
        else {},
    )


def only_yes(content: bytes) -> LoneYes | None:
    """Read a standing that is one yes and nothing else; None for each other.

    The wish for a code is none: it lives for minutes, which rules look at by themselves.
    """
    found = _ONLY_YES(content)
    if found is None:
        return None
    name, when, sure = found.groups()
    sort = _yes_sort(name, sure)
    return None if sort is None else LoneYes(sort, *_decode(b"\x92" + when))


@lru_cache(maxsize=256)
def _yes_sort(name: bytes, sure: bytes) -> YesSort | None:
    sort = YesSort(_decode(name), *_decode(b"\x95" + sure))
    return None if sort.surface == Surface.CODE else sort


def _choices_row(standing: Standing) -> tuple[Any, ...]:
    """Write what the person chose, where they did."""
    if not standing.pauses and standing.frequency is None:
        return ()
    pauses = {name: (_written(one.mark), one.until) for name, one in standing.pauses.items()}
    return (pauses, choice_text(standing.frequency))


def _frequency(text: str | None) -> Frequency | None:
    choice = parse_choice(text or "")
    return choice if isinstance(choice, Frequency) else None


def _written(mark: Stamp | None) -> tuple[Any, ...] | None:
    """Write what is rare only where it is so: most rows stay short."""
    if mark is None:
        return None
    short = (mark.at, mark.position, mark.kind.value)
    return short if mark.ended is None else (*short, mark.ended)


def _mark(written: Any) -> Stamp:
    at, position, kind, *ended = written
    return Stamp(at, position, _KINDS[kind], ended[0] if ended else None)


def _yes(yes: Grant) -> tuple[Any, ...]:
    sure = (int(yes.assurance), yes.surface, int(yes.number_proof), yes.can_lift)
    return (_written(yes.mark), *sure)


def _scope_row(scope: PurposeState) -> tuple[Any, ...]:
    """Write a purpose; notices only where there are some."""
    said = (_written(scope.no), [_yes(yes) for yes in scope.yeses], scope.is_suspended)
    shown = [(_written(one.mark), one.surface, int(one.number_proof)) for one in scope.notices]
    return (*said, shown) if shown else said


def _scope(
    no: Any,
    yeses: Any,
    is_suspended: bool,  # noqa: FBT001 - a row's column
    shown: Any = (),
) -> PurposeState:
    found = [
        Grant(_mark(mark), _ASSURANCES[sure], _SURFACES[where], _PROOFS[proof], lifts)
        for mark, sure, where, proof, lifts in yeses
    ]
    if not shown:
        return PurposeState(_mark(no) if no else None, tuple(found), is_suspended)
    notices = [
        Notice(_mark(mark), _SURFACES[where], _PROOFS[proof]) for mark, where, proof in shown
    ]
    return PurposeState(_mark(no) if no else None, tuple(found), is_suspended, tuple(notices))
