"""The simulation on the command line: read a plan, run it, and say what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from askfirst.bootstrap.experiment.study import (
    AS_ASSUMED,
    Lives,
    Progress,
    SendingWay,
    Study,
    Variant,
    run,
    sheet,
    vary,
)
from askfirst.domain.values.errors import InvalidInput
from askfirst.simulator.experiment.assumptions import about
from askfirst.simulator.experiment.figures import Life
from askfirst.simulator.experiment.meta import Quality
from askfirst.simulator.experiment.picture import Shown, draw
from askfirst.simulator.experiment.plan import parse_plan

NAMES: Final = {
    SendingWay.DIRECT: "sent directly",
    SendingWay.BLOCK_LIST: "with a block list",
    SendingWay.ASKFIRST: "through askfirst",
}
COLUMNS: Final = ("for each 1,000 customers", *NAMES.values())
SENSITIVITY_COLUMNS: Final = (
    *("what is changed", "to", "blocked", "want offers, reachable", "useful messages"),
    "askfirst is ahead",
)
_PLAN_BYTES_MAX: Final = 1_000_000

Row = Sequence[str]


def open_study(people: int, days: int, seed: int, plan: Path | None) -> Study:
    """Return what is to be run; a file that cannot be read raises InvalidInput."""
    if plan is None:
        return Study(people=people, days=days, seed=seed)
    try:
        text = plan.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput("plan", f"cannot be read: {plan}") from error
    if len(text) > _PLAN_BYTES_MAX:
        raise InvalidInput("plan", f"must be smaller than {_PLAN_BYTES_MAX:,} letters")
    return Study(people=people, days=days, seed=seed, plan=parse_plan(text))


def simulate(study: Study, progress: Progress) -> Lives:
    """Let people live through the plan with each way of sending."""
    return run(study, progress)


def find_sensitivity(study: Study, progress: Progress) -> list[Variant]:
    """Let fewer people live through it, again and again, with one thing changed."""
    return list(vary(study, progress))


def write_picture(study: Study, lives: Lives, place: Path) -> None:
    """Write the picture; where that fails, InvalidInput names the option."""
    try:
        place.write_text(picture(study, lives), "utf-8")
    except OSError as error:
        raise InvalidInput("picture", f"cannot be written: {place}") from error


def picture(study: Study, lives: Lives) -> str:
    """Return the picture, as an SVG."""
    title = f"A model: the same {study.days} days of campaigns, sent in three ways"
    return draw([Shown(NAMES[way], lives[way]) for way in NAMES], study.assumptions, title)


def report(study: Study, lives: Lives, variants: Iterable[Variant]) -> Mapping[str, Any]:
    """Return everything, for machines."""
    told = {**sheet(study, lives), "assumptions": {one.name: one.value for one in about()}}
    found = [
        {
            "changed": one.name,
            "to": one.value,
            "ways": {way.value: life.sheet() for way, life in one.lives.items()},
        }
        for one in variants
    ]
    return told | {"sensitivity": found} if found else told


# --- the table ------------------------------------------------------------------------------------


def rows(lives: Lives) -> list[Row]:
    """Return the table of what came of it; counts are for 1,000 customers."""
    return [(head, *(of(lives[way]) for way in NAMES)) for head, of in _ROWS]


def _count(of: Callable[[Life], float]) -> Callable[[Life], str]:
    return lambda life: f"{life.per_1000(of(life)):,.0f}"


def _qualities(life: Life) -> str:
    shown = (Quality.GREEN, Quality.YELLOW, Quality.RED)
    return " / ".join(str(life.days_of(one)) for one in shown)


def _steps(life: Life) -> str:
    return life.steps[-1][1].value if life.steps else "none"


_ROWS: Final[tuple[tuple[str, Callable[[Life], str]], ...]] = (
    ("offers planned", _count(lambda life: life.tally.offers_planned)),
    ("offers not let through", _count(lambda life: life.tally.offers_held_back)),
    ("offers delivered", _count(lambda life: life.tally.offers_delivered)),
    ("… to people who had said no", _count(lambda life: life.tally.offers_against_no)),
    ("people who blocked the business", _count(lambda life: life.tally.blocked)),
    ("people who said stop", _count(lambda life: life.tally.stopped)),
    ("… and were not understood", _count(lambda life: life.tally.stops_not_understood)),
    ("people stopped who had not asked for it", _count(lambda life: life.tally.false_stops)),
    ("days of quality green / yellow / red", _qualities),
    ("Meta's last step against the account", _steps),
    ("days on which Meta held messages", lambda life: str(life.days_held)),
    ("reachable with offers at the start", _count(lambda life: life.reach_at_start.all)),
    ("reachable with offers at the end", _count(lambda life: life.reach.all)),
    ("… who want offers", _count(lambda life: life.reach.agreed)),
    ("reachable with order news at the end", _count(lambda life: life.reach_orders)),
    ("useful messages in all", _count(lambda life: life.tally.useful)),
    ("useful messages in the last 30 days", _count(lambda life: life.useful_at_end)),
)


# --- sensitivity ----------------------------------------------------------------------------------


def sensitivity_rows(variants: Sequence[Variant], most: int = 0) -> list[Row]:
    """Return a row for each variant, or for what is not assumed and the `most` that matter most.

    What matters is how far askfirst is ahead of the block list then, in useful messages.
    """
    first = [one for one in variants if one.value is None]
    others = [one for one in variants if one.value is not None]
    usual = _lead(first[0]) if first else 0.0
    others.sort(key=lambda one: -abs(_lead(one) - usual))
    return [_sensitivity_row(one) for one in (*first, *(others[:most] if most else others))]


def _sensitivity_row(one: Variant) -> Row:
    to = "" if one.value is None else f"{one.value:g}"
    return (
        one.name if one.name != AS_ASSUMED else "nothing",
        to,
        _three(one, lambda life: life.tally.blocked),
        _three(one, lambda life: life.reach.agreed),
        _three(one, lambda life: life.useful_at_end),
        _ahead(one),
    )


def _three(one: Variant, of: Callable[[Life], float]) -> str:
    return " / ".join(_count(of)(one.lives[way]) for way in NAMES)


def _lead(one: Variant) -> float:
    mine, other = one.lives[SendingWay.ASKFIRST], one.lives[SendingWay.BLOCK_LIST]
    return mine.per_1000(mine.useful_at_end) - other.per_1000(other.useful_at_end)


def _ahead(one: Variant) -> str:
    """Say whether askfirst is better than both others, in each of the three figures."""
    mine = one.lives[SendingWay.ASKFIRST]
    others = (one.lives[SendingWay.DIRECT], one.lives[SendingWay.BLOCK_LIST])
    wins = {
        "blocks": all(mine.tally.blocked < other.tally.blocked for other in others),
        "audience": all(mine.reach.agreed > other.reach.agreed for other in others),
        "useful messages": all(mine.useful_at_end > other.useful_at_end for other in others),
    }
    lost = [name for name, is_won in wins.items() if not is_won]
    return "yes" if not lost else "not in " + ", ".join(lost)


def assumption_rows() -> Iterator[Row]:
    """Yield what is assumed, with where it is from and the bounds that are tried."""
    for one in about():
        bounds = f"{one.low:g} to {one.high:g}"
        yield f"`{one.name}`", f"{one.value:g}", bounds, one.says, one.source
