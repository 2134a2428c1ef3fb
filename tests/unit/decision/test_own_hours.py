"""Whose hours hold: the law's, custom's, or the business's own."""

from __future__ import annotations

import pytest

from askfirst.adapters.phone_numbers import WorldNumbering
from askfirst.decision.countries.country_book import CountryBook
from askfirst.decision.countries.hours import ALWAYS, WeekHours, opens_at, parse_hours
from askfirst.decision.countries.own_hours import OwnHours, area_hours
from askfirst.decision.countries.place import NOWHERE, Place
from askfirst.decision.decide import decide
from askfirst.decision.decision import Verdict
from askfirst.decision.facts import DecisionContext
from askfirst.decision.policy import Policy, Terms
from askfirst.decision.policy_file import parse_policy
from askfirst.decision.question import MessageKind, SendRequest
from askfirst.decision.reason import Reason
from askfirst.decision.rules.quiet_hours import QUIET_HOURS
from askfirst.decision.rules.rule import PASS, Case, Deny, Wait
from askfirst.domain.consent.event import Assurance, NumberProof
from askfirst.domain.value import replace
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import Position
from askfirst.domain.values.purpose import AUTHENTICATION, MARKETING, UTILITY, Category, Purpose
from askfirst.domain.values.timestamp import HOUR, Instant, parse_rfc3339
from tests.support.builders import ANA, BUSINESS, SENDER, sender
from tests.support.law import LAW, TIMELESS

NIGHT = parse_rfc3339("2026-06-10T23:00:00Z", "at")
NUMBERING = WorldNumbering()
IGNORED = 'calls_rules_for_messages = "ignore"\n'


def whose(country: str, text: str = "", *areas: str) -> list[tuple[str, dict[str, str]]]:
    own = parse_policy(text, LAW).hours
    return [(each.area, each.hours.table()) for each in area_hours(own, LAW, country, areas)]


def test_a_country_has_its_own_hours_and_others_those_of_custom() -> None:
    assert whose("KR") == [("KR", {"every_day": "08:00-21:00"})]
    assert whose("NL") == [("default", {"every_day": "08:00-20:00"})]
    assert whose("") == whose("NL")


def test_a_state_adds_its_hours_and_an_unknown_one_may_be_any() -> None:
    assert [area for area, _ in whose("US", "", "US-FL")] == ["US", "US-FL"]
    assert [area for area, _ in whose("US", "", "US-CA")] == ["US"]
    assert [area for area, _ in whose("US")] == ["US", *LAW.states("US")]


def test_what_is_law_for_calls_only_is_followed_unless_the_policy_says_otherwise() -> None:
    assert whose("ES")[0] == (
        "ES",
        {
            "weekdays": "09:00-21:00",
            "saturday": "closed",
            "sunday": "closed",
            "public_holidays": "closed",
        },
    )
    assert whose("ES", IGNORED) == [("default", {"every_day": "08:00-20:00"})]
    assert whose("FR", IGNORED) == whose("FR")
    assert whose("KR", IGNORED) == whose("KR")
    assert [area for area, _ in whose("US", IGNORED, "US-LA")] == ["US"]


def test_the_businesss_own_default_stands_only_where_there_is_no_law() -> None:
    own = '[hours]\nevery_day = "00:00-24:00"\n'
    assert whose("NL", own) == whose("GB", own) == [("own", {"every_day": "00:00-24:00"})]
    assert whose("KR", own) == whose("KR")
    assert whose("ES", own) == whose("ES")
    assert whose("ES", IGNORED + own) == [("own", {"every_day": "00:00-24:00"})]


def test_a_business_may_narrow_the_hours_of_a_law() -> None:
    own = '[countries.FR.hours]\nweekdays = "10:00-18:00"\n'
    (found,) = whose("FR", own)
    assert found == (
        "own",
        {
            "weekdays": "10:00-18:00",
            "saturday": "08:00-21:30",
            "sunday": "closed",
            "public_holidays": "closed",
        },
    )


@pytest.mark.parametrize(
    ("country", "text"),
    [
        ("FR", 'sunday = "10:00-12:00"'),
        ("FR", 'weekdays = "07:00-21:30"'),
        ("KR", 'every_day = "08:00-22:00"'),
        ("ES", 'saturday = "10:00-12:00"'),
        ("US", 'every_day = "00:00-24:00"'),
    ],
)
def test_a_business_may_not_widen_them(country: str, text: str) -> None:
    with pytest.raises(InvalidInput, match="must lie within the hours of the law") as refused:
        parse_policy(f"[countries.{country}.hours]\n{text}\n", LAW)
    assert refused.value.field == f"policy.countries.{country}.hours"


@pytest.mark.parametrize("country", ["GB", "NL", "BR", "NG"])
def test_where_there_is_no_law_hours_may_be_as_wide_as_wanted(country: str) -> None:
    whole = 'every_day = "00:00-24:00"\npublic_holidays = "00:00-24:00"'
    policy = parse_policy(f"[countries.{country}.hours]\n{whole}\n", LAW)
    assert policy.hours.countries[country].days == ALWAYS.days


