"""A typing error in the policy file must not open the gate."""

from __future__ import annotations

import phonenumbers
import pytest

from askfirst.decision.policy import Policy, Terms
from askfirst.decision.policy_file import parse_policy
from askfirst.domain.consent.event import Assurance, NumberProof
from askfirst.domain.consent.frequency import Frequency
from askfirst.domain.values.country import COUNTRY_CODES
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.purpose import BUILT_IN_TOPICS, CONSENTED, MARKETING, Category, Purpose
from tests.support.law import TIMELESS

COUNTRY = "code of ISO 3166 in capital letters"
TABLE = "must be a table"
NAMES = 'must be a list of texts in quotes, such as ["'
DAYS = "must be a whole number of days"
ASSURANCE = "must be asserted, shown or confirmed"
PURPOSE = "must be authentication, utility or marketing"
TOPIC = "must name topics such as marketing.offers"

WRONG = [
    ('marketing_withheld = "US"', "policy.marketing_withheld", NAMES),
    ("marketing_withheld = true", "policy.marketing_withheld", NAMES),
    ("marketing_withheld = [1]", "policy.marketing_withheld", NAMES),
    ('embargoed = ["cu"]', "policy.embargoed", COUNTRY),
    ('embargoed = ["CUB"]', "policy.embargoed", COUNTRY),
    ('embargoed = ["UK"]', "policy.embargoed", COUNTRY),
    ('embargoed = "CU"', "policy.embargoed", NAMES),
    ("embargoed = 3", "policy.embargoed", NAMES),
    ('embargoed = [["CU"]]', "policy.embargoed", NAMES),
    ('inbound_first = ["in"]', "policy.inbound_first", COUNTRY),
    ('inbound_first = "IN"', "policy.inbound_first", NAMES),
    ("[inbound_first]\nIN = true", "policy.inbound_first", NAMES),
    ('topics = "marketing.offers"', "policy.topics", NAMES),
    ("topics = [3]", "policy.topics", NAMES),
    ('topics = ["marketing"]', "policy.topics", TOPIC),
    ('topics = ["offers.summer"]', "policy.topics", TOPIC),
    ('topics = ["service.chat"]', "policy.topics", TOPIC),
    ("native_stop_covers_business = 0", "policy.native_stop_covers_business", "true or false"),
    ('native_stop_covers_business = "no"', "policy.native_stop_covers_business", "true or false"),
    ("purposes = 3", "policy.purposes", TABLE),
    ("purposes = []", "policy.purposes", TABLE),
    ('[purposes]\nmarketing = "confirmed"', "policy.purposes.marketing", TABLE),
    (
        '[purposes.marketing]\nassurance_min = "sure"',
        "policy.purposes.marketing.assurance_min",
        ASSURANCE,
    ),
    (
        '[purposes.marketing]\nnumber_proof_min = "sure"',
        "policy.purposes.marketing.number_proof_min",
        "must be typed, vouched or proven",
    ),
    (
        "[purposes.marketing]\nassurance_min = 3",
        "policy.purposes.marketing.assurance_min",
        ASSURANCE,
    ),
    (
        "[purposes.marketing]\nassurance_min = []",
        "policy.purposes.marketing.assurance_min",
        ASSURANCE,
    ),
    ("[purposes.marketing]\nage_days_max = -1", "policy.purposes.marketing.age_days_max", DAYS),
    ("[purposes.marketing]\nage_days_max = 1.5", "policy.purposes.marketing.age_days_max", DAYS),
    ("[purposes.marketing]\nage_days_max = true", "policy.purposes.marketing.age_days_max", DAYS),
    ('[purposes.marketing]\nage_days_max = "30"', "policy.purposes.marketing.age_days_max", DAYS),
    ("countries = 3", "policy.countries", TABLE),
    ("[countries]\nDE = 3", "policy.countries.DE", TABLE),
    ("[countries.DE]\nmarketing = 3", "policy.countries.DE.marketing", TABLE),
    ('[countries.de.marketing]\nassurance_min = "confirmed"', "policy.countries.de", COUNTRY),
    ('[countries.UK.marketing]\nassurance_min = "confirmed"', "policy.countries.UK", COUNTRY),
    ("[[countries.DE]]\nage_days_max = 1", "policy.countries.DE", TABLE),
    ("templates = []", "policy.templates", TABLE),
    ("[templates]\norder_update = 3", "policy.templates.order_update", PURPOSE),
    ('[templates]\norder_update = ["utility"]', "policy.templates.order_update", PURPOSE),
    ('[templates]\norder.update = "utility"', "policy.templates.order", PURPOSE),
    ('[templates]\norder_update = "service"', "policy.templates.order_update", PURPOSE),
    ('[templates]\norder_update = "utility.orders"', "policy.templates.order_update", "declare it"),
    ("[purposes.service]\nage_days_max = 1", "policy.purposes.service", "is not a key"),
    ("[purposes.marketing]\nage_days = 1", "policy.purposes.marketing.age_days", "is not a key"),
    ('embargo = ["CU"]', "policy.embargo", "is not a key"),
    ("topics = [", "policy", "is not TOML"),
]


