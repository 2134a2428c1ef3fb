"""Sending through askfirst: the real decision, the real fold, the real reading of stops.

What a server keeps in its database is kept here in lists; everything that is decided or understood
is done by the functions that a server calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

from askfirst.adapters.country_rule_files import built_in_law
from askfirst.decision.decide import decide, objection
from askfirst.decision.decision import Verdict as GateVerdict
from askfirst.decision.facts import DecisionContext
from askfirst.decision.policy import Policy
from askfirst.decision.question import MessageKind, SendRequest
from askfirst.decision.traffic import NO_TRAFFIC, SentMessage, Traffic
from askfirst.domain.consent.event import Assurance, Event, EventKind, NumberProof, Source
from askfirst.domain.consent.standing import (
    NOTHING_SAID,
    Answer,
    Standing,
    doubt_about,
    native_stop,
    step,
    view,
)
from askfirst.domain.opt_out.classifier import OptOutClassifier
from askfirst.domain.opt_out.reading import Certainty, OptOutReading
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.tenants.sender import Sender, Template, TemplateState
from askfirst.domain.value import replace
from askfirst.domain.values.alias import Alias, AliasKind
from askfirst.domain.values.ids import (
    BusinessId,
    ContactId,
    EventId,
    PhoneNumberId,
    Position,
    WabaId,
)
from askfirst.domain.values.purpose import MARKETING, ONE_ORDER, UTILITY, Category
from askfirst.domain.values.timestamp import DAY, Instant
from askfirst.simulator.experiment.people import Agreement, Person
from askfirst.simulator.experiment.temper import Manner, Remark
from askfirst.simulator.experiment.way import (
    LEAVE,
    ORDER_NEWS,
    REFUSE,
    AnswerAtOrder,
    Message,
    Verdict,
)

BUSINESS: Final = BusinessId("simulated")
_WABA: Final = WabaId("100000000000001")
_SENDER: Final = Sender(
    business_id=BUSINESS,
    phone_number_id=PhoneNumberId("200000000000001"),
    waba_id=_WABA,
    digits="15550100001",
    name="Simulated",
)
_NOTHING: Final = Message("", "")
_KEPT_FOR: Final = 31 * DAY
_OFFERS: Final = (MARKETING.name,)
_NOES: Final = frozenset({Answer.WITHDRAWN, Answer.REFUSED, Answer.ERASED})
_SHOWN: Final = (Assurance.SHOWN, NumberProof.VOUCHED)
_PROVEN: Final = (Assurance.CONFIRMED, NumberProof.PROVEN)
_CLAIMED: Final = (Assurance.ASSERTED, NumberProof.VOUCHED)


def _policy() -> Policy:
    """Return the policy that comes with askfirst, told that one template is about one order.

    What countries ask of a yes is among it. Their hours are not: without a calendar there are none.
    A campaign here has its hour in UTC, and nobody has a number that would tell their clock.
    """
    law = replace(built_in_law(), calendar=None)
    return Policy(templates={ORDER_NEWS: ONE_ORDER}, law=law)


class AskFirst:
    """The gate in front of every send, questions with each order, and every stop that is read."""

    def __init__(self, people: Sequence[Person], opt_out: OptOutClassifier, start: Instant) -> None:
        self._policy = _policy()
        self._read_typed = cache(opt_out.read_typed)
        self._read_tapped = cache(opt_out.read_tapped)
        # Nobody has a number here: what could be dialled is not made up.
        self._names = [(Alias(AliasKind.BSUID, f"{one.country}.{one.number}"),) for one in people]
        self._contacts = [(ContactId(f"con_{one.number}"),) for one in people]
        self._standings: list[Standing] = [NOTHING_SAID] * len(people)
        self._position = 0
        self._window_opened_at: dict[int, Instant] = {}
        self._asked_about: set[int] = set()
        self._sent: dict[int, list[tuple[SentMessage, str]]] = {}
        self._templates: dict[str, Template] = {}
        for person in people:
            self._remember(person, start)

    # --- what the simulated world asks of a way ---------------------------------------------------

    def may_leave(self, person: Person, message: Message, now: Instant) -> Verdict:
        facts, question = self._facts(person, message), self._question(person, message)
        decision = decide(facts, self._policy, question, now)
        if decision.verdict is GateVerdict.WAIT:
            return Verdict(may_leave=False, retry_at=decision.retry_at)
        return LEAVE if decision.allowed else REFUSE

    def was_sent(self, person: Person, message: Message, now: Instant) -> None:
        """Keep what counts for how often: as long as the longest cap and no longer."""
        purpose = MARKETING if message.is_offer else ONE_ORDER
        sent = self._sent.setdefault(person.number, [])
        sent.append((SentMessage(now, purpose.name, is_outside=True), message.content))
        if sent[0][0].at <= now - _KEPT_FOR:
            self._sent[person.number] = [one for one in sent if one[0].at > now - _KEPT_FOR]

    def hear(self, person: Person, said: Remark, now: Instant) -> bool:
        """Read it as the webhook does: a stop ends what it names; if it may be one, offers rest."""
        self._window_opened_at[person.number] = now
        if said.manner is Manner.SWITCH:
            self._record(person, EventKind.NATIVE_STOPPED, now, _OFFERS, _PROVEN)
            return False
        reading = self._understood(said)
        if reading.certainty is Certainty.UNSURE:
            self._record(person, EventKind.DOUBTED, now, _OFFERS, _PROVEN)
            return self._asks_what_was_meant(person, now)
        if reading.purposes is not None:
            self._record(person, EventKind.WITHDRAWN, now, reading.purposes, _PROVEN)
        return False

    def hear_answer(self, person: Person, *, is_no: bool, now: Instant) -> None:
        kind = EventKind.WITHDRAWN if is_no else EventKind.KEPT
        self._record(person, kind, now, _OFFERS, _PROVEN)

    def ask_at_order(self, person: Person, answer: AnswerAtOrder, now: Instant) -> bool:
        kind = EventKind.GRANTED if answer.order_news else EventKind.INFORMED
        self._record(person, kind, now, (ONE_ORDER.name,), _SHOWN, Surface.ORDER)
        if self.has_noted_no(person) or self.may_offer(person, now) or not answer.offers:
            return False
        sure = _PROVEN if answer.is_proven else _SHOWN
        self._record(person, EventKind.GRANTED, now, _OFFERS, sure, Surface.ORDER)
        return True

    def may_offer(self, person: Person, now: Instant) -> bool:
        question = replace(self._question(person, _NOTHING), kind=MessageKind.PURPOSE)
        facts = self._facts(person, _NOTHING)
        return objection(facts, self._policy, replace(question, purpose=MARKETING), now) is None

    def has_noted_no(self, person: Person) -> bool:
        standing = self._standings[person.number]
        if view(standing, MARKETING).answer in _NOES or native_stop(standing, None):
            return True
        return doubt_about(standing, MARKETING) is not None

    # --- what a server reads and writes -----------------------------------------------------------

    def _facts(self, person: Person, message: Message) -> DecisionContext:
        """Tell all that the rules may rest on: what a new rule reads is filled in here."""
        return DecisionContext(
            position=Position(self._position),
            contacts=self._contacts[person.number],
            standing=self._standings[person.number],
            sender=_SENDER,
            template=self._template(message.template),
            window_opened_at=self._window_opened_at.get(person.number),
            traffic=self._traffic(person, message),
        )

    def _traffic(self, person: Person, message: Message) -> Traffic:
        """Tell what was sent. Paces of seconds are not among it: a day here has a few moments."""
        sent = self._sent.get(person.number)
        if not sent:
            return NO_TRAFFIC
        same = [one._replace(is_same=content == message.content) for one, content in sent]
        return Traffic(sent=tuple(same))

    def _asks_what_was_meant(self, person: Person, now: Instant) -> bool:
        """Ask once for each doubt, if the gate lets the question through."""
        doubt = self._standings[person.number].doubt
        if doubt is None or doubt.first in self._asked_about:
            return False
        question = replace(
            self._question(person, _NOTHING),
            kind=MessageKind.STOP_QUESTION,
            doubt=doubt.first,
        )
        if not decide(self._facts(person, _NOTHING), self._policy, question, now).allowed:
            return False
        self._asked_about.add(doubt.first)
        return True

    def _question(self, person: Person, message: Message) -> SendRequest:
        return SendRequest(
            business_id=BUSINESS,
            sender=_SENDER.phone_number_id,
            recipients=self._names[person.number],
            kind=MessageKind.TEMPLATE,
            template=message.template,
            language=person.wordings.language,
            country=person.country,
            content=message.content,
        )

    def _template(self, name: str) -> Template:
        if name not in self._templates:
            self._templates[name] = Template(
                business_id=BUSINESS,
                waba_id=_WABA,
                name=name,
                language="",
                category=Category.UTILITY if name == ORDER_NEWS else Category.MARKETING,
                state=TemplateState.IN_SERVICE,
                seen_at=Instant(0),
            )
        return self._templates[name]

    def _understood(self, said: Remark) -> OptOutReading:
        if said.manner is Manner.BUTTON:
            return self._read_tapped(said.text, said.text)
        return self._read_typed(said.text)

    def _record(
        self,
        person: Person,
        kind: EventKind,
        at: Instant,
        purposes: tuple[str, ...],
        sure: tuple[Assurance, NumberProof],
        surface: Surface = Surface.CHAT,
    ) -> None:
        self._position += 1
        event = Event(
            event_id=EventId(f"evt_{self._position}"),
            business_id=BUSINESS,
            contact_id=self._contacts[person.number][0],
            position=Position(self._position),
            kind=kind,
            occurred_at=at,
            recorded_at=at,
            source=Source.IMPORT if surface is Surface.IMPORT else Source.API,
            surface=surface,
            purposes=purposes,
            assurance=sure[0],
            number_proof=sure[1],
            sender=_SENDER.phone_number_id,
        )
        self._standings[person.number] = step(self._standings[person.number], event)

    def _remember(self, person: Person, start: Instant) -> None:
        """Record what somebody had said before the first day."""
        at = Instant(start - person.agreed_days_ago * DAY)
        all_of_it = (*_OFFERS, UTILITY.name)
        yes, no = EventKind.GRANTED, EventKind.WITHDRAWN
        match person.agreement:
            case Agreement.SAID_YES:
                sure = _PROVEN if person.is_proven else _SHOWN
                self._record(person, yes, at, all_of_it, sure, Surface.SIGNUP)
            case Agreement.CLAIMED:
                self._record(person, yes, at, all_of_it, _CLAIMED, Surface.IMPORT)
            case Agreement.ORDER_NEWS:
                self._record(person, yes, at, (UTILITY.name,), _SHOWN, Surface.SIGNUP)
            case Agreement.REFUSED:
                self._record(person, EventKind.REFUSED, at, _OFFERS, _SHOWN, Surface.SIGNUP)
            case Agreement.STOPPED:
                self._record(person, yes, Instant(at - DAY), all_of_it, _SHOWN, Surface.SIGNUP)
                self._record(person, no, at, _OFFERS, _SHOWN, Surface.PHONE)
            case Agreement.UNASKED:
                pass
