"""A standing as bytes beside the contact, so that a decision reads one row.

It is a projection: the ledger can always rebuild it. Equal bytes are equal standings, which is
why decoding may be remembered by content.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec

from askfirst.domain.consent.event import Assurance, EventKind, NumberProof
from askfirst.domain.consent.standing import (
    NOTHING_SAID,
    Doubt,
    Grant,
    PurposeState,
    Stamp,
    Standing,
)
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.timestamp import Instant

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode

NOTHING = b""
_FORMAT = 2
"""Bytes of another format raise ValueError: a standing that cannot be read is no allow."""


def encode_standing(standing: Standing) -> bytes:
    """Return the bytes of a standing; nothing said is no bytes."""
    if standing is NOTHING_SAID or standing == NOTHING_SAID:
        return NOTHING
    scopes = {
        name: (_written(scope.no), [_yes(yes) for yes in scope.yeses], scope.is_suspended)
        for name, scope in standing.scopes.items()
    }
    stops = {sender: _written(mark) for sender, mark in standing.native_stops.items()}
    known = (_FORMAT, scopes, _written(standing.suspended), stops, standing.through)
    doubt = standing.doubt
    return _encode((*known, _written(doubt.mark), doubt.first) if doubt else known)


@lru_cache(maxsize=65_536)
def decode_standing(content: bytes) -> Standing:
    """Return the standing that `encode_standing` wrote."""
    if not content:
        return NOTHING_SAID
    number, scopes, suspended, stops, through, *doubt = _decode(content)
    if number != _FORMAT:
        message = "the standing is of another format"
        raise ValueError(message)
    return Standing(
        scopes={name: _scope(*parts) for name, parts in scopes.items()},
        suspended=_mark(suspended) if suspended else None,
        native_stops={sender: _mark(mark) for sender, mark in stops.items()},
        doubt=Doubt(_mark(doubt[0]), doubt[1]) if doubt else None,
        through=through,
    )


def _written(mark: Stamp | None) -> tuple[Any, ...] | None:
    """Write what is rare only where it is so: most rows stay short."""
    if mark is None:
        return None
    short = (mark.at, mark.position, mark.kind.value)
    return short if mark.ended is None else (*short, mark.ended)


def _mark(written: Any) -> Stamp:
    at, position, kind, *ended = written
    return Stamp(Instant(at), position, EventKind(kind), Instant(ended[0]) if ended else None)


def _yes(yes: Grant) -> tuple[Any, ...]:
    sure = (int(yes.assurance), yes.surface, int(yes.number_proof), yes.can_lift)
    return (_written(yes.mark), *sure)


def _scope(no: Any, yeses: Any, is_suspended: bool) -> PurposeState:  # noqa: FBT001 - a row's column
    found = (
        Grant(_mark(mark), Assurance(sure), Surface(where), NumberProof(proof), lifts)
        for mark, sure, where, proof, lifts in yeses
    )
    return PurposeState(_mark(no) if no else None, tuple(found), is_suspended)
