"""What askfirst knows of countries: the files themselves, and how strictly they are read."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from askfirst.adapters.country_rule_files import AREA_CODES, FOLDER, read_law, read_toml
from askfirst.adapters.phone_numbers import WorldNumbering
from askfirst.adapters.world_calendar import WorldCalendar, zone_named
from askfirst.decision.countries.country_file import parse_country_rules
from askfirst.decision.countries.country_rules import Basis, Confidence
from askfirst.decision.countries.place import Place
from askfirst.domain.values.country import COUNTRY_CODES
from askfirst.domain.values.errors import InvalidInput
from tests.support.law import LAW

NUMBERING = WorldNumbering()
ASKED_FOR = [
    "EU",
    "DE",
    "AT",
    "FR",
    "ES",
    "IT",
    "GB",
    "US",
    "CA",
    "BR",
    "MX",
    "IN",
    "AU",
    "NZ",
    "SG",
    "ZA",
    "AE",
    "SA",
    "JP",
    "KR",
    "TR",
    "default",
]


def test_the_countries_that_most_businesses_write_to_are_known() -> None:
    assert set(ASKED_FOR) <= set(LAW.rules)
    for name in LAW.rules:
        assert name in {"default", "EU"} or name.partition("-")[0] in COUNTRY_CODES


def test_each_file_says_when_it_was_looked_at() -> None:
    assert all(rules.checked_on >= date(2026, 11, 28) for rules in LAW.rules.values())


def test_each_rule_names_sources_and_what_cannot_be_looked_up_is_unsure() -> None:
    for rules in LAW.rules.values():
        assert rules.grounds, rules.name
        for ground in rules.grounds.values():
            found = [rules.sources[name] for name in ground.sources]
            assert any(source.url for source in found) or ground.confidence is Confidence.LOW


def test_what_is_law_for_texts_or_calls_is_followed_by_caution() -> None:
    assert {basis for basis in Basis if basis.is_by_caution} == {Basis.SMS, Basis.CALLS}
    by_basis = {name: rule.ground.basis for name in ASKED_FOR if (rule := LAW.rules[name].hours)}
    assert by_basis["KR"] is by_basis["ZA"] is by_basis["AE"] is Basis.MESSAGES
    assert by_basis["FR"] is by_basis["US"] is by_basis["IN"] is Basis.SMS
    assert by_basis["ES"] is by_basis["IT"] is by_basis["AU"] is by_basis["CA"] is Basis.CALLS


def test_every_american_state_has_area_codes_and_each_code_one_state() -> None:
    states = read_toml(FOLDER / AREA_CODES)["states"]
    codes = [code for listed in states.values() for code in listed]
    assert len(states) == 51
    assert len(codes) == len(set(codes))
    assert all(200 <= code <= 999 for code in codes)
    assert {name.removeprefix("US-") for name in LAW.states("US")} <= set(states)
    for state, listed in states.items():
        for code in listed:
            assert NUMBERING.place(f"1{code}5550123", "US").areas == (f"US-{state}",)


def test_every_zone_of_every_country_has_a_clock() -> None:
    for country in COUNTRY_CODES:
        for zone in NUMBERING.place("", country).zones:
            assert zone_named(zone).key == zone
    for zones in read_toml(FOLDER / AREA_CODES)["zones"].values():
        assert all(zone_named(zone).key == zone for zone in zones)


@pytest.mark.parametrize(
    ("digits", "country", "expected"),
    [
        ("491511234567", "DE", {"Europe/Berlin", "Europe/Busingen"}),
        # Split area codes, which the longest prefix alone would give one zone.
        ("18505550123", "US", {"America/Chicago", "America/New_York"}),
        ("14235550123", "US", {"America/Chicago", "America/New_York"}),
        # Their overlays, of which only the first zone is known.
        ("14485550123", "US", {"America/Chicago", "America/New_York"}),
        ("14585550123", "US", {"America/Boise", "America/Los_Angeles"}),
        ("16895550123", "US", {"America/New_York"}),
        ("12125550123", "US", {"America/New_York"}),
        ("14165550123", "CA", {"America/Toronto"}),
        # Mobile numbers that may be anywhere in a wide country.
        ("61412345678", "AU", {"Australia/Perth", "Australia/Sydney"}),
        ("79161234567", "RU", {"Europe/Moscow", "Asia/Kamchatka"}),
        ("6281234567890", "ID", {"Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"}),
        ("34612345678", "ES", {"Europe/Madrid", "Atlantic/Canary"}),
        # Only the country is known.
        ("", "GB", {"Europe/London"}),
        ("", "US", {"America/New_York", "Pacific/Honolulu"}),
    ],
)
def test_a_number_may_be_in_all_zones_of_its_first_digits(
    digits: str, country: str, expected: set[str]
) -> None:
    assert expected <= set(NUMBERING.place(digits, country).zones)
    if len(expected) == 1:
        assert expected == set(NUMBERING.place(digits, country).zones)


def test_an_area_code_that_is_not_known_may_be_of_any_state_and_zone() -> None:
    place = NUMBERING.place("16245550123", "US")
    assert place.areas == ()
    assert {"America/New_York", "Pacific/Honolulu"} <= set(place.zones)


def test_of_no_country_nothing_is_known() -> None:
    assert NUMBERING.place("", "") == Place()


def test_holidays_are_those_of_the_country_and_of_the_state() -> None:
    calendar = WorldCalendar()
    assert calendar.is_public_holiday("FR", date(2026, 7, 14))
    assert not calendar.is_public_holiday("DE", date(2026, 7, 14))
    assert calendar.is_public_holiday("US-LA", date(2026, 2, 17))
    assert not calendar.is_public_holiday("US", date(2026, 2, 17))
    assert not calendar.is_public_holiday("XK", date(2026, 7, 14))
    assert "holidays" in calendar.version
    assert "tzdata" in calendar.version


GROUND = {"basis": "messages", "confidence": "high", "sources": ["law"]}
WHOLE: dict[str, Any] = {
    "name": "Nowhere",
    "checked_on": date(2026, 11, 28),
    "hours": {"every_day": "08:00-20:00", **GROUND},
    "sources": {"law": {"title": "The law", "url": "https://law.example"}},
}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"nmae": "Nowhere"}, "nmae"),
        ({"checked_on": "yesterday"}, "checked_on"),
        ({"members": "FR"}, "members"),
        ({"members": ["fr"]}, "members"),
        ({"hours": {**GROUND, "every_day": "20:00-08:00"}}, "hours.every_day"),
        ({"hours": {**GROUND, "weekdays": "08:00-20:00"}}, "hours.saturday"),
        ({"hours": {"every_day": "08:00-20:00"}}, "hours.sources"),
        ({"hours": {"every_day": "closed", **GROUND, "basis": "hearsay"}}, "hours.basis"),
        ({"hours": {"every_day": "closed", **GROUND, "sources": ["lore"]}}, "hours.sources"),
        ({"hours": {"every_day": "closed", **GROUND, "sources": []}}, "hours.sources"),
        ({"sources": {"law": {"title": "The law"}}}, "hours.confidence"),
        ({"sources": {"law": {"title": "L", "url": "law.example"}}}, "sources.law.url"),
        ({"sources": {"law": {"url": "https://law.example"}}}, "sources.law.title"),
        ({"age": {"days_max": 0, **GROUND}}, "age.days_max"),
        ({"idle_time": {"days": 3, **GROUND}}, "idle_time.days"),
        ({"caps": GROUND}, "caps.article"),
        ({"caps": {"day": 1, **GROUND}}, "caps.article"),
        ({"caps": {"article": "Art. 1", **GROUND}}, "caps"),
        ({"caps": {"article": "Art. 1", "day": True, **GROUND}}, "caps.day"),
        ({"caps": {"article": "Art. 1", "month": 1, **GROUND}}, "caps.month"),
        ({"caps": {"article": "A", "day": 1, **GROUND, "basis": "custom"}}, "caps.basis"),
        ({"opt_in": {"assurance_min": "sure", **GROUND}}, "opt_in.assurance_min"),
    ],
)
def test_rules_that_are_not_understood_are_refused_by_the_name_of_their_key(
    change: dict[str, Any], field: str
) -> None:
    assert parse_country_rules(WHOLE, "ZZ.toml").name == "Nowhere"
    with pytest.raises(InvalidInput) as refused:
        parse_country_rules(WHOLE | change, "ZZ.toml")
    assert refused.value.field == f"ZZ.toml.{field}"


def test_a_source_that_nothing_names_is_refused() -> None:
    spare = {"sources": WHOLE["sources"] | {"lore": {"title": "Lore"}}}
    with pytest.raises(InvalidInput) as refused:
        parse_country_rules(WHOLE | spare, "ZZ.toml")
    assert refused.value.field == "ZZ.toml.sources.lore"


def test_rules_are_read_back_from_the_table_that_policies_are_named_by() -> None:
    table = LAW.table()
    assert table["calendar"] == WorldCalendar().version
    for name, rules in LAW.rules.items():
        assert parse_country_rules(table["rules"][name], name) == rules


@pytest.mark.parametrize("name", ["Fr", "FRA", "US-", "somewhere"])
def test_a_file_that_is_named_by_no_country_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}.toml").write_text("")
    with pytest.raises(InvalidInput) as refused:
        read_law(tmp_path)
    assert refused.value.field == f"{name}.toml"


def test_a_file_that_is_no_toml_is_refused_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "FR.toml").write_text("name = France")
    with pytest.raises(InvalidInput) as refused:
        read_law(tmp_path)
    assert refused.value.field == "FR.toml"
