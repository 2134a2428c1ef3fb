"""Rule 7: how many messages a person gets, over all senders of the business.

Windows roll: what counts is what was sent within so many times 24 hours before now. So no border of
a day, a week or a month is one, and no time zone matters. Where the person chose to get fewer
messages, their choice is one more cap, and so is what the law of their country and state says; the
strictest holds. Each cap leaves room for one message at least, so there is always a time at which
the next place is free.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from askfirst.decision.decision import COUNTED
from askfirst.decision.limits import OVERALL
from askfirst.decision.question import MessageKind
from askfirst.decision.reason import Reason
from askfirst.decision.rules.rule import PASS, Answer, Case, Fact, Rule, Wait
from askfirst.domain.consent.frequency import Frequency
from askfirst.domain.values.purpose import MARKETING, Category, Purpose, chain_of
from askfirst.domain.values.timestamp import DAY, Instant

_Cap: TypeAlias = tuple[str, Frequency, Reason, str]
"""What is counted (a purpose, a topic or `overall`), how many there may be, what is said, and
whose law it is; empty for caps of the policy's and the person's."""


def _judge(case: Case) -> Answer:
    traffic, now = case.traffic, case.now
    sent = (*traffic.sent, *traffic.nearby) if traffic.nearby else traffic.sent
    if not sent or case.request.kind is MessageKind.STOP_CONFIRMATION:
        return PASS
    newest = max([one.at for one in sent])
    latest: Wait | None = None
    for name, most, reason, law in _caps(case):
        if len(sent) < most.count or newest + most.days * DAY <= now:
            continue  # nearly always: it need not be counted by purpose
        until = _next_place(_times(case, name), most, now)
        if until is not None and (latest is None or until > latest.until):
            latest = Wait(until, reason, said=_said(law, most))
    return latest or PASS


def _caps(case: Case) -> Iterator[_Cap]:
    """Yield each cap that the message has to keep: the law's, its topic's, its purpose's, overall.

    Where two end at the same time, the first is told: nobody can change a law.
    """
    policy, purpose = case.policy, case.purpose
    is_marketing = purpose.category is Category.MARKETING
    if is_marketing:
        for legal in policy.legal_caps(case.request.country, case.request.place.areas):
            yield MARKETING.name, legal.cap, Reason.FREQUENCY_LAW, legal.law
    for name, most in policy.caps_on(purpose):
        yield name, most, Reason.FREQUENCY_CAP, ""
    chosen = case.facts.standing.frequency
    if chosen is not None and is_marketing:
        yield MARKETING.name, chosen, Reason.FREQUENCY_CHOSEN, ""


def _said(law: str, most: Frequency) -> str:
    return f"{law}: {most.count} in {_span(most)} at most." if law else ""


def _span(most: Frequency) -> str:
    return "a day" if most.days == 1 else f"{most.days} days"


def _times(case: Case, name: str) -> list[Instant]:
    """Return when messages were sent that count for a cap, the newest first."""
    traffic, caps = case.traffic, case.policy.caps
    sent = (*traffic.sent, *traffic.nearby)
    if name == OVERALL:
        found = (one.at for one in sent if caps.is_overall(Purpose(one.purpose).category))
    else:
        found = (one.at for one in sent if name in chain_of(one.purpose))
    return sorted(found, reverse=True)


def _next_place(times: list[Instant], cap: Frequency, now: Instant) -> Instant | None:
    """Return when the next place of a cap is free; None: now."""
    if len(times) < cap.count:
        return None
    until = Instant(times[cap.count - 1] + cap.days * DAY)
    return until if until > now else None


def _looks_at(case: Case) -> tuple[Fact, ...]:
    """Tell how much of each cap is used, and whose word it is where that is a law's."""
    found = []
    for name, most, _, law in _caps(case):
        used = sum(one + most.days * DAY > case.now for one in _times(case, name))
        whose = f", by the law: {law}" if law else ""
        found.append(Fact(f"{name} sent in {_span(most)}{whose}", f"{used} of {most.count}"))
    return tuple(found) or (Fact("caps", "none on this message"),)


FREQUENCY_CAP = Rule(
    number=COUNTED,
    name="frequency cap",
    says="A person gets no more messages of a topic, a purpose or overall than the policy allows "
    "in any day, week or month, over all senders, nor more than they chose to get, nor more "
    "marketing than the law of their country and state allows.",
    judge=_judge,
    looks_at=_looks_at,
    is_of_traffic=True,
)
