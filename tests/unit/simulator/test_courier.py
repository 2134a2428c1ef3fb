import asyncio
from collections.abc import Mapping

from askfirst.simulator.inbound.webhook_dispatcher import Courier


async def no_wait(seconds: float) -> None:
    await asyncio.sleep(0)


async def test_a_webhook_is_tried_again_until_it_is_taken() -> None:
    answers = [500, 0, 200]

    async def deliver(body: bytes, headers: Mapping[str, str]) -> int:
        if not answers[0]:
            answers.pop(0)
            raise ConnectionError
        return answers.pop(0)

    courier = Courier(deliver=deliver, app_secret=b"s", sleep=no_wait)
    assert await courier.bring("ana", b"{}") == 200
    assert answers == []


async def test_a_receiver_that_stays_down_is_given_up() -> None:
    tries = 0

    async def deliver(body: bytes, headers: Mapping[str, str]) -> int:
        nonlocal tries
        tries += 1
        return 503

    courier = Courier(deliver=deliver, app_secret=b"s", sleep=no_wait)
    assert await courier.bring("ana", b"{}") == 503
    assert tries == 4


async def test_webhooks_about_one_person_keep_their_order_and_others_need_not_wait() -> None:
    gate = asyncio.Event()
    taken: list[bytes] = []

    async def deliver(body: bytes, headers: Mapping[str, str]) -> int:
        if body == b"ana 1":
            await gate.wait()
        taken.append(body)
        return 200

    courier = Courier(deliver=deliver, app_secret=b"s")
    for person, body in (("ana", b"ana 1"), ("ana", b"ana 2"), ("ben", b"ben 1")):
        courier.send(courier.bring(person, body))
    await asyncio.sleep(0.01)
    assert taken == [b"ben 1"]
    gate.set()
    await courier.settle()
    assert taken == [b"ben 1", b"ana 1", b"ana 2"]


async def test_without_a_receiver_webhooks_go_nowhere() -> None:
    assert await Courier(deliver=None, app_secret=b"s").bring("ana", b"{}") == 0
