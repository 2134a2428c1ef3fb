import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.domain.opt_out.classifier import StopScope
from tests.support.opt_out import OPT_OUT, read_tapped_stop, read_typed_stop
from tests.unit.domain.opt_out.stop_corpus import OTHERS, STOPS

EVERYTHING, MARKETING = StopScope.EVERYTHING, StopScope.MARKETING
LANGUAGES = OPT_OUT.lexicon.languages

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
        "停止",
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
    assert sum(bool(one.stop) for one in LANGUAGES.values()) >= 30
    assert sum(map(len, STOPS.values())) >= 60
    assert sum(map(len, OTHERS.values())) >= 60


WORDS = sorted({word for one in LANGUAGES.values() for word in (*one.stop, *one.ending)})


@pytest.mark.parametrize("word", WORDS)
def test_every_listed_word_is_a_stop(word: str) -> None:
    assert read_typed_stop(word) is not None


@given(
    word=st.sampled_from(WORDS),
    before=st.text(" \t\n\u00a0\u3000", max_size=4),
    after=st.text(" \n.!?…。！*~🛑🙏\ufe0f\u200b\u202e", max_size=6),
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
    started = time.perf_counter()
    for _ in range(1_000):
        read_typed_stop(ORDINARY)
    # Ten times the aim of 10 µs, so that a busy machine does not fail the build.
    assert time.perf_counter() - started < 0.1


@pytest.mark.parametrize(
    "text", ["don't text", "stop calling", "Do not call me!", "STOP\ufe0f\u20e3", "S\u20e3TOP"]
)
def test_whole_messages_that_say_stop_in_other_words(text: str) -> None:
    assert read_typed_stop(text) is StopScope.EVERYTHING


@pytest.mark.parametrize("text", ["block", "Block you!", "shut up"])
def test_annoyance_lets_offers_rest_and_nothing_else(text: str) -> None:
    assert read_typed_stop(text) is StopScope.MARKETING


@pytest.mark.parametrize(
    "text", ["block 4, flat 2", "can you unblock my card", "shut up shop at 5?"]
)
def test_the_same_words_in_a_sentence_say_nothing(text: str) -> None:
    assert read_typed_stop(text) is None
