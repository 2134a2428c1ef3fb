"""What askfirst itself tells people to send or tap is understood, in all its languages."""

from __future__ import annotations

import pytest

from askfirst.bootstrap.catalogue_files import built_in_catalogue
from askfirst.domain.opt_out.reading import StopScope
from askfirst.web.words import read_texts
from tests.support.opt_out import OPT_OUT

VOCABULARIES = built_in_catalogue().vocabularies

# The verbs of our own sentence "to stop at any time, reply …", and their nouns.
OWN_VERBS = {
    "ar": ("للإيقاف", "إيقاف"),
    "bn": ("বন্ধ", "বন্ধ করুন"),
    "de": ("abbestellen", "mit STOPP", "einfach STOPP"),
    "el": ("διακοπή", "απεγγραφή"),
    "en": ("stop", "to stop"),
    "es": ("darte de baja", "darme de baja", "dejar de recibir mensajes"),
    "fr": ("arrêter les messages", "me désabonner"),
    "he": ("הסרה", "הפסקה", "להפסיק", "להסרה"),
    "hi": ("बंद करने के लिए", "बंद करें"),
    "id": ("menghentikan", "berhenti"),
    "it": ("disiscriverti", "interrompere", "non ricevere più messaggi"),
    "ja": ("停止", "配信停止"),
    "ko": ("중단", "수신거부"),
    "ms": ("menghentikan", "berhenti"),
    "nl": ("stoppen", "met STOP"),
    "pl": ("wypisać się", "rezygnacja", "zrezygnować"),
    "pt_BR": ("parar as mensagens", "deixar de receber mensagens"),
    "pt_PT": ("parar as mensagens", "deixar de receber mensagens"),
    "ro": ("opri mesajele", "dezabona"),
    "ru": ("отписаться", "отказ"),
    "th": ("หยุด", "หยุดรับข้อความ"),
    "tr": ("durdurmak", "durdurmak için"),
    "uk": ("відписатися", "відмова"),
    "vi": ("dừng", "tắt"),
    "zh_CN": ("停止接收", "停止所有消息", "退订"),
    "zh_TW": ("停止接收", "退訂"),
}


@pytest.mark.parametrize("locale", VOCABULARIES)
def test_the_word_that_people_are_told_to_send_stops_everything(locale: str) -> None:
    word = VOCABULARIES[locale].stop
    for text in (word, word.lower(), f"“{word}”", f"{word}.", f"{word} {word}"):
        assert OPT_OUT.read_typed(text).scope is StopScope.EVERYTHING
        assert OPT_OUT.read_tapped("", text).scope is StopScope.EVERYTHING
        assert OPT_OUT.read_tapped(text, "OK").scope is StopScope.EVERYTHING


@pytest.mark.parametrize("locale", VOCABULARIES)
def test_the_label_of_our_own_button_stops_everything(locale: str) -> None:
    label = read_texts(locale)["me.stop"]
    assert OPT_OUT.read_typed(label).scope is StopScope.EVERYTHING
    assert OPT_OUT.read_tapped("", label).scope is StopScope.EVERYTHING


@pytest.mark.parametrize(
    ("locale", "text"), [(locale, text) for locale, texts in OWN_VERBS.items() for text in texts]
)
def test_the_verb_of_our_own_instruction_stops_everything(locale: str, text: str) -> None:
    assert locale in VOCABULARIES
    assert OPT_OUT.read_typed(text).scope is StopScope.EVERYTHING


def test_the_verbs_of_all_languages_are_here() -> None:
    assert OWN_VERBS.keys() == VOCABULARIES.keys()