def test_what_is_law_for_calls_only_may_be_widened_where_it_is_not_followed() -> None:
    text = '[countries.ES.hours]\nsaturday = "10:00-12:00"\n'
    assert parse_policy(IGNORED + text, LAW).hours.countries["ES"].days[5].start == 600


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("hours = 3", "policy.hours"),
        ('[hours]\nweekdays = "08:00-20:00"', "policy.hours.saturday"),
        ('[hours]\nevery_day = "always"', "policy.hours.every_day"),
        ('[hours]\nnight = "closed"', "policy.hours.night"),
        ("[countries.FR]\nhours = 3", "policy.countries.FR.hours"),
        ('[countries.FR.hours]\nmon = "closed"', "policy.countries.FR.hours.mon"),
        ("calls_rules_for_messages = false", "policy.calls_rules_for_messages"),
        ("calls_rules_for_messages = []", "policy.calls_rules_for_messages"),
        ('law = "none"', "policy.law"),
        ("[purposes.marketing]\nidle_days_max = -1", "policy.purposes.marketing.idle_days_max"),
    ],
)
def test_hours_that_are_not_understood_are_refused_by_the_name_of_their_key(
    text: str, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_policy(text, LAW)
    assert refused.value.field == field


def judged(purpose: Purpose, policy: Policy, place: Place, country: str = "GB") -> object:
    request = SendRequest(
        business_id=BUSINESS,
        sender=SENDER,
        recipients=(ANA,),
        kind=MessageKind.PURPOSE,
        purpose=purpose,
        country=country,
        place=place,
    )
    facts = DecisionContext(position=Position(1))
    return QUIET_HOURS.judge(Case(facts, policy, request, purpose, NIGHT, facts.traffic))


def test_only_marketing_waits_for_the_day() -> None:
    policy, london = Policy(law=LAW), NUMBERING.place("", "GB")
    until = Instant(NIGHT + 8 * HOUR)  # midnight in London, and eight hours more
    assert judged(MARKETING, policy, london) == Wait(until, Reason.QUIET_HOURS)
    assert judged(Purpose("marketing.offers"), policy, london) == Wait(until, Reason.QUIET_HOURS)
    assert judged(UTILITY, policy, london) is PASS
    assert judged(AUTHENTICATION, policy, london) is PASS


def test_where_no_time_zone_is_known_doubt_means_no() -> None:
    assert judged(MARKETING, Policy(law=LAW), NOWHERE, "") == Deny(Reason.TIME_ZONE_UNKNOWN)


def test_where_no_hour_is_open_in_all_zones_it_is_said_at_once() -> None:
    far_apart = Place(zones=("Pacific/Kiritimati", "Africa/Johannesburg"))
    assert judged(MARKETING, Policy(law=LAW), far_apart, "NL") == Deny(Reason.TIME_ZONE_UNKNOWN)


def test_where_several_zones_are_possible_all_have_to_be_open() -> None:
    policy, spain = Policy(law=LAW), NUMBERING.place("", "ES")
    morning = parse_rfc3339("2026-06-10T07:30:00Z", "at")  # 9:30 in Madrid, 8:30 on the Canaries
    hours = policy.hours_at("ES", spain)
    assert LAW.calendar is not None
    assert opens_at(hours, LAW.calendar, morning) == Instant(morning + HOUR // 2)
    evening = parse_rfc3339("2026-06-10T19:00:00Z", "at")  # 21:00 in Madrid
    assert opens_at(hours, LAW.calendar, evening) == Instant(evening + 13 * HOUR)


def test_a_book_without_a_calendar_says_nothing_about_hours() -> None:
    assert judged(MARKETING, Policy(law=TIMELESS), NOWHERE) is PASS


def test_a_no_is_said_before_the_hours_are_looked_at() -> None:
    request = SendRequest(
        business_id=BUSINESS,
        sender=SENDER,
        recipients=(ANA,),
        kind=MessageKind.PURPOSE,
        purpose=MARKETING,
        country="GB",
        place=NUMBERING.place("", "GB"),
    )
    facts = DecisionContext(position=Position(1), sender=sender())
    decision = decide(facts, Policy(law=LAW), request, NIGHT)
    assert (decision.verdict, decision.reason) == (Verdict.DENY, Reason.NO_OPT_IN)


def test_the_law_asks_at_least_as_much_as_the_business() -> None:
    policy = parse_policy("[purposes.marketing]\nage_days_max = 90\n", LAW)
    strict = Terms(
        assurance_min=Assurance.CONFIRMED,
        number_proof_min=NumberProof.PROVEN,
        age_days_max=90,
        idle_days_max=730,
    )
    assert policy.terms(Category.MARKETING, "DE") == strict
    assert policy.terms(Category.UTILITY, "DE") == Terms()
    italy = parse_policy("[purposes.marketing]\nage_days_max = 0\n", LAW)
    assert italy.terms(Category.MARKETING, "IT").age_days_max == 730
    assert italy.terms(Category.MARKETING, "NL").age_days_max == 0


def test_another_list_of_countries_is_another_policy() -> None:
    rules = dict(LAW.rules)
    rules["KR"] = replace(rules["KR"], hours=None)
    other = CountryBook(rules=rules, calendar=LAW.calendar)
    names = {Policy(law=book).fingerprint for book in (LAW, TIMELESS, other)}
    names.add(Policy(law=LAW, hours=OwnHours(default=ALWAYS)).fingerprint)
    names.add(Policy(law=LAW, hours=OwnHours(follows_calls_rules=False)).fingerprint)
    assert len(names) == 5


def test_a_week_that_is_not_one_is_refused() -> None:
    with pytest.raises(InvalidInput):
        WeekHours(parse_hours({"every_day": "closed"}, "hours").days[:6])
