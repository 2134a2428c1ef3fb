import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.adapters.lexicon_files import read_built_in
from askfirst.domain.opt_out.lexicon import LanguageWords
from askfirst.domain.opt_out.reading import About, Certainty, StopRule, StopScope
from tests.support.opt_out import OPT_OUT, read_tapped_stop, read_typed_stop
from tests.unit.domain.opt_out.stop_corpus import OTHERS, STOPS

EVERYTHING, MARKETING = StopScope.EVERYTHING, StopScope.MARKETING
LANGUAGES = read_built_in().languages

TAPPED = (
    *(
        ("STOP_PROMOTIONS", "Ok", MARKETING),
        ("STOP_ALL", "Ok", EVERYTHING),
        ("OPT_OUT", "", EVERYTHING),
    ),
    *(
        ("OPTOUT:marketing", "x", MARKETING),
        ("optOut", "x", EVERYTHING),
        ("", "Stop promotions", MARKETING),
    ),
    *(("btn-17", "Unsubscribe", EVERYTHING), ("", "Unsubscribe from Promos", MARKETING)),
    *(
        ("", "🛑 Stop", EVERYTHING),
        ("", "Detener promociones", MARKETING),
        ("", "Me désabonner", EVERYTHING),
    ),
    *(
        ("", "Parar promoções", MARKETING),
        ("", "退订", EVERYTHING),
        ("", "Yes, unsubscribe", EVERYTHING),
    ),
    *(
        ('{"action":"optout"}', "Fine", EVERYTHING),
        ("StopPromotions", "", MARKETING),
        ("stop", "", EVERYTHING),
    ),
)
NAVIGATION = (
    *(
        "Cancel",
        "End",
        "Quit",
        "Start",
        "No",
        "Not interested",
        "Yes",
        "Cancel order",
        "Stop 12",
        "Bus stop",
    ),
    *(
        "Keep me subscribed",
        "Don't stop",
        "UNSUBSCRIBE_NO",
        "UNSUBSCRIBE_CANCEL",
        "STOP_WATER_TIMER",
        "Salir",
    ),
    *(
        "menu:stop:12",
        "Cancelar",
        "Ende",
        "Fin",
        "ביטול",
        "取消",
        "...",
        "",
        "🛑",
        "Stop by our shop",
    ),
)
ORDINARY = "hello, when do you open?"


def research() -> dict[str, Any]:
    """Take the collected vectors where the notes lie beside the repository."""
    path = Path(__file__).parents[5] / "shared" / "data" / "keywords.json"
    if not path.exists():
        return {}
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["vectors"]
    return found


VECTORS = research()


@pytest.mark.parametrize("text", [text for texts in STOPS.values() for text in texts])
def test_a_person_who_wants_it_to_stop_is_understood(text: str) -> None:
    wanted = MARKETING if text in STOPS["marketing"] else EVERYTHING
    assert read_typed_stop(text) is wanted


@pytest.mark.parametrize("text", [text for texts in OTHERS.values() for text in texts])
def test_a_person_who_talks_of_something_else_stays(text: str) -> None:
    assert read_typed_stop(text) is None


@pytest.mark.parametrize(("payload", "label", "scope"), TAPPED)
def test_a_tapped_stop_is_understood(payload: str, label: str, scope: StopScope) -> None:
    assert read_tapped_stop(payload, label) is scope


@pytest.mark.parametrize("text", NAVIGATION)
def test_a_tapped_step_of_a_menu_is_no_stop(text: str) -> None:
    assert read_tapped_stop(text, "") is None
    assert read_tapped_stop("", text) is None


@pytest.mark.parametrize("text", ["STOP", *VECTORS.get("typed_optout_true", ())])
def test_collected_typed_stops(text: str) -> None:
    assert read_typed_stop(text) is not None


@pytest.mark.parametrize("text", ["hello", *VECTORS.get("typed_optout_false", ())])
def test_collected_typed_others(text: str) -> None:
    assert read_typed_stop(text) is None


@pytest.mark.parametrize("text", ["Stop", *VECTORS.get("tapped_optout_true", ())])
def test_collected_tapped_stops(text: str) -> None:
    assert read_tapped_stop("", text) is not None
    assert read_tapped_stop(text, "") is not None


@pytest.mark.parametrize("text", ["Cancel", *VECTORS.get("tapped_optout_false", ())])
def test_collected_tapped_others(text: str) -> None:
    assert read_tapped_stop("", text) is None
    assert read_tapped_stop(text, "") is None


@pytest.mark.parametrize("text", ["START", *VECTORS.get("typed_optin_true", ())])
def test_a_start_is_no_stop(text: str) -> None:
    assert read_typed_stop(text) is None


