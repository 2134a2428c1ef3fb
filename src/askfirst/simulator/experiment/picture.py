"""A picture of what became of it: quality over time, and what is left at the end, as an SVG.

It carries its own colours for light and dark, a title and a description, and a label on each line
and bar: nothing is told by colour alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import escape
from typing import Final, NamedTuple

from askfirst.simulator.experiment.assumptions import Assumptions
from askfirst.simulator.experiment.figures import Life

_ROLE: Final = 'role="img" aria-labelledby="title words"'
_WIDTH: Final = 960
_HEIGHT: Final = 616
_STYLE: Final = """
  svg { --paper: #fbfaf6; --ink: #1c2421; --soft: #4d5954; --line: #d9ddd6;
    --first: #a8321f; --second: #7a5200; --third: #0b6b57; --warn: #f6ecd2; --alarm: #fae3dc }
  @media (prefers-color-scheme: dark) {
    svg { --paper: #121715; --ink: #e8eeea; --soft: #a9b6b0; --line: #3a4641;
      --first: #f5a08c; --second: #e8c46f; --third: #6fd3b6; --warn: #3a3014; --alarm: #42211a }
  }
  text { font: 15px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans",
    sans-serif; fill: var(--soft) }
  .paper { fill: var(--paper); stroke: var(--line) }
  .head { font-size: 18px; font-weight: 700; fill: var(--ink) }
  .grid { stroke: var(--line); stroke-width: 1 }
  .warn { fill: var(--warn) } .alarm { fill: var(--alarm) }
  .way { fill: none; stroke-width: 3; stroke-linejoin: round; stroke-linecap: round }
  .s1 { stroke: var(--first) } .s2 { stroke: var(--second); stroke-dasharray: 9 6 }
  .s3 { stroke: var(--third) }
  .f1 { fill: var(--first) } .f2 { fill: var(--second) } .f3 { fill: var(--third) }
  .name { font-weight: 600 } .end { text-anchor: end } .mid { text-anchor: middle }
  .halo { paint-order: stroke; stroke: var(--paper); stroke-width: 5px; stroke-opacity: .8 }
  .value { font-weight: 700; fill: var(--ink) }
"""


class Shown(NamedTuple):
    """One way of sending, by the name that the picture gives it."""

    name: str
    life: Life


class _Box(NamedTuple):
    """Where the lines lie: left, top, width and height."""

    left: float
    top: float
    width: float
    height: float


_BELOW: Final = (
    "Bars: people, or messages, for each 1,000 customers; the last two at the end. "
    "A model, not a forecast."
)
_Figure = Callable[[Life], float]

_LINES: Final = _Box(64, 84, 726, 250)
_BARS_TOP: Final = 430
_BARS_APART: Final = 230
_BAR_LONGEST: Final = 140
_BAR: Final = 20
_ROW: Final = 46
_LEAST: Final = 1e-9
_LABELS_APART: Final = 22
_TICKS_WANTED: Final = 5


def draw(ways: Sequence[Shown], assumptions: Assumptions, title: str) -> str:
    """Return the picture of three ways of sending."""
    said = " ".join(
        f"{one.name}: {_per_1000(one, one.life.tally.blocked)} of 1,000 people blocked, "
        f"{_per_1000(one, one.life.tally.stopped)} said stop, "
        f"{_per_1000(one, one.life.reach.agreed)} who want offers can be reached at the end, "
        f"{_per_1000(one, one.life.useful_at_end)} useful messages in the last 30 days."
        for one in ways
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" {_ROLE}>',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="words">{escape(said)}</desc>',
        f"<style>{_STYLE}</style>",
        f'<rect class="paper" x="1" y="1" width="{_WIDTH - 2}" height="{_HEIGHT - 2}" rx="18"/>',
        _text(28, 40, title, "head"),
        *_lines(ways, assumptions),
        *_bars(0, "Blocked the business", ways, _blocked),
        *_bars(1, "Said stop", ways, _stopped),
        *_bars(2, "Want offers, reachable", ways, _agreed),
        *_bars(3, "Useful messages, a month", ways, _useful),
        _text(28, _HEIGHT - 26, _BELOW, ""),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _blocked(life: Life) -> float:
    return life.per_1000(life.tally.blocked)


def _stopped(life: Life) -> float:
    return life.per_1000(life.tally.stopped)


def _agreed(life: Life) -> float:
    return life.per_1000(life.reach.agreed)


def _useful(life: Life) -> float:
    return life.per_1000(life.useful_at_end)


def _per_1000(one: Shown, count: int) -> str:
    return f"{one.life.per_1000(count):,.0f}"


# --- quality over time ----------------------------------------------------------------------------


def _lines(ways: Sequence[Shown], assumptions: Assumptions) -> Iterator[str]:
    days = len(ways[0].life.days)
    highest = max(day.feedback for one in ways for day in one.life.days)
    step = _nice_step(max(highest, assumptions.red_at * 1.1))
    top = step * -(-max(highest, assumptions.red_at * 1.1) // step)
    yield _text(28, 68, "Blocks and mutes per 1,000 offers and order news, over a week", "")
    yield from _bands(assumptions, top)
    yield from _axes(days, step, top)
    for number, one in enumerate(ways, 1):
        points = " ".join(
            f"{_x(place + 1, days):.1f},{_y(day.feedback, top):.1f}"
            for place, day in enumerate(one.life.days)
        )
        yield f'<polyline class="way s{number}" points="{points}"/>'
    for number, (one, y) in enumerate(zip(ways, _label_places(ways, top), strict=True), 1):
        yield _text(_LINES.left + _LINES.width + 10, y, one.name, f"name f{number}")


def _bands(assumptions: Assumptions, top: float) -> Iterator[str]:
    for name, low, high in (
        ("warn", assumptions.yellow_at, assumptions.red_at),
        ("alarm", assumptions.red_at, top),
    ):
        upper, lower = _y(min(high, top), top), _y(min(low, top), top)
        yield (
            f'<rect class="{name}" x="{_LINES.left}" y="{upper:.1f}" width="{_LINES.width}" '
            f'height="{lower - upper:.1f}"/>'
        )
    red, yellow = _y(assumptions.red_at, top) - 7, _y(assumptions.yellow_at, top) + 19
    right = _LINES.left + _LINES.width - 10
    yield _text(right, red, "above: Meta’s quality is red (assumed)", "halo end")
    yield _text(right, yellow, "above: Meta’s quality is yellow (assumed)", "halo end")


def _axes(days: int, step: float, top: float) -> Iterator[str]:
    for number in range(round(top / step) + 1):
        y = _y(number * step, top)
        yield f'<path class="grid" d="M{_LINES.left} {y:.1f}h{_LINES.width}"/>'
        yield _text(_LINES.left - 8, y + 5, f"{number * step:g}", "end")
    below = _LINES.top + _LINES.height + 22
    every = max(1, round(_nice_step(days)))
    for day in range(0, days + 1, every):
        yield _text(_x(day, days), below, f"day {day}" if day else "start", "mid")


def _label_places(ways: Sequence[Shown], top: float) -> list[float]:
    """Put each name beside the end of its line, but not on another name."""
    wanted = sorted((_y(one.life.days[-1].feedback, top), n) for n, one in enumerate(ways))
    places, last = [0.0] * len(ways), 0.0
    for y, number in wanted:
        last = max(y + 5, last + _LABELS_APART)
        places[number] = last
    return places


def _x(day: float, days: int) -> float:
    return _LINES.left + _LINES.width * day / days


def _y(value: float, top: float) -> float:
    return _LINES.top + _LINES.height * (1 - value / top)


def _nice_step(highest: float) -> float:
    """Return 1, 2 or 5 times a power of ten, of which about five make the highest value."""
    step = 0.001
    for factor in (2, 2.5, 2) * 12:
        if highest / step <= _TICKS_WANTED + 1:
            break
        step *= factor
    return round(step, 6)


# --- what is left at the end ----------------------------------------------------------------------


def _bars(place: int, head: str, ways: Sequence[Shown], of: _Figure) -> Iterator[str]:
    left = 28 + place * _BARS_APART
    yield _text(left, _BARS_TOP - 18, head, "name value")
    longest = max(*(of(one.life) for one in ways), _LEAST)
    for number, one in enumerate(ways, 1):
        value = of(one.life)
        y = _BARS_TOP + (number - 1) * _ROW
        width = max(1.0, _BAR_LONGEST * value / longest)
        yield _text(left, y + 12, one.name, f"name f{number}")
        yield (
            f'<rect class="f{number}" x="{left}" y="{y + 18}" width="{width:.1f}" '
            f'height="{_BAR}" rx="3"/>'
        )
        yield _text(left + width + 8, y + 13 + _BAR, f"{value:,.0f}", "value")


def _text(x: float, y: float, words: str, name: str) -> str:
    kind = f' class="{name}"' if name else ""
    return f'<text{kind} x="{x:.1f}" y="{y:.1f}">{escape(words)}</text>'
