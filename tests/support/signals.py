"""A telemetry that only remembers what it was told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from askfirst.domain.brakes.brake import BrakeChange
from askfirst.domain.codes.code import Channel, StatusKind
from askfirst.domain.codes.code_event import EventFate
from askfirst.domain.codes.code_signal import CodeSignal
from askfirst.domain.codes.code_template import TemplateTrouble
from askfirst.domain.consent.number_confirmation import ProofStep
from askfirst.domain.consent.stop_confirmation import ConfirmationFate
from askfirst.domain.held.held_message import HeldState
from askfirst.domain.inbound.dead_letter import LetterFate, Route
from askfirst.domain.inbound.delivery import ForwardFate
from askfirst.domain.opt_out.reading import About
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.tasks.task import Task, TaskFate
from askfirst.domain.tenants.template_content import TemplateFlag
from askfirst.domain.transparency.ledger_check import Damage
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.rate_limit import LimitName
from askfirst.domain.values.timestamp import Instant


@dataclass(slots=True)
class FakeSignals:
    """Keeps what was signalled."""

    happenings: list[tuple[StatusKind, Channel]] = field(default_factory=list)
    refusals: list[LimitName] = field(default_factory=list)
    fates: list[EventFate] = field(default_factory=list)
    alarms: list[CodeSignal] = field(default_factory=list)
    answers_refused: list[LimitName] = field(default_factory=list)
    troubles: list[TemplateTrouble] = field(default_factory=list)
    flags: dict[BusinessId, Mapping[TemplateFlag, int]] = field(default_factory=dict)
    flagged_messages: list[TemplateFlag] = field(default_factory=list)
    deliveries: list[tuple[Instant, Instant]] = field(default_factory=list)
    brakes: list[BrakeChange] = field(default_factory=list)
    damages: list[Damage] = field(default_factory=list)
    tasks: list[tuple[Task, TaskFate, str]] = field(default_factory=list)
    proofs: list[tuple[ProofStep, Surface]] = field(default_factory=list)
    letters: list[tuple[LetterFate, int, Collection[Route]]] = field(default_factory=list)
    confirmations: list[tuple[ConfirmationFate, str]] = field(default_factory=list)
    held_ends: list[tuple[HeldState, str]] = field(default_factory=list)
    posts: Counter[EventFate] = field(default_factory=Counter)
    forwards: Counter[ForwardFate] = field(default_factory=Counter)
    parkings: list[BusinessId] = field(default_factory=list)
    questions: list[tuple[ConfirmationFate, str]] = field(default_factory=list)
    links: list[tuple[ConfirmationFate, str]] = field(default_factory=list)
    reviews: list[About] = field(default_factory=list)

    def happened(self, what: StatusKind, channel: Channel) -> None:
        self.happenings.append((what, channel))

    def told(self, business_id: BusinessId, fate: EventFate) -> None:
        self.fates.append(fate)

    def posted(self, fate: EventFate, count: int = 1) -> None:
        self.posts[fate] += count

    def parked(self, business_id: BusinessId) -> None:
        self.parkings.append(business_id)

    def forwarded(self, fate: ForwardFate, count: int = 1) -> None:
        self.forwards[fate] += count

    def webhook_set_aside(self, business_id: BusinessId) -> None:
        self.parkings.append(business_id)

    def receiver_parked(self, business_id: BusinessId) -> None:
        self.parkings.append(business_id)

    def refused(self, limit: LimitName) -> None:
        self.refusals.append(limit)

    def alarm(self, business_id: BusinessId, signal: CodeSignal) -> None:
        self.alarms.append(signal)

    def answer_refused(self, limit: LimitName) -> None:
        self.answers_refused.append(limit)

    def delivered(self, said_at: Instant, received_at: Instant) -> None:
        self.deliveries.append((said_at, received_at))

    def number_proof(self, step: ProofStep, surface: Surface) -> None:
        self.proofs.append((step, surface))

    def dead_letters(
        self, fate: LetterFate, count: int, routes: Collection[Route] = frozenset()
    ) -> None:
        self.letters.append((fate, count, routes))

    def stop_confirmation(
        self, business_id: BusinessId, fate: ConfirmationFate, reason: str = ""
    ) -> None:
        self.confirmations.append((fate, reason))

    def stop_question(
        self, business_id: BusinessId, fate: ConfirmationFate, reason: str = ""
    ) -> None:
        self.questions.append((fate, reason))

    def preference_link(
        self, business_id: BusinessId, fate: ConfirmationFate, reason: str = ""
    ) -> None:
        self.links.append((fate, reason))

    def held(self, business_id: BusinessId, state: HeldState, reason: str = "") -> None:
        self.held_ends.append((state, reason))

    def review_opened(self, about: About) -> None:
        self.reviews.append(about)

    def template_flags(self, business_id: BusinessId, flags: Mapping[TemplateFlag, int]) -> None:
        self.flags[business_id] = dict(flags)

    def flagged(self, flag: TemplateFlag) -> None:
        self.flagged_messages.append(flag)

    def brake(self, change: BrakeChange) -> None:
        self.brakes.append(change)

    def template_trouble(self, business_id: BusinessId, trouble: TemplateTrouble) -> None:
        self.troubles.append(trouble)

    def task(self, task: Task, fate: TaskFate, reason: str = "") -> None:
        self.tasks.append((task, fate, reason))

    def damaged(self, damage: Damage) -> None:
        self.damages.append(damage)
