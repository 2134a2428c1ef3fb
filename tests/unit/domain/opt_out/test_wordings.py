"""Wordings that templates have to tell apart: clauses, topics, halves, signs, and other matters."""

from __future__ import annotations

import pytest

from askfirst.domain.opt_out.classifier import OptOutClassifier
from askfirst.domain.opt_out.compiled_words import compile_words
from askfirst.domain.opt_out.lexicon import LanguageWords, Lexicon
from askfirst.domain.opt_out.reading import Certainty, StopScope
from tests.support.opt_out import OPT_OUT


@pytest.mark.parametrize(
    "text",
    [
        "nie chcę, żebyście do mnie pisali",
        "ich will nicht, dass ihr mir schreibt",
        "не хочу, чтобы вы мне писали",
        "nem akarom, hogy írjanak",
    ],
)
def test_a_comma_before_that_does_not_end_the_thought(text: str) -> None:
    assert OPT_OUT.read_typed(text).scope is StopScope.EVERYTHING


@pytest.mark.parametrize(
    "text",
    [
        "nie chcę, żebyście przestali pisać",
        "ich will nicht, dass ihr aufhört",
        "не хочу, чтобы вы перестали писать",
    ],
)
def test_not_wanting_that_it_stops_is_no_stop(text: str) -> None:
    assert not OPT_OUT.read_typed(text).is_stop


@pytest.mark.parametrize("text", ["ไม่ต้องส่งมาแล้ว ขอบคุณ", "พอแล้ว หยุดส่งข้อความ"])
def test_a_space_ends_a_clause_in_thai(text: str) -> None:
    assert OPT_OUT.read_typed(text).is_stop


@pytest.mark.parametrize("text", ["Có giao hàng không?", "còn gửi tin không", "tắt được không"])
def test_a_particle_that_asks_is_no_not(text: str) -> None:
    assert "not" not in {slot for one in OPT_OUT.read_typed(text).matched for slot in one.slots}


@pytest.mark.parametrize(
    "text",
    [
        "delivery yes, ads no",
        "Pub non, livraison oui",
        "publicidad no, envíos sí",
        "livrare da, reclame nu",
    ],
)
def test_a_yes_to_orders_beside_a_no_to_adverts_keeps_orders(text: str) -> None:
    assert OPT_OUT.read_typed(text).scope is StopScope.KEEP_ORDERS


@pytest.mark.parametrize("text", ["não preciso mais", "I don't want any more", "ya no necesito"])
def test_no_more_without_an_object_is_left_to_a_person(text: str) -> None:
    assert OPT_OUT.read_typed(text).certainty is Certainty.UNSURE


@pytest.mark.parametrize(
    "text",
    [
        "rezygnuję z wiadomości o sporcie",
        "no more recipes please",
        "योगा क्लास वाले मैसेज बंद करो",
        "レシピの配信を止めてください",
        "축구 소식은 그만 보내세요",
        "хватит про машины",
    ],
)
def test_a_topic_is_heard_before_and_after_its_particle(text: str) -> None:
    assert OPT_OUT.read_typed(text).scope is StopScope.TOPIC


@pytest.mark.parametrize("text", ["🛑", "🚫", "🖕", "😡🔕", "😡 yine mi"])
def test_signs_alone_are_left_to_a_person(text: str) -> None:
    assert OPT_OUT.read_typed(text).certainty is Certainty.UNSURE


@pytest.mark.parametrize("text", ["🍕", "😡 my parcel", "👍"])
def test_signs_of_other_matters_say_nothing(text: str) -> None:
    assert OPT_OUT.read_typed(text).certainty is Certainty.NONE


@pytest.mark.parametrize(
    "text",
    [
        "How do I unsubscribe?",
        "Can this be turned off?",
        "можно ли это выключить?",
        "có tắt được không",
    ],
)
def test_asking_how_to_stop_our_messages_is_a_stop(text: str) -> None:
    assert OPT_OUT.read_typed(text).is_stop


