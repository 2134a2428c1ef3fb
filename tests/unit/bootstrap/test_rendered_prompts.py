"""Each question in each language, as people read it: with a short, a long and a foreign name."""

from __future__ import annotations

import re
from math import ceil

import pytest

from askfirst.bootstrap.catalogue_files import built_in_catalogue
from askfirst.domain.codes.code_words import answer_text, proof_text, sms_text
from askfirst.domain.prompts.interpolation import FilledPrompt, Filling, kinds_in_words
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.prompts.prompt_sizes import BUTTON_TITLE_MAX, CHAT_BODY_MAX
from askfirst.usecases.prompts.render_prompt import PromptRequest, render_prompt
from scripts.text_check import SEVEN_BITS
from tests.support.opt_out import read_typed_stop

CATALOGUE = built_in_catalogue()
NAMES = ("Lune", "Bäckerei und Konditorei Sonnenblume am Nordbahnhof, Hamburg", "مخبز القمر")
READ_AT_ONCE_MAX = 350
SPOKEN_OR_PRINTED = {Surface.PHONE: 700, Surface.PAPER: 700, Surface.LINK: 500}
PREFILLED_MAX = 300
EVERY_PURPOSE = ("authentication", "marketing", "utility")
SMS_PARTS_MAX = 2
_LEFT_OPEN = re.compile(r"[{}]|\bNone\b|  ")


def sms_parts(text: str) -> int:
    """Count what is paid for (3GPP TS 23.040, 9.2.3.24.1): parts of several are shorter."""
    one, several = (160, 153) if SEVEN_BITS.issuperset(text) else (70, 67)
    return 1 if len(text) <= one else ceil(len(text) / several)


def rendered(locale: str, name: str) -> list[FilledPrompt]:
    requests = (
        PromptRequest(key=key, locale=locale, filling=Filling(business=name))
        for key in CATALOGUE.prompts
    )
    return [render_prompt(CATALOGUE, request) for request in requests]


@pytest.mark.parametrize("name", NAMES, ids=["short", "long", "right-to-left"])
@pytest.mark.parametrize("locale", CATALOGUE.vocabularies)
def test_each_question_is_whole_and_fits_where_it_is_asked(locale: str, name: str) -> None:
    for prompt in rendered(locale, name):
        text, surface = prompt.version.text, prompt.version.surface
        assert _LEFT_OPEN.search(text.replace("_", "")) is None, prompt.version.key
        assert name in text
        assert len(text) <= SPOKEN_OR_PRINTED.get(surface, READ_AT_ONCE_MAX) <= CHAT_BODY_MAX
        assert max(len(prompt.yes), len(prompt.no)) <= BUTTON_TITLE_MAX


@pytest.mark.parametrize("name", NAMES, ids=["short", "long", "right-to-left"])
@pytest.mark.parametrize("locale", CATALOGUE.vocabularies)
def test_the_stop_word_that_a_question_names_is_understood(locale: str, name: str) -> None:
    word = CATALOGUE.vocabularies[locale].stop
    for prompt in rendered(locale, name):
        inserted = [piece.text for piece in prompt.text if piece.is_inserted]
        assert inserted.count(word) == 1, prompt.version.key
        assert read_typed_stop(word) is not None


@pytest.mark.parametrize("name", NAMES, ids=["short", "long", "right-to-left"])
@pytest.mark.parametrize("locale", CATALOGUE.vocabularies)
def test_each_message_is_whole_and_is_no_stop(locale: str, name: str) -> None:
    words = CATALOGUE.vocabularies[locale]
    kinds = kinds_in_words(words, EVERY_PURPOSE)
    sms = sms_text(words.sms_code, locale, name, "12345678")
    code, answer = (
        proof_text(words.proof_code, locale, name),
        answer_text(words.proof_answer, locale, name, kinds),
    )
    for text in (sms, code, answer):
        assert _LEFT_OPEN.search(text) is None
        assert name in text
        assert read_typed_stop(text) is None
    assert sms_parts(sms) <= SMS_PARTS_MAX
    assert max(len(code), len(answer)) <= PREFILLED_MAX


@pytest.mark.parametrize("locale", CATALOGUE.vocabularies)
def test_a_question_for_several_purposes_names_each(locale: str) -> None:
    words = CATALOGUE.vocabularies[locale]
    for key in ("signup", "login", "chat", "paper"):
        filling = Filling(business=NAMES[1], purposes=EVERY_PURPOSE)
        request = PromptRequest(key=key, locale=locale, filling=filling)
        text = render_prompt(CATALOGUE, request).version.text
        assert [words.kinds[one] for one in EVERY_PURPOSE if words.kinds[one] not in text] == []
        assert len(text) <= CHAT_BODY_MAX
