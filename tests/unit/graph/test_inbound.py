import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.domain.inbound.inbound_event import (
    BrakeSignalled,
    ContentReceived,
    DeliveryReported,
    InboundEvent,
    NumberChanged,
    Preference,
    PreferenceChanged,
    ReplyTapped,
    TemplateChanged,
    TextReceived,
    Unrecognised,
)
from askfirst.domain.tenants.sender import TemplateState
from askfirst.domain.tenants.template_content import (
    TemplateButton,
    TemplateContent,
    TemplateQuality,
)
from askfirst.domain.values.alias import Alias, AliasKind
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import PhoneNumberId, WabaId
from askfirst.domain.values.purpose import Category
from askfirst.domain.values.timestamp import from_unix_seconds
from askfirst.graph.inbound.webhook import UPDATES_MAX, read_webhook

CORPUS = sorted(Path(__file__).parents[4].glob("shared/data/webhooks/*__*.json"))
ANA = Alias(AliasKind.WA_ID, "447700900123")
ANA_ID = Alias(AliasKind.BSUID, "GB.1349")
ANA_PARENT = Alias(AliasKind.PARENT_BSUID, "GB.ENT.1181")
ANA_ENTRY = {"wa_id": "447700900123", "user_id": "GB.1349", "parent_user_id": "GB.ENT.1181"}


def read(value: Any, field: str | None = "messages", **entry: Any) -> tuple[InboundEvent, ...]:
    metadata = {"display_phone_number": "15550100001", "phone_number_id": "200"}
    if isinstance(value, dict):
        value = {"metadata": metadata} | value
    change = {"value": value} if field is None else {"value": value, "field": field}
    body = {"object": "x", "entry": [{"id": "100", "changes": [change]} | entry]}
    return read_webhook(json.dumps(body).encode())


def message(**fields: Any) -> InboundEvent:
    given = {"from": "447700900123", "id": "wamid.1", "timestamp": "1739321024", **fields}
    (notice,) = read({"messages": [given], "contacts": [ANA_ENTRY]})
    return notice


def test_a_text_names_its_sender_under_every_alias() -> None:
    assert message(type="text", text={"body": "Stop"}) == TextReceived(
        source_id="wamid.1",
        phone_number_id=PhoneNumberId("200"),
        waba_id=WabaId("100"),
        aliases=(ANA, ANA_ID, ANA_PARENT),
        occurred_at=from_unix_seconds(1739321024),
        text="Stop",
    )


@pytest.mark.parametrize(
    ("fields", "payload", "label"),
    [
        (
            {"type": "button", "button": {"payload": "OPTOUT:marketing", "text": "Stop"}},
            "OPTOUT:marketing",
            "Stop",
        ),
        ({"type": "button", "button": {"text": "Stop"}}, "Stop", "Stop"),
        (
            {
                "type": "interactive",
                "interactive": {
                    "type": "button_reply",
                    "button_reply": {"id": "y", "title": "Yes"},
                },
            },
            "y",
            "Yes",
        ),
        (
            {
                "type": "interactive",
                "interactive": {"type": "list_reply", "list_reply": {"id": 1, "title": "One"}},
            },
            "1",
            "One",
        ),
    ],
)
def test_a_tap_carries_its_payload(fields: dict[str, Any], payload: str, label: str) -> None:
    tapped = message(**fields)
    assert isinstance(tapped, ReplyTapped)
    assert (tapped.payload, tapped.label) == (payload, label)


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"type": "image", "image": {"caption": "stop"}}, "image"),
        ({"type": "unsupported", "errors": [{"code": 131051}]}, "unsupported"),
        (
            {"type": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": 1}},
            "nfm_reply",
        ),
        ({"type": "hologram", "text": {"body": "yes"}}, "hologram"),
        ({"type": "text", "text": {"body": 7}}, "text"),
        ({"type": "system", "system": {"type": "news"}}, "news"),
    ],
)
def test_other_content_is_named_and_never_a_text(fields: dict[str, Any], kind: str) -> None:
    content = message(**fields)
    assert isinstance(content, ContentReceived)
    assert content.kind == kind
    assert content.aliases == (ANA, ANA_ID, ANA_PARENT)


