import json

import pytest

from askfirst.domain.values.alias import phone_alias, user_id_alias
from askfirst.graph.sending.send_answer import SendAnswer, SentTo, read_answer


def test_an_answer_names_the_message_and_the_spelling_of_the_recipient() -> None:
    body = (
        b'{"messaging_product":"whatsapp","contacts":[{"input":"+5541988887777",'
        b'"wa_id":"554188887777","user_id":"BR.1"},{"input":"US.1"}],'
        b'"messages":[{"id":"wamid.x","message_status":"accepted"}]}'
    )
    assert read_answer(body) == SendAnswer(
        message_ids=("wamid.x",),
        contacts=(SentTo("+5541988887777", "554188887777", "BR.1"), SentTo("US.1", "", "")),
    )


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"<html>", b'{"messages":{}}', b'{"error":{}}', b"\xff", b"[" * 9_999],
)
def test_an_odd_answer_is_an_empty_one(body: bytes) -> None:
    assert read_answer(body) == SendAnswer()


@pytest.mark.parametrize(
    ("contact", "is_nothing_new"),
    [
        ({"input": "+44 7700 900123", "wa_id": "447700900123"}, True),
        ({"input": "+44 7700 900123", "wa_id": "447700900124"}, False),
        ({"input": "+44 7700 900123", "wa_id": "447700900123", "user_id": "GB.13491208"}, False),
        ({"input": "+44 7700 900123", "user_id": "GB.13491208"}, False),
        ({"input": "+44 7700 900123"}, False),
    ],
)
def test_an_answer_says_something_new_where_it_names_more_than_the_number_that_was_asked_for(
    contact: dict[str, str], *, is_nothing_new: bool
) -> None:
    answer = read_answer(json.dumps({"contacts": [contact], "messages": [{"id": "a"}]}).encode())
    assert answer.says_nothing_new((phone_alias("447700900123"),)) is is_nothing_new
    assert not answer.says_nothing_new((user_id_alias("GB.447700900123"),))
