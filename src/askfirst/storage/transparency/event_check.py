"""Does what stands in the rows fit together? Each event its leaf hash, each standing its events.

All rules are the domain's: the functions that wrote leaves and standings make them again here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, cast

import msgspec

from askfirst.domain.consent.event import Event, leaf_bytes, leaf_hash
from askfirst.domain.consent.standing import Standing, fold
from askfirst.domain.transparency.ledger_check import Damage, DamageKind
from askfirst.domain.values.ids import BusinessId, ContactId
from askfirst.storage.consent.standing_codec import decode_standing, encode_standing
from askfirst.storage.platform.rows import Row, row_event
from askfirst.storage.transparency.fast_check import is_fold, is_right

_CONTACT, _STANDING, _OTHERS_STANDING, _OTHERS_ABSORBED_BY, _EVENT = 0, 1, 3, 4, 5
"""Places in a row of `audit_contacts`: the contact, whoever was merged into it, then the event."""

UNREADABLE = b""
"""Stands for the leaf hash of an event that cannot even be read."""


def computed_hash(row: Row) -> bytes:
    """Hash what stands in the columns of an event now."""
    try:
        return leaf_hash(leaf_bytes(row_event(row)))
    except (ValueError, TypeError, AttributeError):
        return UNREADABLE


def check_events(
    business_id: BusinessId, rows: Iterable[Row], accepted: Mapping[int, bytes]
) -> Iterator[Damage]:
    """Check events one by one; the leaf hash is the last column."""
    for row in rows:
        if is_right(row):  # type: ignore[arg-type]
            continue
        found = computed_hash(row)
        if found != bytes(row[-1]) and accepted.get(row[1]) != found:
            yield _changed(business_id, row[1])


def check_contacts(
    business_id: BusinessId, rows: Iterable[Row], accepted: Mapping[int, bytes]
) -> Iterator[Damage]:
    """Check contacts with all their events, as `audit_contacts` gives them."""
    for contact_id, group in groupby(rows, key=itemgetter(_CONTACT)):
        own = list(group)
        if own[0][_EVENT] is not None:
            events = [cast("tuple[Any, ...]", row)[_EVENT:] for row in own]
            if is_fold(events, own[0][_STANDING]) and all(map(is_right, events)):
                continue
        yield from _check_contact(business_id, ContactId(contact_id), own, accepted)


def _check_contact(
    business_id: BusinessId,
    contact_id: ContactId,
    rows: Sequence[Row],
    accepted: Mapping[int, bytes],
) -> Iterator[Damage]:
    events: list[Event] = []
    others: dict[ContactId, Standing] = {}
    differs = Damage(kind=DamageKind.STANDING_DIFFERS, business_id=business_id, what=contact_id)
    for row in rows:
        if row[_EVENT] is None:
            break  # nobody said anything
        columns = cast("tuple[Any, ...]", row)[_EVENT:]
        try:
            event = row_event(columns)
            found = leaf_hash(leaf_bytes(event))
            if event.absorbed and row[_OTHERS_STANDING] is not None:
                others[event.absorbed] = decode_standing(bytes(row[_OTHERS_STANDING]))
        except _UNDECODABLE:
            yield _changed(business_id, columns[1])
            yield differs
            return
        if found != columns[-1] and accepted.get(event.position) != found:
            yield _changed(business_id, event.position)
        if event.absorbed and row[_OTHERS_ABSORBED_BY] != contact_id:
            yield differs
        events.append(event)
    if not _stands(rows[0][_STANDING], fold(events, others)):
        yield differs


_UNDECODABLE = (ValueError, TypeError, AttributeError, KeyError, IndexError, msgspec.DecodeError)


def _stands(stored: bytes, folded: Standing) -> bool:
    """Compare bytes first: equal bytes are equal standings, and nearly all are."""
    if encode_standing(folded) == stored:
        return True
    try:
        return decode_standing(bytes(stored)) == folded
    except _UNDECODABLE:
        return False


def _changed(business_id: BusinessId, position: int) -> Damage:
    return Damage(
        kind=DamageKind.HASH_DIFFERS, business_id=business_id, first=position, last=position
    )
