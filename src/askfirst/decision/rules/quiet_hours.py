"""Rule 6: no marketing while it is night, a rest day or a holiday where the recipient lives."""

from __future__ import annotations

from askfirst.decision.countries.country_rules import Basis, HoursRule
from askfirst.decision.countries.hours import WeekHours
from askfirst.decision.countries.own_hours import area_hours
from askfirst.decision.countries.place import Place
from askfirst.decision.reason import Reason
from askfirst.decision.rules.rule import PASS, Answer, Case, Deny, Fact, Rule, Wait
from askfirst.domain.values.purpose import Category


def _judge(case: Case) -> Answer:
    if case.purpose.category is not Category.MARKETING:
        return PASS
    if case.policy.law.calendar is None:
        return PASS
    opening = case.policy.opens_at(case.request.country, _place(case), case.now)
    if opening is None:
        return Deny(Reason.TIME_ZONE_UNKNOWN)
    return PASS if opening == case.now else Wait(opening, Reason.QUIET_HOURS)


def _place(case: Case) -> Place:
    place = case.request.place
    if case.facts.time_zones:  # what the business knows wins over what a number tells
        return place._replace(zones=case.facts.time_zones)
    return place


def _looks_at(case: Case) -> tuple[Fact, ...]:
    if case.purpose.category is not Category.MARKETING:
        return (Fact("hours", "marketing alone waits for them"),)
    place, policy = _place(case), case.policy
    whose = "as you know them" if case.facts.time_zones else "by the number"
    zones = ", ".join(place.zones)
    areas = area_hours(policy.hours, policy.law, case.request.country, place.areas)
    return (
        Fact("time zones", f"{zones} ({whose})" if zones else "not known"),
        *(Fact(f"hours by {one.area}", _hours(one.hours, one.rule)) for one in areas),
    )


def _hours(hours: WeekHours, rule: HoursRule | None) -> str:
    words = ", ".join(f"{key.replace('_', ' ')} {text}" for key, text in hours.table().items())
    if rule is None:
        return words
    basis, sure = rule.ground.basis, rule.ground.confidence.value
    law = "custom, no law" if basis is Basis.CUSTOM else f"law for {basis.value}"
    return f"{words} ({law}; confidence {sure})"


QUIET_HOURS = Rule(
    number=6,
    name="quiet hours",
    says="Marketing waits for the hours that the recipient's country and state leave open, by the "
    "recipient's own clock, that of the zone which the business knows or which the number tells; "
    "where that may be one of several, they are open in all.",
    judge=_judge,
    looks_at=_looks_at,
)
