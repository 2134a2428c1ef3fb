"""Who an update is about: the aliases that Meta signed together.

A message names its sender; the matching entry of `contacts` may know further names of the
same person. What has not the shape of an alias is dropped, never fatal: numbers may be
withheld (absent or empty), and test payloads carry placeholders.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from askfirst.domain.alias import Alias, AliasKind
from askfirst.domain.errors import InvalidInput
from askfirst.graph.wire import Contact, Loose


class Names(NamedTuple):
    """What one update calls its person."""

    wa_id: Loose = None
    user_id: str | None = None
    parent_user_id: str | None = None


def aliases(*persons: Names) -> tuple[Alias, ...]:
    """Give the well-formed aliases of one person, each once, in the order given."""
    found: dict[tuple[AliasKind, str], Alias] = {}
    for wa_id, user_id, parent_user_id in persons:
        if wa_id:
            _add(found, AliasKind.WA_ID, str(wa_id).removeprefix("+"))
        if user_id:
            _add(found, AliasKind.BSUID, user_id)
        if parent_user_id:
            _add(found, AliasKind.PARENT_BSUID, parent_user_id)
    return tuple(found.values())


def known_aliases(names: Names, contacts: Iterable[Contact]) -> tuple[Alias, ...]:
    """Give the aliases of a person, with those that their entry in `contacts` adds."""
    contact = _entry_of(names, tuple(contacts))
    if contact is None:
        return aliases(names)
    return aliases(names, Names(contact.wa_id, contact.user_id, contact.parent_user_id))


def _add(found: dict[tuple[AliasKind, str], Alias], kind: AliasKind, value: str) -> None:
    if (kind, value) in found:
        return
    try:
        found[kind, value] = Alias(kind, value)
    except InvalidInput:
        return


def _entry_of(names: Names, contacts: tuple[Contact, ...]) -> Contact | None:
    """Find the entry that shares a name; a sole entry that contradicts none will do."""
    wa_id, user_id, _ = names
    for contact in contacts:
        if (wa_id and contact.wa_id == wa_id) or (user_id and contact.user_id == user_id):
            return contact
    if len(contacts) != 1:
        return None
    (sole,) = contacts
    contradicts = (wa_id and sole.wa_id) or (user_id and sole.user_id)
    return None if contradicts else sole
