"""A business's own name in a message is no stop; everything else is read as it is."""

from __future__ import annotations

import pytest

from tests.support.opt_out import OPT_OUT


@pytest.mark.parametrize(
    "text",
    [
        "Yes, I agree to messages from Stop & Shop on WhatsApp",
        "Evet, Stop & Shop mesajlarını istiyorum",
        "Stop & Shopからのメッセージを受け取ります",
        "hello stop & shop, where is my order?",
    ],
)
def test_the_name_of_the_business_stops_nothing(text: str) -> None:
    assert not OPT_OUT.read_typed(text, business="Stop & Shop").is_stop


@pytest.mark.parametrize(
    "text", ["STOP", "Stop & Shop, stop writing to me", "stop messages from Stop & Shop"]
)
def test_a_stop_beside_the_name_is_a_stop(text: str) -> None:
    assert OPT_OUT.read_typed(text, business="Stop & Shop").is_stop


def test_to_a_business_called_stop_a_stop_is_a_stop() -> None:
    assert OPT_OUT.read_typed("STOP", business="Stop").is_stop
    assert OPT_OUT.read_typed("stop sending me messages", business="Stop").is_stop
