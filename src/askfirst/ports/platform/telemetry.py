"""What operators should hear of, and what is counted: never about whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

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


class Telemetry(Protocol):
    """Counts and tells; never fails, never waits."""

    def happened(self, what: StatusKind, channel: Channel) -> None:
        """Count what happened to a request for a code."""
        ...

    def told(self, business_id: BusinessId, fate: EventFate) -> None:
        """Count what became of telling an event, and tell if it was given up."""
        ...

    def posted(self, fate: EventFate, count: int = 1) -> None:
        """Count what became of events that were posted to an endpoint of a subscription."""
        ...

    def parked(self, business_id: BusinessId) -> None:
        """Count a subscription that was parked, and tell of it."""
        ...

    def forwarded(self, fate: ForwardFate, count: int = 1) -> None:
        """Count what became of webhooks that were forwarded to a receiver."""
        ...

    def webhook_set_aside(self, business_id: BusinessId) -> None:
        """Tell of a webhook that a receiver refused again and again, and others not."""
        ...

    def receiver_parked(self, business_id: BusinessId) -> None:
        """Count a receiver that was parked, and tell of it."""
        ...

    def refused(self, limit: LimitName) -> None:
        """Count a request for a code that a limit refused."""
        ...

    def alarm(self, business_id: BusinessId, signal: CodeSignal) -> None:
        """Tell that codes may be misused."""
        ...

    def answer_refused(self, limit: LimitName) -> None:
        """Count an answer from an open page that a limit refused."""
        ...

    def delivered(self, said_at: Instant, received_at: Instant) -> None:
        """Hear when a delivery came in, and the newest of the time stamps that Meta put in it."""
        ...

    def number_proof(self, step: ProofStep, surface: Surface) -> None:
        """Count a way to prove a number that was offered, or gone to the end."""
        ...

    def dead_letters(
        self, fate: LetterFate, count: int, routes: Collection[Route] = frozenset()
    ) -> None:
        """Count what happened to deliveries that nobody was registered for; tell what is amiss."""
        ...

    def stop_confirmation(
        self, business_id: BusinessId, fate: ConfirmationFate, reason: str = ""
    ) -> None:
        """Count what became of a stop's confirmation; tell why it could not be sent."""
        ...

    def stop_question(
        self, business_id: BusinessId, fate: ConfirmationFate, reason: str = ""
    ) -> None:
        """Count what became of the question after what may be a stop, in the same way."""
        ...

    def preference_link(
        self, business_id: BusinessId, fate: ConfirmationFate, reason: str = ""
    ) -> None:
        """Count what became of a link that was asked for in the chat, in the same way."""
        ...

    def held(self, business_id: BusinessId, state: HeldState, reason: str = "") -> None:
        """Count a message that is held, or how one ended; tell of one that got lost."""
        ...

    def review_opened(self, about: About) -> None:
        """Count a message that an operator has to look at."""
        ...

    def brake(self, change: BrakeChange) -> None:
        """Count what happened to a brake, and tell of it."""
        ...

    def template_trouble(self, business_id: BusinessId, trouble: TemplateTrouble) -> None:
        """Tell that codes cannot go by WhatsApp in some languages."""
        ...

    def template_flags(self, business_id: BusinessId, flags: Mapping[TemplateFlag, int]) -> None:
        """Hear how many of a business's templates have each flag by now."""
        ...

    def flagged(self, flag: TemplateFlag) -> None:
        """Count a message that left although something is amiss with it."""
        ...

    def task(self, task: Task, fate: TaskFate, reason: str = "") -> None:
        """Count what became of an attempt at a task; tell of one that failed, and one that is dead.

        `reason` is the name of the error, empty where the failure was to be expected.
        """
        ...

    def damaged(self, damage: Damage) -> None:
        """Tell that the ledger does not fit together, so that sends are held."""
        ...


class HasTelemetry(Protocol):
    """Whatever brings telemetry along."""

    @property
    def telemetry(self) -> Telemetry:
        """Telemetry."""
        ...
