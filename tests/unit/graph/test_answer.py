import pytest

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
