"""Rows of an import about people whom nobody knows yet, written without a look at each rule.

Most rows of a file are of this kind: one name, which leads to nobody, and one act. Whoever is known
in any way, or may be somebody else under another spelling, is left to the planner. What is made of
a newcomer is the same either way: the standing is the fold of a sample, with its time and place.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import chain
from typing import Final, TypeAlias

import msgspec

from askfirst.domain.consent.event import (
    Assurance,
    Event,
    EventKind,
    NumberProof,
    Source,
    evidence_digest,
)
from askfirst.domain.consent.standing import NOTHING_SAID, step
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.ids import BusinessId, ContactId, EventId, Position
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.change import Statement, WriteBatch, WriteEntry
from askfirst.ports.platform.clock import Ids
from askfirst.storage.consent.standing_codec import encode_standing
from askfirst.storage.consent.workspace import (
    ContactState,
    NewAlias,
    NewEvent,
    Workspace,
)
from askfirst.storage.platform.keyring import Keyring

_Sort: TypeAlias = tuple[EventKind, tuple[str, ...], Assurance, NumberProof]
_KINDS: Final = frozenset({EventKind.GRANTED, EventKind.WITHDRAWN})
_AT: Final = 0x7A5A_5A5A_5A5A_5A51
_PLACE: Final = 0x7B6B_6B6B_6B6B_6B62
"""Stand for the time and the position in a sample; nothing that is real is so large."""
_number: Final[Callable[[object], bytes]] = msgspec.msgpack.Encoder().encode


class Newcomers:
    """Takes the entries of an import that are about newcomers."""

    def __init__(self, keyring: Keyring, ids: Ids) -> None:
        self._keyring = keyring
        self._ids = ids

    def take(self, workspace: Workspace, change: WriteBatch, item: WriteEntry) -> bool:
        """Work in one entry; False, and nothing is done, where it is the planner's."""
        if len(item.acts) != 1 or not item.source_id or item.is_lesson:
            return False
        act = item.acts[0]
        if not isinstance(act, Statement) or not _is_plain(act):
            return False
        alias = act.aliases[0]
        lookups = workspace.hashed[alias.key]
        sources = workspace.hashed[item.source_id, item.source_at]
        is_known = (
            not workspace.aliases.keys().isdisjoint(lookups)
            or not workspace.suppressed.isdisjoint(lookups)
            or not workspace.seen.isdisjoint(sources)
            or bool(alias.neighbour_keys)
        )
        if is_known:
            return False
        workspace.seen.add(sources[0])
        workspace.new_seen.append(sources[0])
        contact_id = self._ids.contact()
        workspace.aliases[lookups[0]] = contact_id
        sealed = self._keyring.seal(alias.value.encode(), workspace.business_id.encode())
        name = NewAlias(lookups[0], contact_id, alias.kind.value, sealed)
        workspace.new_aliases.append(name)
        event = self._event(workspace, change, contact_id, act)
        names = {alias.kind.group: {lookups[0]}}
        workspace.contacts[contact_id] = ContactState(
            contact_id, first_standing(event), is_new=True, names=names
        )
        return True

    def _event(
        self, workspace: Workspace, change: WriteBatch, contact_id: ContactId, act: Statement
    ) -> Event:
        salt = self._ids.salt() if act.evidence else None
        event = Event(
            event_id=self._ids.event(),
            business_id=workspace.business_id,
            contact_id=contact_id,
            position=Position(workspace.head + 1),
            kind=act.kind,
            occurred_at=Instant(min(act.occurred_at, change.recorded_at)),
            recorded_at=change.recorded_at,
            source=act.source,
            surface=act.surface,
            purposes=act.purposes,
            assurance=act.assurance,
            evidence_digest=evidence_digest(act.evidence, salt) if salt else b"",
            number_proof=act.number_proof,
        )
        workspace.head = event.position
        context = event.event_id.encode()
        evidence = self._keyring.seal(act.evidence, context) if act.evidence else None
        workspace.new_events.append(NewEvent(event, evidence, salt))
        return event


def _is_plain(act: Statement) -> bool:
    """Whether it says one thing of one name, and nothing follows from it."""
    return (
        act.kind in _KINDS
        and act.source is Source.IMPORT
        and act.surface is Surface.IMPORT
        and len(act.aliases) == 1
        and not (act.sender or act.prompt or act.choice or act.about)
        and act.stop_languages is None
        and act.answers is None
    )


def first_standing(event: Event) -> bytes:
    """Return the standing, as it is written, of somebody of whom this event is the first.

    One event of history is set against nothing, so its time and place stand in the fold as they
    are. Source: `domain.consent.standing.step`, which folds the sample.
    """
    pieces = _sample((event.kind, event.purposes, event.assurance, event.number_proof))
    real = {_AT: _number(event.occurred_at), _PLACE: _number(event.position)}
    return b"".join([one if isinstance(one, bytes) else real[one] for one in pieces])


@lru_cache(maxsize=256)
def _sample(sort: _Sort) -> tuple[bytes | int, ...]:
    """Fold a sample of its sort, and cut what is written where the time and the place stand."""
    kind, purposes, assurance, number_proof = sort
    sample = Event(
        event_id=EventId(""),
        business_id=BusinessId(""),
        contact_id=ContactId(""),
        position=Position(_PLACE),
        kind=kind,
        occurred_at=Instant(_AT),
        recorded_at=Instant(_AT),
        source=Source.IMPORT,
        surface=Surface.IMPORT,
        purposes=purposes,
        assurance=assurance,
        number_proof=number_proof,
    )
    pieces: list[bytes | int] = [encode_standing(step(NOTHING_SAID, sample))]
    for mark in (_AT, _PLACE):
        pieces = list(chain.from_iterable(_cut(one, mark) for one in pieces))
    return tuple(pieces)


def _cut(piece: bytes | int, mark: int) -> list[bytes | int]:
    if isinstance(piece, int):
        return [piece]
    first, *others = piece.split(_number(mark))
    found: list[bytes | int] = [first]
    for one in others:
        found += (mark, one)
    return found
