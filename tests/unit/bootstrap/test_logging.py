"""Nothing about a person gets into a log line."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from askfirst.adapters.clock import SystemClock
from askfirst.adapters.ids import SystemIds
from askfirst.bootstrap.observability.logging import black_out, configure_logging
from askfirst.bootstrap.settings import LogFormat, LogLevel
from askfirst.decision.policy import Policy

NUMBER = "+447700900123"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    stream = io.StringIO()
    configure_logging(LogLevel.INFO, LogFormat.JSON, stream)
    yield stream
    root.handlers[:], root.level = before
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_json_with_time_level_and_event(log: io.StringIO) -> None:
    structlog.get_logger("askfirst").info("listening", address="http://127.0.0.1:8080", count=3)
    (line,) = lines(log)
    assert (line["event"], line["level"], line["count"]) == ("listening", "info", 3)
    assert line["address"] == "http://127.0.0.1:8080"
    assert line["timestamp"].endswith("Z")


def test_fields_that_are_not_on_the_list_are_left_out(log: io.StringIO) -> None:
    structlog.get_logger("askfirst").info("sent", to=NUMBER, name="Ada", business="cafe")
    assert lines(log)[0].keys() == {"event", "business", "level", "logger", "timestamp"}


@pytest.mark.parametrize(
    "text",
    [NUMBER, "447700900123", "+44 7700 900123", "(212) 555-0123", "wa_447700900123", "1234567"],
)
def test_whatever_looks_like_a_number_is_blacked_out(text: str) -> None:
    assert not any(char.isdigit() for char in black_out(f"to {text}!").replace("wa_", ""))


def test_addresses_and_durations_stay() -> None:
    text = "at http://127.0.0.1:8080 in 12.5 s"
    assert black_out(text) == text


NAMED = ("event", "contact", "decision", "webhook", "key", "entry", "proof", "link", "code")


@pytest.mark.parametrize("name", [*NAMED, "policy"])
def test_every_name_that_we_give_stays(name: str) -> None:
    ids = SystemIds(SystemClock(), entropy=bytes)
    given = Policy().fingerprint if name == "policy" else getattr(ids, name)()
    assert black_out(f"about {given}.") == f"about {given}."


def test_numbers_in_integers_and_tracebacks_are_blacked_out(log: io.StringIO) -> None:
    try:
        int(f"cannot send to {NUMBER}")
    except ValueError:
        structlog.get_logger("askfirst").exception("failed", count=447700900123)
    assert "7700900123" not in log.getvalue()
    assert "ValueError" in lines(log)[0]["exception"]


def test_libraries_go_through_the_same_sieve(log: io.StringIO) -> None:
    logging.getLogger("some.package").warning("could not reach %s", NUMBER)
    (line,) = lines(log)
    assert line["event"] == "could not reach [number]"
    assert line["logger"] == "some.package"


def test_a_level_keeps_quieter_lines_out(log: io.StringIO) -> None:
    structlog.get_logger("askfirst").debug("detail")
    assert lines(log) == []
