"""The question after what may be a stop: its words, its buttons, and how they are understood."""

from __future__ import annotations

import pytest

from askfirst.bootstrap.catalogue_files import built_in_catalogue
from askfirst.domain.consent.stop_confirmation import stop_question
from askfirst.domain.opt_out.reading import Certainty, StopScope
from askfirst.domain.prompts.confirmation_rules import confirmation_faults
from askfirst.domain.prompts.prompt_sizes import BUTTON_TITLE_MAX
from askfirst.domain.prompts.quick_reply import ReplyVerb, read_reply
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import Position
from tests.support.opt_out import OPT_OUT

CATALOGUE = built_in_catalogue()
VOCABULARIES = CATALOGUE.vocabularies
DOUBT = Position(17)


@pytest.mark.parametrize("locale", VOCABULARIES)
def test_its_words_fit_and_hold_no_offer(locale: str) -> None:
    words = VOCABULARIES[locale]
    asked = stop_question(CATALOGUE, locale, "Café Lune", DOUBT)
    patterns = CATALOGUE.patterns
    assert list(confirmation_faults(words.unsure_text, ["business"], OPT_OUT, patterns)) == []
    assert asked.text.count("Café Lune") == 1
    titles = [title for _, title in asked.buttons]
    assert len(set(titles)) == len(titles) == 3
    assert all(0 < len(title) <= BUTTON_TITLE_MAX for title in titles)


@pytest.mark.parametrize("locale", VOCABULARIES)
def test_who_types_a_label_in_place_of_tapping_it_is_understood(locale: str) -> None:
    words = VOCABULARIES[locale]
    for reading in (
        OPT_OUT.read_typed(words.unsure_all),
        OPT_OUT.read_tapped("", words.unsure_all),
    ):
        assert (reading.certainty, reading.scope) == (Certainty.STOP, StopScope.EVERYTHING)
    offers = words.unsure_offers
    for reading in (OPT_OUT.read_typed(offers), OPT_OUT.read_tapped("", offers)):
        assert (reading.certainty, reading.purposes) == (Certainty.STOP, ("marketing",))
    for reading in (
        OPT_OUT.read_typed(words.unsure_keep),
        OPT_OUT.read_tapped("", words.unsure_keep),
    ):
        assert reading.certainty is Certainty.NONE


def test_no_two_languages_ask_in_the_same_words() -> None:
    assert len({words.unsure_text for words in VOCABULARIES.values()}) == len(VOCABULARIES) == 26


def test_its_buttons_say_what_a_tap_means() -> None:
    asked = stop_question(CATALOGUE, "en", "Acme", DOUBT)
    replies = [read_reply(payload) for payload, _ in asked.buttons]
    assert [(reply.verb, reply.purposes, reply.doubt) for reply in replies if reply] == [
        (ReplyVerb.STOP, (), None),
        (ReplyVerb.STOP, ("marketing",), None),
        (ReplyVerb.KEEP, ("marketing",), DOUBT),
    ]


@pytest.mark.parametrize(
    "payload",
    [
        "askfirst:keep:marketing",
        "askfirst:keep:marketing:",
        "askfirst:keep:marketing:0",
        "askfirst:keep:marketing:-1",
        "askfirst:keep:marketing:1x",
        "askfirst:keep:*:17",
    ],
)
def test_a_keep_that_names_no_question_is_nothing(payload: str) -> None:
    assert read_reply(payload) is None


def test_a_name_that_is_an_offer_asks_nothing() -> None:
    with pytest.raises(InvalidInput):
        stop_question(CATALOGUE, "en", "BUY NOW 50% OFF", DOUBT)
