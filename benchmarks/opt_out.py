"""`python -m benchmarks opt_out`: how well stops are understood, and how long it takes.

A corpus is a folder with a file a language, `{language}.jsonl`; its lines are
`{"text", "expect": "stop" | "unsure" | "none", "scope", "about", "way"}`. Figures are told, never
texts: what was tuned on the frozen corpus would measure nothing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import Any, Final, NamedTuple

from askfirst.adapters.lexicon_files import built_in_opt_out
from askfirst.domain.opt_out.classifier import LENGTH_READ_MAX, OptOutClassifier
from askfirst.domain.opt_out.reading import OptOutReading
from benchmarks.progress import Progress

HOSTILE: Final = {
    "stop": "stop ",
    "turned round": "please do not stop sending me, unsubscribe ",
    "letters": "a b ",
    "unknown words": "qwrtzx plmkjn ",
    "another script": "إيقاف ",
    "chinese": "不要再给我发",
    "letters of eighteen": "\ufdfa",
    "accents": "a\u0301\u0302",
    "joiners": "s\u200bt",
    "phrases": "take me off leave me alone ",
    "no and spaces": "not want no stop. never send? ",
    "no spaces": "stopsendingmemessages",
    "one letter": "a",
    "combining marks": "s\u0301\u0327\u0302t\u0308o\u030ap ",
    "scripts by turns": "stop не 不要 إيقاف μην 그만 ",
    "letters within letters": "\u3316\u337f\ufb03",
    "numbers": "0123456789 ",
}
"""What is repeated up to the longest message, in the hope that it is read slowly."""

HOSTILE_MS_MAX: Final = 1.0
"""The most that any of them may take on an idle machine."""

_MILLION: Final = 1_000_000


class Line(NamedTuple):
    """A message of a corpus, and what it should be understood as."""

    text: str
    expect: str
    scope: str


class Score(NamedTuple):
    """Shares, in percent, and how many messages they are of."""

    messages: int
    recall: float
    scope: float
    false_stops: float
    unsure: float


def read_corpus(folder: Path) -> dict[str, list[Line]]:
    """Read a corpus, by language."""
    return {path.stem: list(_lines(path)) for path in sorted(folder.glob("*.jsonl"))}


def _lines(path: Path) -> Iterator[Line]:
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Line(row["text"], row["expect"], row.get("scope", ""))


def score(opt_out: OptOutClassifier, lines: Iterable[Line]) -> Score:
    """Compare what is understood with what should be."""
    read = [(line, opt_out.read_typed(line.text)) for line in lines]
    stops = [pair for pair in read if pair[0].expect == "stop"]
    found = [pair for pair in stops if pair[1].is_stop]
    unsure = [reading for line, reading in read if line.expect == "unsure"]
    others = [reading for line, reading in read if line.expect == "none"]
    return Score(
        len(read),
        _percent(len(found), len(stops)),
        _percent(sum(_has_scope(line, reading) for line, reading in found), len(found)),
        _percent(sum(reading.is_stop for reading in others), len(others)),
        _percent(sum(reading.certainty == "unsure" for reading in unsure), len(unsure)),
    )


def _has_scope(line: Line, reading: OptOutReading) -> bool:
    return reading.scope is not None and reading.scope.value == line.scope


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 100.0


def bench_opt_out(folder: Path | None, rounds: int, progress: Progress) -> dict[str, Any]:
    """Score a corpus, and time its messages and hostile ones. Microseconds of processor time."""
    opt_out = built_in_opt_out()
    corpus = read_corpus(folder) if folder else {}
    progress.step("reading")
    scores = {name: score(opt_out, lines) for name, lines in corpus.items()}
    everything = [line for lines in corpus.values() for line in lines]
    times = []
    for number in range(rounds):
        progress.step(f"round {number + 1}")
        times.append(_times(opt_out, [line.text for line in everything]))
    progress.step("hostile texts")
    hostile = _hostile(opt_out)
    return {
        "messages": len(everything),
        "all": score(opt_out, everything)._asdict(),
        "us_per_message": round(min(map(median, times)), 1) if everything else None,
        "ms_by_hostile_text": hostile,
        "load_ms": round(_load_ms(), 1),
        "by_language": {name: one._asdict() for name, one in scores.items()},
        "verified": max(hostile.values()) <= HOSTILE_MS_MAX,
    }


def _times(opt_out: OptOutClassifier, texts: Iterable[str]) -> list[float]:
    return [_seconds(opt_out, text) * _MILLION for text in texts] or [0.0]


def _seconds(opt_out: OptOutClassifier, text: str) -> float:
    began = time.thread_time()
    opt_out.read_typed(text)
    return time.thread_time() - began


def hostile_text(name: str) -> str:
    """Return a text of the greatest length."""
    return (HOSTILE[name] * LENGTH_READ_MAX)[:LENGTH_READ_MAX]


def _hostile(opt_out: OptOutClassifier) -> Mapping[str, float]:
    return {
        name: round(min(_seconds(opt_out, hostile_text(name)) for _ in range(9)) * 1_000, 2)
        for name in HOSTILE
    }


def _load_ms() -> float:
    """Return what it costs to read all files and put their words in one index."""
    built_in_opt_out.cache_clear()
    began = time.process_time()
    built_in_opt_out()
    return (time.process_time() - began) * 1_000
