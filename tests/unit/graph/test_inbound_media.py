"""Files that a webhook names are found wherever they stand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from askfirst.domain.inbound.named_media import NamedMedia
from askfirst.domain.values.ids import PhoneNumberId, WabaId
from askfirst.graph.inbound.media import MEDIA_MAX, read_media

IMAGE = {"id": "555", "mime_type": "image/jpeg", "sha256": "x", "caption": "Hi"}
METADATA = {"phone_number_id": "200", "display_phone_number": "15550100001"}
FOUND = NamedMedia(media_id="555", phone_number_id=PhoneNumberId("200"), waba_id=WabaId("100"))


def webhook(value: dict[str, Any], field: str = "messages") -> bytes:
    change = {"field": field, "value": {"metadata": METADATA} | value}
    return json.dumps({"entry": [{"id": "100", "changes": [change]}]}).encode()


@pytest.mark.parametrize(
    "value",
    [
        {"messages": [{"type": "image", "image": IMAGE}]},
        {"messages": [{"type": "voice", "something_new": {"inner": [IMAGE]}}]},
        {"messages": [{"type": "edit", "edit": {"message": {"image": IMAGE}}}]},
        {"message_echoes": [{"type": "image", "image": IMAGE | {"id": 555}}]},
        {"history": [{"threads": [{"messages": [{"image": IMAGE}]}]}]},
        {"calls": [{"call_recording": {"audio": IMAGE}}]},
        {"messages": [{"image": IMAGE}, {"image": IMAGE}]},
    ],
)
def test_a_file_is_found_in_messages_edits_echoes_history_and_calls(value: dict[str, Any]) -> None:
    assert read_media(webhook(value)) == (FOUND,)


@pytest.mark.parametrize(
    "value",
    [
        {"messages": [{"id": "555", "type": "text", "text": {"body": json.dumps(IMAGE)}}]},
        {"messages": [{"image": IMAGE | {"id": "55/5"}}]},
        {"messages": [{"image": IMAGE | {"id": None}}]},
        {"messages": [{"image": IMAGE | {"id": "5" * 33}}]},
        {"messages": [{"id": "555", "text": {"body": '"mime_type"'}}]},
    ],
)
def test_what_is_no_file_is_not_taken_for_one(value: dict[str, Any]) -> None:
    assert read_media(webhook(value)) == ()


def test_a_file_belongs_to_the_change_that_names_it() -> None:
    first = {"value": {"metadata": METADATA, "messages": [{"image": IMAGE}]}}
    second = {"value": {"messages": [{"image": IMAGE | {"id": "556"}}]}}
    body = {"entry": [{"id": "100", "changes": [first]}, {"id": "101", "changes": [second]}]}
    assert read_media(json.dumps(body).encode()) == (
        FOUND,
        NamedMedia(media_id="556", phone_number_id=None, waba_id=WabaId("101")),
    )


@pytest.mark.parametrize(
    "body",
    [
        b'"mime_type"',
        b'["mime_type"]',
        b'{"entry":"mime_type","mime_type":{"mime_type":1}}',
        b'{"entry":[{"changes":[{"value":["mime_type"]}]}],"mime_type":1}',
        b'{"mime_type"',
        b'{"mime_type":' + b"[" * 100_000,
    ],
)
def test_an_odd_body_names_no_file(body: bytes) -> None:
    assert read_media(body) == ()


def test_the_number_of_files_is_bounded() -> None:
    many = [{"image": IMAGE | {"id": str(number)}} for number in range(MEDIA_MAX + 5)]
    assert len(read_media(webhook({"messages": many}))) == MEDIA_MAX
