"""What is amiss is said once, with what to do, and without an id that looks like a number."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from askfirst.adapters.clock_watch import ClockWatch
from askfirst.bootstrap.observability.logging import configure_logging
from askfirst.bootstrap.observability.telemetry import LoggedTelemetry
from askfirst.bootstrap.settings import LogFormat, LogLevel
from askfirst.domain.inbound.dead_letter import LetterFate, Route
from askfirst.domain.values.ids import PhoneNumberId, WabaId
from askfirst.web.metrics import Metrics

HERE = Route(WabaId("100000000000001"), PhoneNumberId("200000000000777"))
THERE = Route(WabaId("100000000000002"), None)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    stream = io.StringIO()
    configure_logging(LogLevel.WARNING, LogFormat.JSON, stream)
    yield stream
    root.handlers[:], root.level = before
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_sender_that_nobody_registered_is_one_line_with_a_remedy(log: io.StringIO) -> None:
    metrics = Metrics()
    signals = LoggedTelemetry(metrics, ClockWatch(lambda: 0))
    for _ in range(3):
        signals.dead_letters(LetterFate.KEPT, 1, {HERE})
    (line,) = lines(log)
    assert (line["event"], line["level"]) == ("webhook_unrouted", "error")
    assert "askfirst sender set" in line["remedy"]
    assert "777" not in log.getvalue()
    assert 'askfirst_dead_letters_total{fate="kept"} 3.0' in metrics.render().decode()


def test_another_sender_and_one_that_waits_again_are_told_again(log: io.StringIO) -> None:
    signals = LoggedTelemetry(Metrics(), ClockWatch(lambda: 0))
    signals.dead_letters(LetterFate.KEPT, 1, {HERE})
    signals.dead_letters(LetterFate.KEPT, 1, {HERE, THERE})
    signals.dead_letters(LetterFate.TAKEN_UP, 1, {HERE})
    signals.dead_letters(LetterFate.KEPT, 1, {HERE})
    assert [line["count"] for line in lines(log)] == [1, 1, 1]


@pytest.mark.parametrize(
    ("fate", "event"),
    [
        (LetterFate.FAILED, "webhook_not_taken_up"),
        (LetterFate.FORGOTTEN, "webhook_forgotten"),
    ],
)
def test_trouble_with_what_waits_is_told_with_a_remedy(
    log: io.StringIO, fate: LetterFate, event: str
) -> None:
    LoggedTelemetry(Metrics(), ClockWatch(lambda: 0)).dead_letters(fate, 2, {HERE})
    (line,) = lines(log)
    assert (line["event"], line["count"]) == (event, 2)
    assert line["remedy"]
