"""A business blocks people: whatever Meta answers, nothing more is sent to them.

A block is a stop. It is in force before Meta is asked, and stays where Meta refuses: who wants to
block somebody does not want to write to them. The end of a block is no yes, and lifts nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from askfirst.domain.consent.event import EventKind, NumberProof, Source
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import BusinessId
from askfirst.ports.consent.change import Statement, WriteBatch, WriteEntry
from askfirst.ports.consent.ledger import HasLedger
from askfirst.ports.platform.clock import HasClock


class BlockContactNeeds(HasClock, HasLedger, Protocol):
    """What this use case needs from the world."""


async def record_blocks(
    services: BlockContactNeeds, business_id: BusinessId, people: Iterable[Alias]
) -> None:
    """Write a stop of everything for each; when it returns, all of them are in force.

    Raises:
        Unavailable: nothing was written.
    """
    now = services.clock.now()
    items = tuple(
        WriteEntry(
            acts=(
                Statement(
                    aliases=(person,),
                    kind=EventKind.WITHDRAWN,
                    occurred_at=now,
                    source=Source.GATEWAY,
                    surface=Surface.API,
                    number_proof=NumberProof.VOUCHED,
                ),
            )
        )
        for person in people
    )
    if items:
        change = WriteBatch(business_id=business_id, recorded_at=now, items=items)
        await services.ledger.commit(change)
