"""What messages are for."""

import pytest

from askfirst.domain.values.errors import InvalidInput, UnknownReference
from askfirst.domain.values.purpose import MARKETING, SERVICE, Category, Purpose, parse_purpose

TOPICS = frozenset({"marketing.offers"})


def test_a_topic_belongs_to_its_parent() -> None:
    topic = parse_purpose("marketing.offers", TOPICS, "purpose")
    assert topic.category is Category.MARKETING
    assert topic.chain == ("marketing.offers", "marketing")


def test_a_parent_stands_alone() -> None:
    assert MARKETING.chain == ("marketing",)


def test_a_topic_must_be_declared() -> None:
    with pytest.raises(UnknownReference):
        parse_purpose("marketing.news", TOPICS, "purpose")


@pytest.mark.parametrize(
    "text", ["", "Marketing", "marketing.", "marketing.a.b", "gossip", "marketing.1", "marketing\n"]
)
def test_what_is_no_purpose_is_refused_by_field(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_purpose(text, TOPICS, "purposes[0]")
    assert refused.value.field == "purposes[0]"


def test_service_needs_no_yes_and_takes_none() -> None:
    assert SERVICE.category is Category.SERVICE
    with pytest.raises(InvalidInput):
        parse_purpose("service", TOPICS, "purpose")


def test_a_purpose_of_unknown_root_cannot_be_made() -> None:
    with pytest.raises(InvalidInput):
        Purpose("gossip.offers")
