"""A plan of campaigns, as a marketer writes it: a TOML file.

    [[campaign]]
    name = "tuesday_offer"
    first_day = 2
    every_days = 7
    hour = 10
    share = 1.0
    runs_days = 2

`first_day` counts from 1, which is a Monday. `every_days` left out: once. `hour` is UTC. `share` is
the part of the customers that it goes to. A message that has to wait is asked about again while the
campaign runs.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from askfirst.domain.values.errors import InvalidInput

CAMPAIGNS_MAX: Final = 100
DAYS_MAX: Final = 730
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
_LAST_HOUR: Final = 23


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """Offers of one template, sent on one day or again and again."""

    name: str
    first_day: int
    every_days: int = 0
    hour: int = 10
    share: float = 1.0
    runs_days: int = 1

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise InvalidInput("campaign.name", "must be small letters, digits and _, such as sale")
        _check_whole(self.name, "first_day", self.first_day, 1, DAYS_MAX)
        _check_whole(self.name, "every_days", self.every_days, 0, DAYS_MAX)
        _check_whole(self.name, "hour", self.hour, 0, _LAST_HOUR)
        _check_whole(self.name, "runs_days", self.runs_days, 1, DAYS_MAX)
        if type(self.share) not in (int, float) or not 0 < self.share <= 1:
            raise InvalidInput(f"campaign.{self.name}.share", "must be above 0, at most 1")

    def is_on(self, day: int) -> bool:
        """Return whether it is sent on this day, counted from 0."""
        past = day + 1 - self.first_day
        return past == 0 or (past > 0 and self.every_days > 0 and past % self.every_days == 0)


@dataclass(frozen=True, slots=True)
class Sending:
    """One time that a campaign is sent. `number` counts all of them, from 0."""

    number: int
    campaign: Campaign
    day: int

    @property
    def last_day(self) -> int:
        """The last day on which a message that has to wait is asked about again."""
        return self.day + self.campaign.runs_days - 1


@dataclass(frozen=True, slots=True)
class Plan:
    """The campaigns."""

    campaigns: tuple[Campaign, ...]

    def __post_init__(self) -> None:
        names = {campaign.name for campaign in self.campaigns}
        if not 0 < len(self.campaigns) <= CAMPAIGNS_MAX:
            raise InvalidInput("campaign", f"must be there 1 to {CAMPAIGNS_MAX} times")
        if len(names) < len(self.campaigns):
            raise InvalidInput("campaign.name", "must be another name for each campaign")

    def sendings(self, days: int) -> tuple[Sending, ...]:
        """Return what is sent on these many days, in order."""
        due = sorted(
            (day, campaign.hour, place)
            for day in range(days)
            for place, campaign in enumerate(self.campaigns)
            if campaign.is_on(day)
        )
        return tuple(
            Sending(number, self.campaigns[place], day)
            for number, (day, _, place) in enumerate(due)
        )


def parse_plan(text: str) -> Plan:
    """Read a plan; whatever is not understood raises InvalidInput naming the key."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput("plan", f"is not TOML: {error}") from error
    for key in table:
        if key != "campaign":
            raise InvalidInput(f"plan.{key}", "must be [[campaign]]")
    given = table.get("campaign", [])
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise InvalidInput("plan.campaign", "must be written as [[campaign]]")
    return Plan(tuple(_campaign(number, one) for number, one in enumerate(given, 1)))


def _campaign(number: int, table: Mapping[str, Any]) -> Campaign:
    known = [field.name for field in fields(Campaign)]
    for key in table:
        if key not in known:
            raise InvalidInput(f"campaign {number}: {key}", "must be one of " + ", ".join(known))
    for key in ("name", "first_day"):
        if key not in table:
            raise InvalidInput(f"campaign {number}: {key}", "must be there")
    if not isinstance(table["name"], str):
        raise InvalidInput(f"campaign {number}: name", "must be a text")
    return Campaign(**table)


def _check_whole(name: str, key: str, given: Any, low: int, high: int) -> None:
    if type(given) is not int or not low <= given <= high:
        where = f"campaign.{name}.{key}"
        raise InvalidInput(where, f"must be a whole number from {low} to {high}")