@pytest.mark.parametrize(
    "text",
    [
        "turn these messages off please",
        "Ich bestelle die Nachrichten hiermit ab",
        "schrijf me uit",
        "meldet mich bitte ab",
    ],
)
def test_a_verb_in_two_parts_is_understood(text: str) -> None:
    assert OPT_OUT.read_typed(text).is_stop


@pytest.mark.parametrize(
    "text",
    [
        *("Stop, I need to change my order", "remove the item from my list", "not now"),
        *("delete the second order", "enough, thanks, that's all", "turn off the lights please"),
        *("schrijf me niet uit", "Ne me désabonnez pas", "Ne m'appelez pas, écrivez-moi"),
        *("Ich will mich anmelden", "hari ini tidak perlu apa apa"),
    ],
)
def test_other_matters_are_no_stop(text: str) -> None:
    assert not OPT_OUT.read_typed(text).is_stop


@pytest.mark.parametrize(
    "text",
    [
        *("don't send it today, nobody is home", "no lo envíen hoy", "bugün göndermeyin"),
        *("heute nicht schicken", "не отправляйте сегодня", "今日は送らないでください"),
    ],
)
def test_not_today_is_about_a_parcel(text: str) -> None:
    assert OPT_OUT.read_typed(text).certainty is Certainty.NONE


def test_not_to_call_me_today_is_left_to_a_person() -> None:
    assert OPT_OUT.read_typed("don't call me today").certainty is Certainty.UNSURE
    assert OPT_OUT.read_typed("don't call me any more, today or ever").is_stop


@pytest.mark.parametrize(
    "text",
    [
        *("did you not send to Ireland?", "vous n'envoyez plus en Belgique ?"),
        *("nie wysyłacie już na Litwę?", "sturen jullie niet meer naar België?"),
    ],
)
def test_asking_what_a_shop_no_longer_sends_is_no_stop(text: str) -> None:
    assert not OPT_OUT.read_typed(text).is_stop


@pytest.mark.parametrize(
    "text",
    [
        *("our neighbour doesn't write to me any more", "соседка мне больше не пишет"),
        *("sąsiadka już do mnie nie pisze", "meine Nachbarin schreibt mir nicht mehr"),
        *("don't call, ring the bell", "rufen Sie nicht an, bitte klingeln"),
        *("delete my old number", "eski numaramı silin, teslimat için bunu yazın"),
        *("non ricevo più messaggi dopo l'aggiornamento", "não recebo mais mensagens desde ontem"),
    ],
)
def test_a_report_is_no_wish(text: str) -> None:
    assert not OPT_OUT.read_typed(text).is_stop


@pytest.mark.parametrize(
    "text", ["stop it, that's so kind of you", "стоп, это не тот размер чехла"]
)
def test_a_stop_before_another_matter_is_left_to_a_person(text: str) -> None:
    assert not OPT_OUT.read_typed(text).is_stop


@pytest.mark.parametrize(
    "text", ["stop, thanks", "please stop, I am bothered", "STOP, no more ads"]
)
def test_a_stop_with_a_reason_is_one(text: str) -> None:
    assert OPT_OUT.read_typed(text).is_stop


def test_what_a_mixture_says_of_a_word_itself_counts_there() -> None:
    english = LanguageWords(slots={"thing": ("menu",), "message": ("messages",)})
    mixed = LanguageWords(slots={"me": ("menu",), "not_send": ("na karo",)}, mixes=("en",))
    words = compile_words(
        Lexicon(languages={"en": english, "mixed": mixed}, shared=LanguageWords())
    )
    assert OptOutClassifier(words).read_typed("na karo menu messages").is_stop


def test_a_slip_is_not_mended_into_its_contrary() -> None:
    words = LanguageWords(slots={"not_send": ("gondermin",), "send": ("gonderlin",)})
    opt_out = OptOutClassifier(
        compile_words(Lexicon(languages={"xx": words}, shared=LanguageWords()))
    )
    assert opt_out.read_typed("gondermin").is_stop
    assert not opt_out.read_typed("gonderzin").is_stop
