"""Writes the figures of docs/guide/campaign-simulation.md, and its picture.

    python -m scripts.campaign_figures                writes everything: minutes
    python -m scripts.campaign_figures quick          writes the list of what is assumed, and the
                                                      small run that the page shows: seconds

What stands between the marks is written; the words around it are not.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from askfirst.bootstrap.commands import experiment_commands as commands
from askfirst.bootstrap.experiment.study import SENSITIVITY_PEOPLE_MAX, Study

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGE = DOCS / "guide" / "campaign-simulation.md"
PICTURE = DOCS / "pictures" / "campaign-simulation.svg"
MATTERING = 16
"""How many rows the page shows of those that change an assumption."""


def main(arguments: list[str]) -> int:
    """Write what is asked for."""
    if arguments not in ([], ["quick"]):
        print("usage: python -m scripts.campaign_figures [quick]", file=sys.stderr)
        return 2
    put("assumptions", assumptions_table())
    put("small run", small_run())
    if not arguments:
        write_figures()
    return 0


def write_figures() -> None:
    """Run the study of the page, and write what came of it."""
    study = Study()
    lives = commands.simulate(study, progress)
    put("figures", table(commands.COLUMNS, commands.rows(lives)))
    PICTURE.write_text(commands.picture(study, lives), encoding="utf-8")
    variants = commands.find_sensitivity(study, progress)
    found = commands.sensitivity_rows(variants, MATTERING)
    head = f"{SENSITIVITY_PEOPLE_MAX:,} people; each figure: directly / block list / askfirst."
    put("sensitivity", head + "\n\n" + table(commands.SENSITIVITY_COLUMNS, found))


def small_run() -> str:
    """Return the command that the page shows, with what it prints where it is piped on."""
    lives = commands.simulate(Study(people=300, days=30, seed=7), lambda _done, _total: None)
    printed = "\n".join("\t".join(row) for row in commands.rows(lives)).expandtabs(48)
    command = "askfirst simulate --people 300 --days 30 --seed 7 2>simulate.log"
    return f"```sh\n{command}\n```\n\n```text\n{printed}\n```"


def assumptions_table() -> str:
    """Return the list of what is assumed."""
    columns = ("name", "value", "tried", "what it is", "source")
    return table(columns, commands.assumption_rows())


def table(columns: Iterable[str], rows: Iterable[commands.Row]) -> str:
    """Write a table for Markdown."""
    head = list(columns)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def put(name: str, text: str) -> None:
    """Put a text between the marks of this name."""
    begin, end = f"<!-- {name}: scripts/campaign_figures.py -->", f"<!-- end of {name} -->"
    page = PAGE.read_text(encoding="utf-8")
    if begin not in page or end not in page:
        message = f"no place for it: the page needs {begin} and {end}"
        raise ValueError(message)
    before, rest = page.split(begin, 1)
    after = rest.split(end, 1)[1]
    PAGE.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")


def progress(done: int, total: int) -> None:
    """Say how far it is."""
    print(f"\r{done} of {total}", end="" if done < total else "\n", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
