"""Questions with buttons of ours, sent by a client: only with the words that the buttons name."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from askfirst.domain.prompts.catalogue import Prompt, Wording
from askfirst.domain.prompts.interpolation import FilledPrompt, Filling
from askfirst.domain.prompts.prompt import Surface
from askfirst.graph.sending.chat_question import question_message
from askfirst.usecases.prompts.manage_prompts import publish_prompt, put_draft
from askfirst.usecases.prompts.show_prompt import show_prompt
from tests.support.builders import BUSINESS, opening
from tests.web.gateway.desk import TEMPLATE, TO, Desk

STOP = {"type": "reply", "reply": {"id": "askfirst:stop:*", "title": "Stop"}}
FOREIGN = {"type": "reply", "reply": {"id": "more", "title": "Tell me more"}}


async def asked(desk: Desk, key: str = "chat") -> FilledPrompt:
    """Render a question here, as GET /v1/prompts/{key}/render does."""
    services = desk.world.services
    return (await show_prompt(services, BUSINESS, key, "en", Filling(business="Acme"))).filled


async def question(desk: Desk, key: str = "chat") -> dict[str, Any]:
    """The message that asks it, in an open window."""
    await desk.commit(opening())
    return question_message(await asked(desk, key)) | {"to": TO}


def buttons(message: dict[str, Any]) -> list[Any]:
    found: list[Any] = message["interactive"]["action"]["buttons"]
    return found


async def check_refused(desk: Desk, message: dict[str, Any] | bytes) -> None:
    got = await desk.send(message)
    assert (got.status, got.error["code"]) == (400, 131009)
    assert got.error["askfirst"]["reasons"] == ["question_altered"]
    assert desk.sent == []


@pytest.mark.parametrize("key", ["chat", "order", "orders"])
async def test_a_question_leaves_as_it_was_rendered(quick_desk: Desk, key: str) -> None:
    message = await question(quick_desk, key)
    assert (await quick_desk.send(message)).status == 200
    assert json.loads(quick_desk.sent[0].body) == message


async def test_a_button_that_stops_may_stand_beside_it_or_alone(quick_desk: Desk) -> None:
    message = await question(quick_desk)
    buttons(message).append(STOP)
    assert (await quick_desk.send(message)).status == 200
    buttons(message)[:] = [STOP]
    message["interactive"]["body"]["text"] = "Whatever."
    assert (await quick_desk.send(message)).status == 200


def _say_less(message: dict[str, Any]) -> None:
    message["interactive"]["body"]["text"] = "Do you like cake?"


def _add_words(part: str, **more: str) -> Callable[[dict[str, Any]], None]:
    def add(message: dict[str, Any]) -> None:
        message["interactive"][part] = {"text": "By tapping you agree to more."} | more

    return add


def _rename(message: dict[str, Any]) -> None:
    buttons(message)[0]["reply"]["title"] = "Go on"


def _turn(message: dict[str, Any]) -> None:
    yes, no = buttons(message)
    yes["reply"]["id"], no["reply"]["id"] = no["reply"]["id"], yes["reply"]["id"]


def _leave_no_no(message: dict[str, Any]) -> None:
    del buttons(message)[1]


def _name_nothing(message: dict[str, Any]) -> None:
    for button in buttons(message):
        button["reply"]["id"] = "askfirst:yes:marketing"


def _keep(message: dict[str, Any]) -> None:
    buttons(message)[0]["reply"]["id"] = "askfirst:keep:marketing:1"


def _keep_alone(message: dict[str, Any]) -> None:
    _keep(message)
    del buttons(message)[1:]


def _list(message: dict[str, Any]) -> None:
    rows = [button["reply"] for button in buttons(message)]
    message["interactive"] |= {
        "type": "list",
        "action": {"button": "x", "sections": [{"rows": rows}]},
    }


CHANGES = {
    "other words": _say_less,
    "a header": _add_words("header", type="text"),
    "a footer": _add_words("footer"),
    "another title": _rename,
    "yes and no exchanged": _turn,
    "no way to say no": _leave_no_no,
    "a third button": lambda message: buttons(message).append(FOREIGN),
    "no words named": _name_nothing,
    "the answer to another question": _keep,
    "the answer to another question, alone": _keep_alone,
    "a list": _list,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_a_question_whose_buttons_name_other_words_does_not_leave(
    quick_desk: Desk, change: Callable[[dict[str, Any]], None]
) -> None:
    message = await question(quick_desk)
    altered = copy.deepcopy(message)
    change(altered)
    await check_refused(quick_desk, altered)


async def test_letters_written_as_escapes_hide_nothing(quick_desk: Desk) -> None:
    message = await question(quick_desk)
    _say_less(message)
    body = json.dumps(message).replace("askfirst:", "\\u0061skfirst:")
    await check_refused(quick_desk, body.encode())


async def test_no_template_asks_with_buttons_of_ours(quick_desk: Desk) -> None:
    """What a template says is known at Meta only."""
    payload = buttons(await question(quick_desk))[0]["reply"]["id"]
    button = {
        "type": "button",
        "sub_type": "quick_reply",
        "index": "0",
        "parameters": [{"type": "payload", "payload": payload}],
    }
    template = TEMPLATE["template"] | {"components": [button]}
    await check_refused(quick_desk, TEMPLATE | {"template": template})


async def test_a_question_of_another_surface_is_not_asked_in_the_chat(quick_desk: Desk) -> None:
    """Its words stand on a page, where a box is ticked."""
    filled = await asked(quick_desk, "signup")
    message = await question(quick_desk)
    for button, verb in zip(buttons(message), ("yes", "no"), strict=True):
        button["reply"]["id"] = f"askfirst:{verb}:marketing:{filled.version.hash}"
    message["interactive"]["body"]["text"] = filled.version.text
    await check_refused(quick_desk, message)


async def test_a_question_that_was_published_anew_is_asked_in_its_new_words(
    quick_desk: Desk,
) -> None:
    message = await question(quick_desk)
    wording = Wording(text="{kinds} from {business} on WhatsApp? Reply {stop} to stop.")
    newer = Prompt(
        key="chat", surface=Surface.CHAT, purposes=("marketing",), wordings={"en": wording}
    )
    await put_draft(quick_desk.world.services, BUSINESS, newer)
    await publish_prompt(quick_desk.world.services, BUSINESS, "chat")
    await check_refused(quick_desk, message)
    assert (await quick_desk.send(await question(quick_desk))).status == 200
