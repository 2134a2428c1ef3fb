"""A standing as bytes beside the contact, so that a decision reads one row.

It is a projection: the ledger can always rebuild it. Equal bytes are equal standings, which is
why decoding may be remembered by content.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec

from askfirst.domain.event import Assurance, EventKind
from askfirst.domain.instant import Instant
from askfirst.domain.prompt import Surface
from askfirst.domain.standing import NOTHING_SAID, Mark, Scope, Standing, Yes

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode

NOTHING = b""


def encode_standing(standing: Standing) -> bytes:
    """Write a standing; nothing said is no bytes."""
    if standing is NOTHING_SAID or standing == NOTHING_SAID:
        return NOTHING
    scopes = {
        name: (_mark(scope.no), [_written(yes) for yes in scope.yeses])
        for name, scope in standing.scopes.items()
    }
    stops = {sender: _mark(mark) for sender, mark in standing.native_stops.items()}
    return _encode((scopes, _mark(standing.suspended), stops, standing.through))


@lru_cache(maxsize=65_536)
def decode_standing(content: bytes) -> Standing:
    """Read a standing."""
    if not content:
        return NOTHING_SAID
    scopes, suspended, stops, through = _decode(content)
    return Standing(
        scopes={name: _scope(no, yeses) for name, (no, yeses) in scopes.items()},
        suspended=_unmark(suspended) if suspended else None,
        native_stops={sender: _unmark(mark) for sender, mark in stops.items()},
        through=(through[0], through[1], through[2]),
    )


def _mark(mark: Mark | None) -> tuple[int, bool, int, str] | None:
    return (mark.at, mark.no, mark.position, mark.kind.value) if mark else None


def _unmark(mark: Any) -> Mark:
    return Mark(Instant(mark[0]), mark[1], mark[2], EventKind(mark[3]))


def _written(yes: Yes) -> tuple[Any, ...]:
    """Write what is rare only where it is so: most rows stay as short as they were."""
    content = (_mark(yes.mark), int(yes.assurance), yes.surface)
    return (*content, True) if yes.is_typed else content


def _scope(no: Any, yeses: Any) -> Scope:
    return Scope(
        _unmark(no) if no else None,
        tuple(
            Yes(_unmark(mark), Assurance(sure), Surface(where), bool(typed))
            for mark, sure, where, *typed in yeses
        ),
    )
