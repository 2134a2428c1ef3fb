"""Meta tells whole seconds, we know microseconds: a STOP must not lose the half second before it.

The race found this one: a yes at 12:00:00.5 and a STOP at 12:00:00.7, which Meta calls 12:00:00.
"""

from __future__ import annotations

import pytest

from askfirst.domain.consent.standing import Answer
from askfirst.domain.inbound.inbound_event import TextReceived
from askfirst.usecases.inbound.take_webhook import take_webhook
from tests.support.builders import ANA, SENDER, WABA, change, grant, sender
from tests.support.clocks import NOON, at
from tests.support.reading import all_events, answer_of
from tests.support.services import World

STOP = TextReceived(
    aliases=(ANA,),
    phone_number_id=SENDER,
    waba_id=WABA,
    source_id="wamid.stop",
    occurred_at=NOON,
    text="STOP",
)


@pytest.mark.parametrize(
    ("yes_at", "taken_at", "answer"),
    [
        pytest.param(0.5, 0.7, Answer.WITHDRAWN, id="both in one second"),
        pytest.param(0.5, 9.0, Answer.WITHDRAWN, id="in one second, STOP delivered late"),
        pytest.param(
            1.0, 9.0, Answer.WITHDRAWN, id="a yes in the next second, STOP delivered late"
        ),
        pytest.param(0.9, 0.7, Answer.GRANTED, id="a yes after the STOP came"),
    ],
)
async def test_a_stop_ends_a_yes_of_the_same_second(
    world: World, yes_at: float, taken_at: float, answer: Answer
) -> None:
    await world.store.directory.put_sender(sender(), None, NOON)
    for moment in sorted((yes_at, taken_at)):
        world.clock.set(at(moment))
        if moment == yes_at:
            await world.store.ledger.commit(change(grant(at=at(moment))))
        else:
            await take_webhook(world.services, (STOP,), b"{}")
    assert await answer_of(world.store) is answer
    assert all(event.occurred_at <= event.recorded_at for event in await all_events(world.store))