@pytest.mark.parametrize(
    ("names", "contacts", "aliases"),
    [
        ({"from": ""}, [{"wa_id": "", "user_id": "GB.1349"}], (ANA_ID,)),
        ({"from_user_id": "GB.1349"}, None, (ANA_ID,)),
        ({"from": 447700900123}, [], (ANA,)),
        (
            {"from": "447700900123"},
            [{"wa_id": "4915112345678"}, ANA_ENTRY],
            (ANA, ANA_ID, ANA_PARENT),
        ),
        ({"from": "447700900123"}, [{"wa_id": "4915112345678", "user_id": "DE.1"}], (ANA,)),
        ({"from": "<NUMBER>", "from_user_id": "Ana"}, None, ()),
    ],
)
def test_aliases_come_from_the_message_and_its_own_contact(
    names: dict[str, Any], contacts: Any, aliases: tuple[Alias, ...]
) -> None:
    sent = {"id": "wamid.1", "type": "text", "text": {"body": "hi"}, **names}
    (notice,) = read({"messages": [sent], "contacts": contacts})
    assert notice.aliases == aliases


def test_a_person_who_moved_is_named_by_old_and_new() -> None:
    system = {"type": "user_changed_number", "wa_id": "447700900999", "user_id": "GB.2"}
    moved = message(type="system", system=system)
    assert isinstance(moved, NumberChanged)
    assert moved.aliases == (ANA, ANA_ID, ANA_PARENT)
    assert moved.new_aliases == (
        Alias(AliasKind.WA_ID, "447700900999"),
        Alias(AliasKind.BSUID, "GB.2"),
    )


def test_an_old_id_that_stands_only_in_the_sentence_is_found() -> None:
    sentence = "User Eve changed from GB.1 to X changed from GB.1349 to GB.2"
    told = {"type": "user_changed_user_id", "user_id": "GB.2", "body": sentence}
    (moved,) = read({"messages": [{"id": "wamid.1", "type": "system", "system": told}]})
    assert moved.aliases == (ANA_ID,)


def test_a_new_owner_of_a_number_is_a_move_to_nobody() -> None:
    moved = message(type="system", system={"type": "customer_identity_changed"})
    assert isinstance(moved, NumberChanged)
    assert moved.new_aliases == ()


def test_an_updated_user_id_is_a_move() -> None:
    update = {
        "wa_id": "447700900123",
        "user_id": {"previous": "GB.1349", "current": "GB.2"},
        "timestamp": "1700000003",
    }
    (moved,) = read({"user_id_update": [update]}, "user_id_update")
    assert isinstance(moved, NumberChanged)
    assert moved.aliases == (ANA, ANA_ID)
    assert moved.new_aliases == (Alias(AliasKind.BSUID, "GB.2"),)


def test_a_failed_message_tells_its_codes() -> None:
    status = {
        "id": "wamid.1",
        "status": "failed",
        "timestamp": "1751142888",
        "recipient_id": "447700900123",
        "recipient_user_id": "GB.1349",
        "errors": [{"code": 131050}, {"code": "131026"}, {"code": "?"}],
    }
    (report,) = read({"statuses": [status]})
    assert isinstance(report, DeliveryReported)
    assert report.codes == (131050, 131026, 0)
    assert report.aliases == (ANA, ANA_ID)
    assert report.source_id == "wamid.1|failed|1751142888|131050,131026,0"


def test_a_group_is_nobodys_alias() -> None:
    status = {
        "id": "wamid.1",
        "status": "read",
        "timestamp": "1",
        "recipient_id": "447700900999",
        "recipient_type": "group",
        "recipient_participant_id": "447700900123",
    }
    (report,) = read({"statuses": [status], "contacts": [{"wa_id": "447700900999"}]})
    assert report.aliases == (ANA,)


@pytest.mark.parametrize(
    ("fields", "preference"),
    [
        ({"value": "stop"}, Preference.STOP),
        ({"value": "RESUME", "timestamp": "1731705721"}, Preference.RESUME),
        ({"value": "signup", "signup_id": "9"}, Preference.SIGNUP),
        ({"value": "stop", "category": "everything"}, Preference.STOP),
    ],
)
def test_metas_own_switch_is_read(fields: dict[str, Any], preference: Preference) -> None:
    act = {"category": "marketing_messages", "timestamp": 1731705721, **fields}
    (changed,) = read({"user_preferences": [act], "contacts": [ANA_ENTRY]}, "user_preferences")
    assert isinstance(changed, PreferenceChanged)
    assert changed.preference is preference
    assert changed.aliases == (ANA, ANA_ID, ANA_PARENT)
    assert "447700900123" not in changed.source_id