LIMITS_WRONG = [
    ("caps = 3", "policy.caps", TABLE),
    ("[caps]\nmarketing = 3", "policy.caps.marketing", TABLE),
    ("[caps.marketing]\nday = -1", "policy.caps.marketing.day", "whole number from 0 to 100"),
    ("[caps.marketing]\nday = true", "policy.caps.marketing.day", "whole number from 0 to 100"),
    ("[caps.marketing]\nyear = 9", "policy.caps.marketing.year", "is not a key"),
    ('[caps."marketing.offers"]\nday = 1', "policy.caps.marketing.offers", "is not a key"),
    ('[caps]\nalso_counted = "service"', "policy.caps.also_counted", NAMES),
    ('[caps]\nalso_counted = ["utility"]', "policy.caps.also_counted", "must name authentication"),
    ("[duplicates]\nmarketing = 1.5", "policy.duplicates.marketing", "whole number from 0"),
    ("[duplicates]\noffers = 1", "policy.duplicates.offers", "is not a key"),
    ("[pace]\npair_seconds = -1", "policy.pace.pair_seconds", "whole number from 0 to 3600"),
    ("[pace]\nmessages = 1", "policy.pace.messages", "is not a key"),
]


@pytest.mark.parametrize(("text", "field", "right"), [*WRONG, *LIMITS_WRONG])
def test_a_policy_that_is_not_understood_is_refused_by_the_name_of_its_key(
    text: str, field: str, right: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_policy(text, TIMELESS)
    assert refused.value.field == field
    assert right in refused.value.message


def test_a_policy_changes_what_it_names_and_nothing_else() -> None:
    policy = parse_policy(
        """
        topics = ["marketing.offers"]
        embargoed = ["CU"]
        inbound_first = ["IN"]
        native_stop_covers_business = false
        [purposes.utility]
        age_days_max = 30
        [countries.AT.marketing]
        assurance_min = "confirmed"
        number_proof_min = "proven"
        [templates]
        summer_offer = "marketing.offers"
    """,
        TIMELESS,
    )
    plain = Policy()
    assert policy.topics == {"marketing.offers", *BUILT_IN_TOPICS}
    assert policy.embargoed == {"CU"}
    assert policy.inbound_first == {"IN"}
    assert policy.native_stop_covers_business is False
    assert policy.purposes == {**plain.purposes, Category.UTILITY: Terms(age_days_max=30)}
    austria = Terms(
        assurance_min=Assurance.CONFIRMED,
        number_proof_min=NumberProof.PROVEN,
        age_days_max=365,
    )
    assert policy.countries == {"AT": {Category.MARKETING: austria}}
    assert policy.templates == {"summer_offer": Purpose("marketing.offers")}
    assert policy.marketing_withheld == plain.marketing_withheld


def test_an_empty_policy_is_the_built_in_one() -> None:
    assert parse_policy("", TIMELESS).fingerprint == Policy(law=TIMELESS).fingerprint


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({"embargoed": frozenset({"cu"})}, "policy.embargoed"),
        ({"embargoed": "CU"}, "policy.embargoed"),
        ({"marketing_withheld": frozenset({"USA"})}, "policy.marketing_withheld"),
        ({"inbound_first": frozenset({""})}, "policy.inbound_first"),
        ({"countries": {"de": {}}}, "policy.countries.de"),
        ({"topics": frozenset({"marketing"})}, "policy.topics"),
        ({"purposes": {Category.MARKETING: Terms()}}, "policy.purposes"),
        (
            {"templates": {"offer": MARKETING, "parcel": Purpose("utility.orders")}},
            "policy.templates.parcel",
        ),
    ],
)
def test_a_policy_is_checked_wherever_it_is_made(parts: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        Policy(**parts)  # type: ignore[arg-type]
    assert refused.value.field == field


def test_every_purpose_that_needs_a_yes_has_terms() -> None:
    assert set(Policy().purposes) == CONSENTED


def test_terms_are_for_no_less_than_no_days() -> None:
    with pytest.raises(InvalidInput, match="whole number of days"):
        Terms(age_days_max=-1)


def test_every_country_that_a_number_can_be_of_has_its_code() -> None:
    assert set(phonenumbers.SUPPORTED_REGIONS) <= COUNTRY_CODES


def test_a_cap_changes_the_span_that_it_names_and_0_takes_one_away() -> None:
    caps = parse_policy(
        "[caps.marketing]\nday = 0\nweek = 3\n[caps.overall]\nmonth = 9", TIMELESS
    ).caps
    assert caps.limits == {
        "marketing": (Frequency(3, 7), Frequency(6, 30)),
        "overall": (Frequency(9, 30),),
    }


def test_each_limit_is_part_of_the_fingerprint() -> None:
    texts = ("[caps.marketing]\nday = 2", "[duplicates]\nutility = 5", "[pace]\npair_burst = 9")
    assert len({parse_policy(text, TIMELESS).fingerprint for text in ("", *texts)}) == 4
