"""What the law of a country asks of marketing, each rule with where it stands and how sure that is.

A rule says what it is for. Many speak of text messages or of calls, not of messengers: they are
followed by caution, and those for calls only where the policy says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from askfirst.decision.countries.hours import WeekHours
from askfirst.domain.consent.event import Assurance, NumberProof


class Basis(StrEnum):
    """What a rule was made for."""

    MESSAGES = "messages"
    """Messengers, by the words of the law or of its regulator."""
    SMS = "sms"
    """Text messages; whether messengers are any is open, so it is followed by caution."""
    CALLS = "calls"
    """Calls; followed by caution, unless the policy says otherwise."""
    CUSTOM = "custom"
    """No law: a code, a habit, or what courts may come to hold."""

    @property
    def is_by_caution(self) -> bool:
        """Whether it is law, but for something else than messengers."""
        return self in {Basis.SMS, Basis.CALLS}


class Confidence(StrEnum):
    """How sure it is that the rule is told right."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Source(NamedTuple):
    """Where a rule stands. `url` is empty where only its place in the law is known."""

    title: str
    url: str = ""


class Ground(NamedTuple):
    """What a rule rests on: `sources` by their names in the country's file."""

    basis: Basis
    confidence: Confidence
    sources: tuple[str, ...]


def is_followed(ground: Ground, *, calls: bool) -> bool:
    """Return whether a rule is law that a policy may only narrow; `calls`: so is law for calls."""
    if ground.basis is Basis.CUSTOM:
        return False
    return calls or ground.basis is not Basis.CALLS


class OptInRule(NamedTuple):
    """How sure an opt-in must be."""

    assurance_min: Assurance
    number_proof_min: NumberProof
    ground: Ground


class DaysRule(NamedTuple):
    """For how many days something holds."""

    days_max: int
    ground: Ground


class HoursRule(NamedTuple):
    """When marketing may be sent."""

    hours: WeekHours
    ground: Ground


class CapsRule(NamedTuple):
    """How much marketing one person may get: in 24 hours, in seven times that; 0 is no limit.

    `article` is where the law says so, in a few words.
    """

    article: str
    day: int
    week: int
    ground: Ground


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryRules:
    """One country, one of its states, or a union of countries (`members`)."""

    name: str
    checked_on: date
    sources: Mapping[str, Source]
    members: frozenset[str] = frozenset()
    opt_in: OptInRule | None = None
    age: DaysRule | None = None
    idle_time: DaysRule | None = None
    hours: HoursRule | None = None
    caps: CapsRule | None = None

    @property
    def grounds(self) -> dict[str, Ground]:
        """What each rule rests on, by the rule's name."""
        named = {
            "opt_in": self.opt_in,
            "age": self.age,
            "idle_time": self.idle_time,
            "hours": self.hours,
            "caps": self.caps,
        }
        return {name: rule.ground for name, rule in named.items() if rule is not None}
