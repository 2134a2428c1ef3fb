"""Writes docs/reference/opt-out-languages.md: how well stops are understood, by language.

    python -m scripts.opt_out_figures            write the page
    python -m scripts.opt_out_figures --check    the exit code is 1 where it is not up to date

Figures only: nobody who tunes the words may see what stands in the frozen corpus.
"""

import sys
from pathlib import Path

from askfirst.adapters.lexicon_files import built_in_opt_out
from benchmarks.opt_out import Score, read_corpus, score

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "tests" / "corpora" / "opt_out"
PAGE = ROOT / "docs" / "reference" / "opt-out-languages.md"

HEAD = """# How well a stop is understood

<!-- Made by scripts/opt_out_figures.py; change the words of a language, then run it. -->

Nobody has to know a keyword: a person may say in their own words, in any language, that messages
are to stop ([47 CFR 64.1200(a)(10)](https://www.ecfr.gov/current/title-47/section-64.1200): any
reasonable manner). What counts is the words of a message and what they are about: "stop" with
messages is a stop, with a parcel it is none. `askfirst opt-out explain "…"` tells what is
understood of a text, and why.

The figures are percentages of a corpus in which each way of saying something counts once, so they
measure rare ways as much as common ones. *Tuning* is what the words were improved on; *frozen*
nobody looked at. Small corpora: one message is up to three percent.

- **recall**: of the messages that ask for a stop, those that are one.
- **scope**: of those, the ones whose extent is right: everything, marketing, marketing but not
  orders, one topic.
- **false stops**: of the messages about something else, those that are read as a stop.
- **unsure**: of complaints, questions and half stops, those that are left to a person.

    python -m benchmarks opt_out --corpus tests/corpora/opt_out/frozen
    python -m scripts.opt_out_figures

"""


def main() -> int:
    """Write the page, or check it."""
    text = page()
    if "--check" in sys.argv[1:]:
        return int(PAGE.read_text(encoding="utf-8") != text)
    PAGE.write_text(text, encoding="utf-8")
    return 0


def page() -> str:
    """Make the page."""
    opt_out = built_in_opt_out()
    tuning, frozen = read_corpus(CORPUS / "tuning"), read_corpus(CORPUS / "frozen")
    lines = [
        "| language | messages | recall | scope | false stops | unsure | recall (tuning) |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    everything = [line for lines_of in frozen.values() for line in lines_of]
    tuned = [line for lines_of in tuning.values() for line in lines_of]
    lines.append(row("**all**", score(opt_out, everything), score(opt_out, tuned)))
    lines += [
        row(f"`{name}`", score(opt_out, frozen[name]), score(opt_out, tuning[name]))
        for name in frozen
    ]
    return HEAD + "\n".join(lines) + "\n"


def row(name: str, one: Score, tuned: Score) -> str:
    """Write the figures of one language."""
    figures = (one.recall, one.scope, one.false_stops, one.unsure, tuned.recall)
    return f"| {name} | {one.messages} | " + " | ".join(map(str, figures)) + " |"


if __name__ == "__main__":
    sys.exit(main())
