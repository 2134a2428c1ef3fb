"""Messages with buttons keep Meta's limits."""

from __future__ import annotations

import pytest

from askfirst.domain.values.errors import InvalidInput
from askfirst.graph.sending.chat_question import reply_buttons

YES, NO = ("id-yes", "Yes"), ("id-no", "No")


def test_a_text_with_two_buttons() -> None:
    assert reply_buttons("News?", [YES, NO]) == {
        "type": "interactive",
        "interactive": {
            "type": "button",
            "body": {"text": "News?"},
            "action": {
                "buttons": [
                    {"type": "reply", "reply": {"id": "id-yes", "title": "Yes"}},
                    {"type": "reply", "reply": {"id": "id-no", "title": "No"}},
                ]
            },
        },
    }


@pytest.mark.parametrize(
    ("body", "buttons", "field"),
    [
        ("", [YES], "text"),
        ("x" * 1025, [YES], "text"),
        ("x", [], "buttons"),
        ("x", [(str(n), str(n)) for n in range(4)], "buttons"),
        ("x", [("a", "Same"), ("b", "Same")], "buttons"),
        ("x", [("a", "x" * 21)], "buttons"),
        ("x", [("a", "")], "buttons"),
        ("x", [("a" * 257, "Yes")], "purpose"),
    ],
)
def test_what_meta_would_refuse_is_refused(
    body: str, buttons: list[tuple[str, str]], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        reply_buttons(body, buttons)
    assert refused.value.field == field
