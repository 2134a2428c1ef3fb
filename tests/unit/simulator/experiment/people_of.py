"""People made by hand, for the tests of the simulation."""

from __future__ import annotations

import random
from array import array

from askfirst.domain.value import replace
from askfirst.simulator.experiment.assumptions import Assumptions
from askfirst.simulator.experiment.people import Agreement, OfferLuck, Person, Span, draw_people
from askfirst.simulator.experiment.temper import Mood
from askfirst.simulator.experiment.wordings import built_in_wordings

AS_USUAL = Assumptions()
WORDINGS = built_in_wordings()
EVERYTHING_HAPPENS = OfferLuck(*[0.0] * len(OfferLuck._fields))
NOTHING_HAPPENS = OfferLuck(*[1.0] * len(OfferLuck._fields))

ANA = Person(
    number=0,
    wordings=WORDINGS[0],
    country="GB",
    agreement=Agreement.SAID_YES,
    agreed_days_ago=10,
    is_proven=False,
    is_welcome=True,
    tolerance=4.0,
    reads=0.8,
    keenness=1.0,
    place=0.0,
    order_days=(),
    offer_luck=array("d"),
    order_luck=array("d"),
)


def somebody(**parts: object) -> Person:
    """Return somebody like Ana, but for these."""
    return replace(ANA, **parts)  # type: ignore[arg-type]


def mood(*, welcome: bool = True, said_no: bool = False, read: int = 0) -> Mood:
    """Return a mood after so many offers read today."""
    made = Mood(is_welcome=welcome, has_said_no=said_no)
    made.read_days.extend([0] * read)
    return made


def crowd(count: int, *, seed: int = 1, assumptions: Assumptions = AS_USUAL) -> list[Person]:
    """Draw people for thirty days and ten offers."""
    return draw_people(count, Span(30, 10), assumptions, WORDINGS, random.Random(seed))
