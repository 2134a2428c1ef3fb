"""Words with their places filled in, and what they are recorded as."""

from __future__ import annotations

from typing import Any

import pytest

from askfirst.domain.prompts.catalogue import Prompt, Vocabulary, Wording
from askfirst.domain.prompts.interpolation import Filling, Piece, fill, plain_text
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.value import replace
from askfirst.domain.values.errors import InvalidInput
from tests.support.opt_out import OPT_OUT

WORDS = Vocabulary(
    stop="STOP",
    separator=", ",
    kinds={"authentication": "codes", "utility": "order updates", "marketing": "offers"},
    yes="Yes",
    no="No",
    open="Open WhatsApp",
    lines=("Number:", "Date:"),
)
TEXT = "Messages from {business} on WhatsApp: {kinds}. To stop, reply {stop}."
LUNE = Filling(business="Café Lune")


def prompt(surface: Surface = Surface.SIGNUP, **words: str) -> Prompt:
    wording = Wording(**({"text": TEXT} | words))
    return Prompt(
        key="news",
        surface=surface,
        purposes=("marketing",),
        wordings={"en": wording, "ar": wording},
    )


def shown(asked: Prompt, filling: Filling = LUNE, locale: str = "en") -> str:
    return fill(asked, locale, WORDS, filling, OPT_OUT).version.text


def test_the_version_is_what_the_person_reads() -> None:
    filled = fill(prompt(), "en", WORDS, LUNE, OPT_OUT)
    assert filled.version.text == (
        "Messages from Café Lune on WhatsApp: offers. To stop, reply STOP."
    )
    assert (filled.version.key, filled.version.locale) == ("news", "en")
    assert filled.version.purposes == ("marketing",)


def test_the_buttons_are_part_of_what_is_read() -> None:
    assert shown(prompt(Surface.CHAT)).endswith("reply STOP.\n[Yes] [No]")
    assert shown(prompt(Surface.CHAT, yes="Go", no="Not now")).endswith("[Go] [Not now]")
    assert shown(prompt(Surface.LINK)).endswith("[Open WhatsApp]")


def test_a_paper_has_a_square_and_lines_to_write_on() -> None:
    text = shown(prompt(Surface.PAPER))
    assert text.startswith("☐ Messages")
    assert "\n\nNumber: ____" in text


def test_what_comes_after_the_answer_is_no_part_of_the_version() -> None:
    filled = fill(prompt(Surface.CODE, after="Look at {business}."), "en", WORDS, LUNE, OPT_OUT)
    assert filled.after == (Piece("Look at "), Piece("Café Lune", is_inserted=True), Piece("."))
    assert "Look at" not in filled.version.text


def test_purposes_change_the_kinds_and_the_name_of_the_version() -> None:
    both = replace(LUNE, purposes=("utility", "marketing.offers"))
    assert "order updates, offers" in shown(prompt(), both)
    assert fill(prompt(), "en", WORDS, both, OPT_OUT).version.hash != (
        fill(prompt(), "en", WORDS, LUNE, OPT_OUT).version.hash
    )


def test_two_topics_of_one_purpose_are_named_once() -> None:
    topics = replace(LUNE, purposes=("marketing.offers", "marketing.events"))
    assert "WhatsApp: offers." in shown(prompt(), topics)


def test_own_kinds_come_before_the_built_in_ones() -> None:
    assert "WhatsApp: recipes." in shown(prompt(kinds="recipes"))
    assert "WhatsApp: jokes." in shown(prompt(kinds="recipes"), replace(LUNE, kinds="jokes"))
    assert "WhatsApp: codes." in shown(
        prompt(kinds="recipes"), replace(LUNE, purposes=("authentication",))
    )


def test_a_name_that_runs_the_other_way_is_isolated() -> None:
    assert "from \u2068Café Lune\u2069 on" in shown(prompt(), locale="ar")
    assert "from \u2068قمر\u2069 on" in shown(prompt(), replace(LUNE, business="قمر"))
    assert "from قمر on" in shown(prompt(), replace(LUNE, business="قمر"), locale="ar")
    assert plain_text((Piece("a"),), is_rtl=True) == "a"


@pytest.mark.parametrize(
    ("words", "filling", "field"),
    [
        ({"text": "{busines}"}, LUNE, "text"),
        ({"text": "{business"}, LUNE, "text"),
        ({"text": "{business}} on"}, LUNE, "text"),
        ({"text": "{}"}, LUNE, "text"),
        ({"text": "Order {order}"}, LUNE, "order"),
        ({"text": "No kinds"}, replace(LUNE, purposes=("utility",)), "purpose"),
        ({"yes": "{business}"}, LUNE, "yes"),
        ({"stop": "hello"}, LUNE, "stop"),
        ({"kinds": "off\u200bers"}, LUNE, "kinds"),
        ({}, replace(LUNE, order="4711\n"), "order"),
    ],
)
def test_what_cannot_be_filled_in_is_refused(
    words: dict[str, Any], filling: Filling, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        shown(prompt(**words), filling)
    assert refused.value.field == field


def test_an_order_is_named_where_the_words_ask_for_it() -> None:
    asked = prompt(Surface.ORDER, text="News about order {order}?")
    assert shown(asked, replace(LUNE, order="A-4711")).startswith("News about order A-4711?")


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"yes": "Yes", "no": "No"}, "kinds"),
        ({"yes": "Yes", "no": "No", "kinds": "x"}, "stop"),
        ({"no": "No", "text": "Hi"}, "yes"),
    ],
)
def test_a_language_without_vocabulary_needs_words_of_its_own(
    words: dict[str, str], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        fill(prompt(Surface.CHAT, **words), "en", None, LUNE, OPT_OUT)
    assert refused.value.field == field


@pytest.mark.parametrize(
    "wrong",
    [{"business": "Раypal"}, {"purposes": ("service",)}, {"purposes": ("utility", "utility")}],
)
def test_a_filling_is_checked_at_birth(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        replace(LUNE, **wrong)
