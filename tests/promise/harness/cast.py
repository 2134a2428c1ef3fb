"""Who plays in a race: people by name, and the manner in which each says yes and no."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from tests.promise.harness.manners.button import Button
from tests.promise.harness.manners.editor import Editor
from tests.promise.harness.manners.manner import Manner
from tests.promise.harness.manners.neighbour import Neighbour
from tests.promise.harness.manners.page import Page
from tests.promise.harness.manners.plain import Plain
from tests.promise.harness.manners.switch import Switch

_MANNERS: Mapping[str, Callable[[str, random.Random], Manner]] = {
    "4477009000": Plain,
    "4477009001": Page,
    "4477009002": Button,
    "4477009003": Switch,
    "4477009004": Editor,
    "549112345": Neighbour,
    "GB.race": Plain,
}
"""A name begins with what says how its owner behaves."""

PEOPLE = (
    *(f"44770090{number:04d}" for number in range(4)),
    *(f"44770090{number:04d}" for number in range(100, 102)),
    *(f"44770090{number:04d}" for number in range(200, 202)),
    *(f"44770090{number:04d}" for number in range(300, 302)),
    *(f"44770090{number:04d}" for number in range(400, 402)),
    "5491123456789",
    "GB.race1",
    "GB.race2",
)


def manner_of(contact: str, chance: random.Random) -> Manner:
    """Return how this person says yes and no."""
    make = next(make for start, make in _MANNERS.items() if contact.startswith(start))
    return make(contact, chance)