@pytest.mark.parametrize("act", [{"value": "pause"}, {"value": "resume", "category": "all"}, {}])
def test_an_unknown_switch_never_says_yes(act: dict[str, Any]) -> None:
    (notice,) = read({"user_preferences": [act], "contacts": [ANA_ENTRY]}, "user_preferences")
    assert isinstance(notice, Unrecognised)


def test_the_same_act_has_the_same_name_and_another_act_another() -> None:
    def named(**fields: Any) -> str:
        act = {"wa_id": "447700900123", "value": "stop", "timestamp": 1, **fields}
        return read({"user_preferences": [act]}, "user_preferences")[0].source_id

    others: list[dict[str, Any]] = [
        {"value": "resume"},
        {"timestamp": 2},
        {"wa_id": "447700900124"},
    ]
    assert named() == named(timestamp="1")
    assert len({named(), *(named(**other) for other in others)}) == 4


def test_a_template_changes_its_state() -> None:
    value = {
        "event": "PAUSED",
        "message_template_name": "offer",
        "message_template_language": "en-US",
        "reason": None,
    }
    (changed,) = read(value, "message_template_status_update", time=1751247548)
    assert isinstance(changed, TemplateChanged)
    assert (changed.name, changed.language) == ("offer", "en_US")
    assert changed.state is TemplateState.PAUSED
    assert changed.category is None


@pytest.mark.parametrize(
    ("fields", "category"),
    [
        ({"new_category": "UTILITY", "correct_category": "MARKETING"}, Category.MARKETING),
        ({"new_category": "MARKETING", "correct_category": "UTILITY"}, Category.MARKETING),
        ({"new_category": "UTILITY", "previous_category": "MARKETING"}, Category.UTILITY),
        ({"new_category": "SOMETHING"}, Category.MARKETING),
    ],
)
def test_an_announced_category_counts_at_once_where_it_is_stricter(
    fields: dict[str, Any], category: Category
) -> None:
    value = {"message_template_name": "a", "message_template_language": "en_US", **fields}
    (changed,) = read(value, "template_category_update")
    assert isinstance(changed, TemplateChanged)
    assert changed.category is category


def test_a_change_of_quality_is_read_under_either_field() -> None:
    value = {"new_quality_score": "RED", "message_template_name": "a"}
    for field in ("message_template_quality_update", "message_template_status_update"):
        *brakes, changed = read(value, field)
        assert all(isinstance(one, BrakeSignalled) for one in brakes)
        assert isinstance(changed, TemplateChanged)
        assert changed.quality is TemplateQuality.RED
        assert (changed.state, changed.category, changed.content) == (None, None, None)


def test_a_change_of_words_has_all_of_them() -> None:
    value = {
        "message_template_name": "a",
        "message_template_language": "en-US",
        "message_template_title": "Summer",
        "message_template_element": "A second coffee is on us.",
        "message_template_footer": "Reply STOP to end this",
        "message_template_buttons": [
            {
                "message_template_button_type": "QUICK_REPLY",
                "message_template_button_text": "Stop promotions",
            }
        ],
    }
    (changed,) = read(value, "message_template_components_update")
    assert isinstance(changed, TemplateChanged)
    assert changed.language == "en_US"
    assert changed.content == TemplateContent(
        header="Summer",
        body="A second coffee is on us.",
        footer="Reply STOP to end this",
        buttons=(TemplateButton("quick_reply", "Stop promotions"),),
    )


def test_two_changes_of_words_at_one_moment_are_two_notices() -> None:
    value = {"message_template_name": "a", "message_template_language": "en"}
    names = {
        notice.source_id
        for words in ("one", "two")
        for notice in read(value | {"message_template_element": words}, "x")
    }
    assert len(names) == 2


def test_the_businesss_own_messages_are_not_the_persons() -> None:
    echo = {"from": "15550100001", "to": "447700900123", "id": "wamid.1", "type": "text"}
    (notice,) = read({"message_echoes": [echo], "messages": [echo]}, "smb_message_echoes")
    assert isinstance(notice, Unrecognised)


