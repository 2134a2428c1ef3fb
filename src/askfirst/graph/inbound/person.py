"""Who an update is about: the aliases that Meta signed together.

A message names its sender; the matching entry of `contacts` may know further names of the
same person. What has not the shape of an alias is dropped, never fatal: numbers may be
withheld (absent or empty), and test payloads carry placeholders.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TypeAlias

from askfirst.domain.values.alias import Alias, AliasKind
from askfirst.domain.values.errors import InvalidInput
from askfirst.graph.inbound.wire import Contact, Loose

Names: TypeAlias = tuple[Loose, str | None, str | None]
"""What one update calls its person: `wa_id`, `user_id`, `parent_user_id`."""

_KINDS = (AliasKind.WA_ID, AliasKind.BSUID, AliasKind.PARENT_BSUID)
_NOBODY: Names = (None, None, None)


def aliases(one: Names, other: Names = _NOBODY) -> tuple[Alias, ...]:
    """Return the well-formed aliases of one person under two sets of names, each once."""
    try:
        return _people(one, other)
    except InvalidInput:
        return tuple(_well_formed(one, other))


def known_aliases(names: Names, contacts: tuple[Contact, ...]) -> tuple[Alias, ...]:
    """Return the aliases of a person, with those that their entry in `contacts` adds."""
    contact = _entry_of(names, contacts)
    if contact is None:
        return aliases(names)
    return aliases(names, (contact.wa_id, contact.user_id, contact.parent_user_id))


@lru_cache(maxsize=16_384)
def _people(one: Names, other: Names) -> tuple[Alias, ...]:
    """Check names once for the message and its three statuses; InvalidInput is not remembered."""
    found: list[Alias] = []
    for kind, name, other_name in zip(_KINDS, one, other, strict=True):
        if name:
            found.append(_alias(kind, name))
        if other_name and other_name != name:
            found.append(_alias(kind, other_name))
    return tuple(found)


def _well_formed(one: Names, other: Names) -> Iterator[Alias]:
    for kind, name, other_name in zip(_KINDS, one, other, strict=True):
        for told in dict.fromkeys((name, other_name)):
            try:
                if told:
                    yield _alias(kind, told)
            except InvalidInput:
                continue


def _alias(kind: AliasKind, name: str | int) -> Alias:
    return Alias(kind, str(name).removeprefix("+"))


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
