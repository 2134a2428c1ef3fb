"""Decision cases as they are written in cases/*.yaml, read strictly.

A case tells what happened, asks one question and says what must come out. `what` is one of:

    says yes, says no              to: purposes; where: a surface (signup if not said); shown words
    somebody types their number    to: purposes; where: as above; shown words, and a yes to them
    is shown a notice              to: purposes; where: signup, login or order (order if not said)
    has a yes claimed for them     to: purposes; by: import or api; nobody showed them anything
    chooses WhatsApp for a code    the product says that they did; nobody showed them a prompt
    withdraws                      from: purposes (everything if not said)
    has their number vouched for   the business says that it is theirs
    proves the number              a message that Meta signed came from it, with the code of a proof
    types                          text: what they wrote in the chat
    taps yes, taps no, taps stop   to / from: purposes; a button below our question
    uses WhatsApp's stop           Meta's own switch for marketing
    uses WhatsApp's resume
    signs up through WhatsApp      Meta's own sign-up link
    a message fails                code: Meta's error code
    gets a new owner               Meta says that the number's holder changed
    moves to                       person: whose number and id they use now
    is sent                        message: the name of a template, or `a reply`; times: how often,
                                   each time with other words, at that moment
    the template                   name; is: Meta's word, or category: Meta's category, or says: its
                                   words, with a button of that label
    somebody accepts the template  name: an operator, after Meta made it marketing
    the sender                     is: active, paused, restricted or banned

A question about a reply may have a `campaign` and a `text`; a check names neither.
Its `words: as before` are those that were sent last; a check names none. `retry` is when
the message may leave.

`who` is one of cast.yaml, Ada if not said; or somebody of a country (`FR`) or of an American state
(`US-FL`), by its code. `known by` is `number` (if not said), `id` or `both`. `hours` are `open`, if
not said, or `by law`: then offers wait for the day.
Times are UTC; `arrives` is when we hear of it, if later than `at`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from phonenumbers import PhoneNumberType, country_code_for_region, example_number_for_type

from askfirst.adapters.country_rule_files import AREA_CODES, FOLDER, read_toml
from askfirst.decision.policy import Policy
from askfirst.decision.policy_file import parse_policy
from askfirst.domain.values.alias import Alias, parse_alias, phone_alias, wa_id_alias
from askfirst.domain.values.purpose import Category
from askfirst.domain.values.timestamp import Instant, parse_rfc3339
from tests.support.law import LAW, TIMELESS

HERE = Path(__file__).parent

# The business of all cases: its topics, and the templates that Meta has approved.
TEMPLATES = {
    "sale": Category.MARKETING,
    "weekly_offers": Category.MARKETING,
    "order_update": Category.UTILITY,
    "parcel": Category.UTILITY,
    "this_order": Category.UTILITY,
    "login_code": Category.AUTHENTICATION,
}
_TOPICS = 'topics = ["marketing.offers", "utility.orders"]\n'
MAPPED = {
    "weekly_offers": "marketing.offers",
    "parcel": "utility.orders",
    "this_order": "utility.order",
}
_MAPPING = '\n[templates]\nweekly_offers = "marketing.offers"\nparcel = "utility.orders"\n'
_MAPPING += 'this_order = "utility.order"\n'

_ACT = {"at", "arrives", "who", "known by", "what", "to", "from", "where", "by", "text", "code"}
_ACT |= {"message", "times", "person", "name", "is", "category", "says", "button"}
_QUESTION = {"at", "who", "known by", "may we send", "also to", "sender", "words"}
_QUESTION |= {"campaign", "text"}
_CASE = {"title", "policy", "hours", "history", "question", "answer"}
_HOURS = {"by law": LAW, "open": TIMELESS}


@dataclass(frozen=True)
class Person:
    """One of the cast. `wa_id` is how WhatsApp spells the number."""

    name: str
    phone: str
    wa_id: str
    user_id: str
    country: str

    @property
    def number(self) -> Alias:
        return phone_alias(self.phone.removeprefix("+"))

    @property
    def id(self) -> Alias:
        return parse_alias(self.user_id)

    def aliases(self, known_by: str, *, by_meta: bool = False) -> tuple[Alias, ...]:
        """Return the names that an act or question carries; Meta has its own spelling."""
        number = wa_id_alias(self.wa_id) if by_meta else self.number
        return {"number": (number,), "id": (self.id,), "both": (number, self.id)}[known_by]


@dataclass(frozen=True)
class Act:
    """One thing that happened."""

    what: str
    who: Person
    known_by: str
    at: Instant
    arrives: Instant
    details: dict[str, Any]
    moved_to: Person | None

    @property
    def purposes(self) -> tuple[str, ...]:
        named = self.details.get("to") or self.details.get("from") or []
        return tuple(named if isinstance(named, list) else [named])


@dataclass(frozen=True)
class Ask:
    """May this message leave? `message` is `a reply` or the name of a template."""

    who: Person
    known_by: str
    also_to: Person | None
    at: Instant
    message: str
    sender: str
    is_repeated: bool = False
    campaign: str = ""
    text: str = ""

    @property
    def names(self) -> tuple[Alias, ...]:
        others = (self.also_to.id,) if self.also_to else ()
        return self.who.aliases(self.known_by) + others

    @property
    def is_reply(self) -> bool:
        return self.message == "a reply"


@dataclass(frozen=True)
class Case:
    """One case of one file."""

    theme: str
    title: str
    policy: Policy
    acts: tuple[Act, ...]
    ask: Ask
    verdict: str
    reason: str
    purpose: str | None
    retry: Instant | None
    cast: dict[str, Person] = field(repr=False)

    def __str__(self) -> str:
        return f"{self.theme}: {self.title}"


def load_cases() -> list[Case]:
    """Read all files; a word that nobody knows is an error, not a case that proves nothing."""
    cast = _cast()
    return [
        _case(path.stem, content, cast)
        for path in sorted(HERE.glob("cases/*.yaml"))
        for content in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def _cast() -> dict[str, Person]:
    people = yaml.safe_load((HERE / "cast.yaml").read_text(encoding="utf-8"))
    return _anybody() | {
        name: Person(
            name,
            one["phone"],
            str(one.get("wa_id", one["phone"].removeprefix("+"))),
            one["id"],
            one["country"],
        )
        for name, one in people.items()
    }


def _anybody() -> dict[str, Person]:
    """Somebody with a mobile number of each country, by its code, and of each American state."""
    numbers = {
        code: str(number.national_number)
        for code in LAW.countries
        if (number := example_number_for_type(code, PhoneNumberType.MOBILE))
    }
    found = {}
    for code, national in numbers.items():
        digits = f"{country_code_for_region(code)}{national}"
        found[code] = Person(code, f"+{digits}", digits, f"{code}.2000", code)
    states = read_toml(FOLDER / AREA_CODES)["states"]
    for state, (area_code, *_) in states.items():
        digits = f"1{area_code}5550123"
        found[f"US-{state}"] = Person(state, f"+{digits}", digits, "US.3000", "US")
    return found


def _case(theme: str, content: dict[str, Any], cast: dict[str, Person]) -> Case:
    _refuse_unknown(content, _CASE)
    question, answer = content["question"], content["answer"]
    _refuse_unknown(question, _QUESTION)
    _refuse_unknown(answer, {"verdict", "reason", "purpose", "retry"})
    also_to = question.get("also to")
    return Case(
        theme=theme,
        title=content["title"],
        policy=parse_policy(
            _TOPICS + content.get("policy", "") + _MAPPING, _HOURS[content.get("hours", "open")]
        ),
        acts=tuple(_act(act, cast) for act in content["history"]),
        ask=Ask(
            who=cast[question.get("who", "Ada")],
            known_by=question.get("known by", "number"),
            also_to=cast[also_to] if also_to else None,
            at=_instant(question["at"]),
            message=question["may we send"],
            sender=question.get("sender", "ours"),
            is_repeated=question.get("words") == "as before",
            campaign=question.get("campaign", ""),
            text=question.get("text", ""),
        ),
        verdict=answer["verdict"],
        reason=answer["reason"],
        purpose=answer.get("purpose"),
        retry=_instant(answer["retry"]) if "retry" in answer else None,
        cast=cast,
    )


def _act(content: dict[str, Any], cast: dict[str, Person]) -> Act:
    _refuse_unknown(content, _ACT)
    at = _instant(content["at"])
    return Act(
        what=content["what"],
        who=cast[content.get("who", "Ada")],
        known_by=content.get("known by", "number"),
        at=at,
        arrives=_instant(content["arrives"]) if "arrives" in content else at,
        details=content,
        moved_to=cast[content["person"]] if "person" in content else None,
    )


def _instant(text: str) -> Instant:
    seconds = "" if text.count(":") > 1 else ":00"
    return parse_rfc3339(f"{text}{seconds}Z", "at")


def _refuse_unknown(content: dict[str, Any], known: set[str]) -> None:
    if unknown := set(content) - known:
        message = f"nobody knows {', '.join(sorted(unknown))}"
        raise ValueError(message)