def test_one_odd_update_does_not_cost_the_others() -> None:
    good = {"from": "447700900123", "id": "wamid.2", "type": "text", "text": {"body": "STOP"}}
    odd: list[Any] = [None, 7, {"id": {}, "type": [], "from": 1.5, "text": "hi"}]
    notices = read({"messages": [*odd, good], "contacts": "?", "metadata": []})
    assert [type(notice).__name__ for notice in notices] == ["ContentReceived", "TextReceived"]
    assert notices[1].aliases == (ANA,)


def test_a_text_cut_in_an_emoji_does_not_cost_the_post() -> None:
    body = b'{"entry":[{"changes":[{"value":{"messages":[{"text":{"body":"%s"}}]}}]}]}'
    (notice,) = read_webhook(body % rb"STOP \ud83d \\ud83d \ud83d\ude00")
    assert isinstance(notice, TextReceived)
    assert notice.text == "STOP \ufffd \\ud83d \U0001f600"


def test_an_id_that_no_store_would_take_is_named_by_its_hash() -> None:
    for odd in ("wamid\0", "x" * 9_999):
        notice = message(id=odd, type="text", text={"body": "hi"})
        assert notice.source_id.startswith("sha256:")
        assert notice == message(id=odd, type="text", text={"body": "hi"})


def test_a_number_out_of_all_bounds_is_no_code_and_no_time() -> None:
    status = {"id": 10**400, "errors": [{"code": 10**400}], "timestamp": 10**400}
    (report,) = read({"statuses": [status]})
    assert isinstance(report, DeliveryReported)
    assert report.codes == (0,)
    assert report.occurred_at is None


def test_a_field_that_is_not_named_is_known_by_its_content() -> None:
    (notice,) = read({"messages": [{"id": "1", "text": {"body": "hi"}}]}, field=None)
    assert isinstance(notice, TextReceived)
    (changed,) = read({"message_template_name": "a", "event": "PAUSED"}, field=None)
    assert isinstance(changed, TemplateChanged)


@pytest.mark.parametrize("body", [b"", b"nope", b"[]", b"7", b"\xff", b'{"a":NaN}', b'{"a":1}x'])
def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_webhook(body)
    assert refused.value.field == "body"


def test_what_is_too_deep_or_too_long_is_refused() -> None:
    with pytest.raises(InvalidInput):
        read_webhook(b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}")
    sent = [{"id": str(number), "type": "text"} for number in range(UPDATES_MAX + 1)]
    assert len(read({"messages": sent[:-1]})) == UPDATES_MAX
    with pytest.raises(InvalidInput):
        read({"messages": sent})


KEYS = st.sampled_from(
    [
        *("entry", "changes", "value", "field", "metadata", "messages", "statuses", "contacts"),
        *("user_preferences", "from", "id", "type", "text", "body", "system", "interactive"),
        *("button", "timestamp", "wa_id", "user_id", "errors", "code"),
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@given(JSON, JSON)
def test_any_json_gives_notices_or_invalid_input(whole: Any, value: Any) -> None:
    for body in (json.dumps(whole), json.dumps({"entry": [{"changes": [{"value": value}]}]})):
        with suppress(InvalidInput):
            assert all(notice.source_id for notice in read_webhook(body.encode()))


@given(st.binary(max_size=60))
def test_any_bytes_give_notices_or_invalid_input(body: bytes) -> None:
    with suppress(InvalidInput):
        assert all(notice.source_id for notice in read_webhook(body))


@pytest.mark.parametrize("corpus", [CORPUS] if CORPUS else [])
def test_every_recorded_webhook_is_read(corpus: list[Path]) -> None:
    kinds: dict[str, int] = {}
    for path in corpus:
        for notice in read_webhook(path.read_bytes()):
            kinds[type(notice).__name__] = kinds.get(type(notice).__name__, 0) + 1
    assert len(corpus) == 260
    assert kinds == {
        "TextReceived": 42,
        "ReplyTapped": 18,
        "FlowAnswered": 4,
        "ContentReceived": 49,
        "RestrictedMessage": 10,
        "CallReceived": 3,
        "PersonNamed": 4,
        "DeliveryReported": 22,
        "PreferenceChanged": 13,
        "NumberChanged": 11,
        "TemplateChanged": 12,
        "BrakeSignalled": 7,
        "MessagingLimitChanged": 1,
        "Unrecognised": 72,
    }
