"""The messages that measure how a stop is understood: well formed, many, each in one half only."""

import json
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent
HALVES = ("tuning", "frozen")
LANGUAGES = sorted(path.stem for path in (ROOT / "tuning").glob("*.jsonl"))
# In each half: a locale that askfirst itself speaks, and any other language.
LEAST_OF_A_LOCALE, LEAST_OF_ANOTHER = 75, 20
LEAST_OF_ALL = 6_000
LOCALES = {path.parent.name for path in ROOT.parents[2].glob("src/askfirst/bootstrap/locale/*/*/")}

OUTCOMES = {"stop", "unsure", "none"}
SCOPES = {"everything", "marketing", "keep_orders", "topic"}
SUBJECTS = {"complaint", "erasure"}


def messages(half: str, language: str) -> list[dict[str, Any]]:
    lines = (ROOT / half / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def bare(text: str) -> str:
    """The text in lower case, without punctuation other than question marks."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(c if is_kept(c) else " " for c in folded).split())


def is_kept(char: str) -> bool:
    return char in "?؟;" or unicodedata.category(char)[0] in "LMNS"


def trigrams(text: str) -> frozenset[str]:
    padded = f"  {bare(text)} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Dice's coefficient: 1 for the same trigrams, 0 for none in common."""
    return 2 * len(one & other) / (len(one) + len(other))


def test_every_locale_has_messages_in_both_halves() -> None:
    assert set(LANGUAGES) >= LOCALES
    assert sorted(path.stem for path in (ROOT / "frozen").glob("*.jsonl")) == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_says_what_it_is_expected_to_be_read_as(language: str) -> None:
    for half in HALVES:
        for message in messages(half, language):
            told = f"{half}/{language}: {message}"
            assert message.keys() <= {"text", "expect", "scope", "about", "way"}, told
            assert message["text"].strip() == message["text"] != "", told
            assert message["way"], told
            assert message["expect"] in OUTCOMES, told
            if message["expect"] == "stop":
                assert message["scope"] in SCOPES, told
            else:
                assert "scope" not in message, told
            if "about" in message:
                assert message["expect"] == "unsure", told
                assert message["about"] in SUBJECTS, told


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_halves_have_enough_of_each_outcome(language: str) -> None:
    least = LEAST_OF_A_LOCALE if language in LOCALES else LEAST_OF_ANOTHER
    for half in HALVES:
        outcomes = Counter(message["expect"] for message in messages(half, language))
        total = outcomes.total()
        assert total >= least, f"{half}/{language}: {total} messages"
        assert outcomes["stop"] >= 0.3 * total, f"{half}/{language}: {outcomes}"
        assert outcomes["unsure"] >= 0.1 * total, f"{half}/{language}: {outcomes}"
        assert outcomes["none"] >= 0.25 * total, f"{half}/{language}: {outcomes}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_in_the_corpus_twice(language: str) -> None:
    seen = Counter(bare(message["text"]) for half in HALVES for message in messages(half, language))
    assert [text for text, times in seen.items() if times > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_that_is_tuned_on_has_a_near_double_among_the_frozen(language: str) -> None:
    tuned, frozen = (
        [(message["text"], trigrams(message["text"])) for message in messages(half, language)]
        for half in HALVES
    )
    # Short texts share most of their letters by chance: "stop" and "stops".
    doubles = [
        (one, other)
        for one, of_one in tuned
        for other, of_other in frozen
        if min(len(of_one), len(of_other)) > 12 and alike(of_one, of_other) > 0.85
    ]
    assert doubles == []


def test_the_corpus_is_large_and_a_third_of_it_are_look_alikes() -> None:
    outcomes = Counter(
        message["expect"]
        for half in HALVES
        for language in LANGUAGES
        for message in messages(half, language)
    )
    assert outcomes.total() >= LEAST_OF_ALL
    assert outcomes["none"] >= 0.32 * outcomes.total()