@pytest.mark.parametrize("text", ["STOP\xa0", *VECTORS.get("undecided_normalisation_ours", ())])
def test_disguises_are_seen_through(text: str) -> None:
    assert read_typed_stop(text) is EVERYTHING


def test_thirty_languages_are_spoken() -> None:
    assert sum(bool(one.words("stop", "opt_out")) for one in LANGUAGES.values()) >= 30
    assert sum(map(len, STOPS.values())) >= 60
    assert sum(map(len, OTHERS.values())) >= 60


def _says_only_that(one: LanguageWords, word: str) -> bool:
    return not any(word in words for slot, words in one.slots.items() if slot != "opt_out")


WORDS = sorted(
    {
        word.removeprefix("=")
        for one in LANGUAGES.values()
        for word in one.slots.get("opt_out", ())
        if not word.endswith("*") and _says_only_that(one, word)
    }
)


@pytest.mark.parametrize("word", WORDS)
def test_every_listed_word_is_a_stop(word: str) -> None:
    assert read_typed_stop(word) is not None


@given(
    word=st.sampled_from(WORDS),
    before=st.text(" \t\n\u00a0\u3000", max_size=4),
    after=st.text(" \n.!…。！*~🛑🙏\ufe0f\u200b\u202e", max_size=6),
)
def test_space_and_punctuation_around_a_word_change_nothing(
    word: str, before: str, after: str
) -> None:
    assert read_typed_stop(before + word + after) is read_typed_stop(word)


@given(word=st.sampled_from(WORDS), data=st.data())
def test_invisible_letters_inside_a_word_change_nothing(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word)))
    invisible = data.draw(st.sampled_from("\u200b\u200c\u200d\u2060\ufeff\u00ad\u202e\u2066\ufe0f"))
    assert read_typed_stop(word[:at] + invisible + word[at:]) is read_typed_stop(word)


@given(word=st.sampled_from([word for word in WORDS if word.isascii()]), data=st.data())
def test_case_changes_nothing(word: str, data: st.DataObject) -> None:
    flips = data.draw(st.lists(st.booleans(), min_size=len(word), max_size=len(word)))
    mixed = "".join(char.upper() if flip else char for char, flip in zip(word, flips, strict=True))
    assert read_typed_stop(mixed) is read_typed_stop(word)


@pytest.mark.parametrize("text", ["take '", "no ' no", "'", "stop '' me"])
def test_an_apostrophe_by_itself_is_no_word(text: str) -> None:
    assert read_typed_stop(text) in {None, EVERYTHING}
    assert read_tapped_stop("", text) in {None, EVERYTHING}


@given(st.text(max_size=200), st.text(max_size=40))
def test_no_text_is_too_strange_to_read(text: str, label: str) -> None:
    assert read_typed_stop(text) in {None, EVERYTHING, MARKETING}
    assert read_tapped_stop(text, label) in {None, EVERYTHING, MARKETING}


LONG = {
    "spaces": " " * 1_000_000 + "x",
    "letters": "s " * 500_000,
    "stops": "stop " * 200_000,
    "negations": "do not want to " * 66_000,
    "wants": "i dont want to receive any more of the your these " * 20_000,
    "marks": "e" + "\u0301" * 1_000_000,
    "ligatures": "\ufdfa" * 1_000_000,
    "chinese": "不要再给我发" * 166_000,
    "russian": "не пишите мне " * 71_000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_a_hostile_megabyte_is_read_quickly(text: str) -> None:
    started = time.perf_counter()
    read_typed_stop(text)
    read_tapped_stop(text, text)
    assert time.perf_counter() - started < 1


def test_a_no_in_front_of_a_long_message_is_heard() -> None:
    assert read_typed_stop("Please stop messaging me. " + "And another thing. " * 500) is EVERYTHING


def test_an_ending_word_in_a_long_message_is_not() -> None:
    assert read_typed_stop("cancel" + " blah" * 300) is None
    assert read_typed_stop("a" * 995 + " . stop by my house tomorrow") is None


def test_an_ordinary_message_costs_little() -> None:
    read_typed_stop(ORDINARY)
    started = time.thread_time()
    for _ in range(1_000):
        read_typed_stop(ORDINARY)
    # Five times the aim of 20 µs, so that a busy machine does not fail the build.
    assert time.thread_time() - started < 0.1


@pytest.mark.parametrize(
    "text", ["don't text", "stop calling", "Do not call me!", "STOP\ufe0f\u20e3", "S\u20e3TOP"]
)
def test_whole_messages_that_say_stop_in_other_words(text: str) -> None:
    assert read_typed_stop(text) is StopScope.EVERYTHING


@pytest.mark.parametrize(
    "text", ["block you", "Blocked!", "shut up", "This is spam", "I will report you"]
)
def test_a_complaint_is_left_to_a_person(text: str) -> None:
    reading = OPT_OUT.read_typed(text)
    assert (reading.certainty, reading.about) == (Certainty.UNSURE, About.COMPLAINT)
    assert reading.purposes is None


@pytest.mark.parametrize(
    "text",
    ["block 4, flat 2", "can you unblock my card", "shut up shop at 5?", "who gave the order?"],
)
def test_the_same_words_in_a_sentence_say_nothing(text: str) -> None:
    assert OPT_OUT.read_typed(text).certainty is Certainty.NONE


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("who gave you my number", None),
        ("way too many messages", About.COMPLAINT),
        ("why do you write to me", None),
        ("delete my data", About.ERASURE),
        ("maybe I should unsubscribe", None),
        ("löscht meine Daten", About.ERASURE),
        ("çok fazla mesaj", About.COMPLAINT),
        ("¿de dónde sacaron mi número?", None),
    ],
)
def test_half_a_stop_is_unsure(text: str, about: About | None) -> None:
    reading = OPT_OUT.read_typed(text)
    assert (reading.certainty, reading.about) == (Certainty.UNSURE, about)


