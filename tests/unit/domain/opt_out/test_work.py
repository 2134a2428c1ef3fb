"""The work on a message is bounded, whatever it says: what is done is counted, not timed."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from askfirst.domain.opt_out import classifier, templates, word_index
from askfirst.domain.opt_out.classifier import LENGTH_READ_MAX
from askfirst.domain.opt_out.message import WORDS_READ_MAX
from askfirst.domain.opt_out.word_index import Word
from benchmarks.opt_out import HOSTILE, hostile_text
from tests.support.opt_out import OPT_OUT

TEMPLATES_MOST = 48
PLACES_MOST = WORDS_READ_MAX + 16  # the last sentence is read to its end


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    done: Counter[str] = Counter()
    read, look_up, like = (
        templates.read_sentence,
        word_index.WordIndex.word,
        word_index.WordIndex._words_like,
    )

    def sentence(view: Any, **how: Any) -> Any:
        done["templates"] += 1
        done["places"] += len(view)
        return read(view, **how)

    def word(index: word_index.WordIndex, text: str) -> Word:
        done["looked up"] += 1
        return look_up(index, text)

    def words_like(index: word_index.WordIndex, typed: str, length: int) -> Any:
        found = like(index, typed, length)
        done["compared"] += len(found)
        return found

    monkeypatch.setattr(classifier, "read_sentence", sentence)
    monkeypatch.setattr(word_index.WordIndex, "word", word)
    monkeypatch.setattr(word_index.WordIndex, "_words_like", words_like)
    return done


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_read_a_few_times(work: Counter[str], name: str) -> None:
    OPT_OUT.read_typed(hostile_text(name))
    assert work["templates"] <= TEMPLATES_MOST
    assert work["places"] <= PLACES_MOST
    assert work["looked up"] <= 2 * 512
    assert work["compared"] <= 1_000


def test_sentences_that_all_differ_are_read_up_to_a_bound(work: Counter[str]) -> None:
    said = (f"why q{number} gave a b c d e f g h i j k l m n" for number in range(99))
    OPT_OUT.read_typed(". ".join(said))
    assert 0 < work["places"] <= PLACES_MOST


def test_an_ordinary_message_is_read_in_one_language(work: Counter[str]) -> None:
    OPT_OUT.read_typed("Please stop sending me these messages.")
    assert work["templates"] == 1


def test_a_message_without_a_word_of_stopping_meets_no_template(work: Counter[str]) -> None:
    OPT_OUT.read_typed("Thank you for the order, my parcel has arrived today")
    assert work["templates"] == 0


def test_a_known_word_is_looked_up_once(work: Counter[str]) -> None:
    text = "Thank you for the order, my parcel has arrived today"
    OPT_OUT.read_typed(text)
    work.clear()
    OPT_OUT.read_typed(text)
    assert work["looked up"] == 0


@pytest.mark.parametrize(
    "before", ["qwrtz plmkj, ", "The parcel is late. ", "不要紧。", "a b c d "]
)
def test_a_stop_at_either_end_of_the_longest_message_is_heard(before: str) -> None:
    stop = "Please stop sending me messages."
    filler = (before * LENGTH_READ_MAX)[: LENGTH_READ_MAX - len(stop) - 3]
    assert OPT_OUT.read_typed(f"{filler} . {stop}").is_stop
    assert OPT_OUT.read_typed(f"{stop} {filler}").is_stop


def test_a_flood_of_odd_words_makes_nothing_forgotten_for_good(
    monkeypatch: pytest.MonkeyPatch, work: Counter[str]
) -> None:
    monkeypatch.setattr(word_index, "_WORDS_KEPT_MAX", 100)
    for number in range(50):
        OPT_OUT.read_typed(" ".join(f"zq{number}x{at}" for at in range(40)))
    OPT_OUT.read_typed("zqlast")
    work.clear()
    OPT_OUT.read_typed("zqlast")
    assert work["looked up"] == 0
