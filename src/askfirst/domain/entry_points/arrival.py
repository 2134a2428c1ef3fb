"""A chat that was started by an entry point."""

from __future__ import annotations

from dataclasses import dataclass

from askfirst.domain.entry_points.entry_point import EntryPoint
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import ContactId


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Somebody's first message came in through an entry."""

    entry: EntryPoint
    contact_id: ContactId
    alias: Alias