@pytest.mark.parametrize(
    "text",
    [
        "Stop all marketing but keep my order updates",
        "Only message me about my order",
        "keine Werbung, nur noch Nachrichten zu meiner Bestellung",
        "solo mensajes de mi pedido, nada de publicidad",
        "kargo hariç hepsini durdurun",
    ],
)
def test_orders_may_go_on(text: str) -> None:
    reading = OPT_OUT.read_typed(text)
    assert reading.scope is StopScope.KEEP_ORDERS
    assert reading.purposes == ("marketing",)


def test_a_topic_is_known_by_the_words_of_the_business() -> None:
    topics = {"marketing.recipes": ("recipes", "menu")}
    reading = OPT_OUT.read_typed("please stop sending me recipes", topics=topics)
    assert (reading.scope, reading.topic) == (StopScope.TOPIC, "marketing.recipes")
    assert reading.purposes == ("marketing.recipes",)
    unknown = OPT_OUT.read_typed("stop sending me messages about yoga")
    assert (unknown.scope, unknown.purposes) == (StopScope.TOPIC, ("marketing",))


def test_the_stop_of_somebody_else_is_none() -> None:
    assert not OPT_OUT.read_typed("Stop Lumora messages please").is_stop
    assert not OPT_OUT.read_typed("unsubscribe me from Netflix").is_stop
    assert OPT_OUT.read_typed("Stop Lumora messages please", business="Lumora Ltd").is_stop


@pytest.mark.parametrize(
    "text",
    [
        *("stop the taxi", "stop my alarm", "stop the delivery", "please stop the bill"),
        *("bitte den Wecker stoppen", "arrêtez le taxi", "paren el pedido", "siparişi durdurun"),
    ],
)
def test_the_object_decides(text: str) -> None:
    assert not OPT_OUT.read_typed(text).is_stop


@pytest.mark.parametrize(
    "text",
    [
        *("don't stop", "please do not stop sending me offers", "I don't want to unsubscribe"),
        *("hört nicht auf mir zu schreiben", "ich will mich nicht abmelden"),
        *("no dejen de mandarme mensajes", "no quiero darme de baja"),
        *("je ne veux pas me désabonner", "n'arrêtez pas de m'envoyer des messages"),
        *("non smettete di scrivermi", "não parem de me mandar mensagens"),
        *("mesajları durdurmayın", "abonelikten çıkmak istemiyorum", "ik wil me niet afmelden"),
    ],
)
def test_what_is_turned_round_is_no_stop(text: str) -> None:
    assert not OPT_OUT.read_typed(text).is_stop


def test_two_turns_make_a_stop_again() -> None:
    assert OPT_OUT.read_typed("why don't you stop texting me").is_stop
    assert OPT_OUT.read_typed("if you don't stop I will report you").is_stop


@pytest.mark.parametrize(
    "text",
    [
        *("stoooooop", "СТОООП", "unsubscrieb me", "desuscribirme", "abbesteleln bitte"),
        *("thanks for everything, now please stop texting me", "please i dont want this STOP"),
    ],
)
def test_words_are_known_however_they_are_typed(text: str) -> None:
    assert OPT_OUT.read_typed(text).is_stop


def test_a_stop_after_the_thousandth_character_is_heard() -> None:
    told = "We had a lovely time at the lake and the weather was kind. " * 40
    assert len(told) > 2_000
    assert OPT_OUT.read_typed(f"{told}Please stop sending me messages.").is_stop


def test_what_matched_is_told() -> None:
    reading = OPT_OUT.read_typed("Please delete my number from your list")
    assert reading.rule is StopRule.REMOVE_ME
    assert [one.word for one in reading.matched] == ["delete", "number"]
    assert reading.matched[0].slots[0] == "remove"
    assert "en" in reading.languages
