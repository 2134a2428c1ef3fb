"""Signals as counters and log lines: about what happens, never about whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import structlog

from askfirst.adapters.clock_watch import ClockWatch
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
from askfirst.usecases.transparency.find_ledger_state import remedy_of
from askfirst.web.metrics import Metrics

_CONFIRMATION_TROUBLE = frozenset(
    {ConfirmationFate.FAILED, ConfirmationFate.UNNAMED, ConfirmationFate.LOST}
)
_HELD_TROUBLE = frozenset({HeldState.FAILED, HeldState.UNKNOWN})
_TOLD_MAX = 1_000
_REGISTER = (
    "askfirst doctor says which sender; register it with its WABA and token (PUT "
    "/v1/senders/{phone_number_id}, or askfirst sender set), and what waits counts from then on"
)
_TOO_LATE = "nobody registered the sender for 400 days; if it is yours, ask its customers again"
_DEAD = "askfirst doctor lists what is dead; what its cause asks for again is tried again"
_PARKED = "its endpoint took nothing for 3 days; askfirst subscriptions list, mend it, and resume"
_SET_ASIDE = "a receiver refuses it and takes others; mend it, and run askfirst receivers redeliver"
_RECEIVER_PARKED = "it took nothing for 7 days; askfirst receivers list, mend it, and resume"
_LOOK = "it stays and is tried again each minute; if that goes on, report the error to askfirst"


class LoggedTelemetry:
    """See ports.telemetry.Telemetry."""

    def __init__(self, metrics: Metrics, watch: ClockWatch) -> None:
        self._metrics = metrics
        self._watch = watch
        self._told: set[Route] = set()

    def happened(self, what: StatusKind, channel: Channel) -> None:
        """Count it."""
        self._metrics.code(what.value, channel.value)

    def told(self, business_id: BusinessId, fate: EventFate) -> None:
        """Count it; say it, where nobody will hear of it any more."""
        self._metrics.code_event(fate.value)
        if fate is EventFate.GIVEN_UP:
            structlog.get_logger("askfirst").warning("code_event_given_up", business=business_id)

    def posted(self, fate: EventFate, count: int = 1) -> None:
        """Count it."""
        self._metrics.subscription(fate.value, count)

    def parked(self, business_id: BusinessId) -> None:
        """Count it, and say it: it ends only when somebody does something."""
        self._metrics.subscription("parked", 1)
        log = structlog.get_logger("askfirst")
        log.warning("subscription_parked", business=business_id, remedy=_PARKED)

    def forwarded(self, fate: ForwardFate, count: int = 1) -> None:
        """Count it."""
        self._metrics.forwarded(fate.value, count)

    def webhook_set_aside(self, business_id: BusinessId) -> None:
        """Say it: it comes again only when somebody asks for it."""
        log = structlog.get_logger("askfirst")
        log.warning("webhook_set_aside", business=business_id, remedy=_SET_ASIDE)

    def receiver_parked(self, business_id: BusinessId) -> None:
        """Count it, and say it: it ends only when somebody does something."""
        self._metrics.forwarded("parked", 1)
        log = structlog.get_logger("askfirst")
        log.warning("receiver_parked", business=business_id, remedy=_RECEIVER_PARKED)

    def refused(self, limit: LimitName) -> None:
        """Count it."""
        self._metrics.code_refused(limit.value)

    def alarm(self, business_id: BusinessId, signal: CodeSignal) -> None:
        """Count it, and say it."""
        self._metrics.code_alarm(signal.value)
        structlog.get_logger("askfirst").warning(
            "codes_may_be_misused", business=business_id, signal=signal.value
        )

    def answer_refused(self, limit: LimitName) -> None:
        """Count it."""
        self._metrics.answer_refused(limit.value)

    def delivered(self, said_at: Instant, received_at: Instant) -> None:
        """Hold our clock against Meta's."""
        self._watch.delivered(said_at, received_at)

    def number_proof(self, step: ProofStep, surface: Surface) -> None:
        """Count it."""
        self._metrics.number_proof(step.value, surface.value)

    def dead_letters(
        self, fate: LetterFate, count: int, routes: Collection[Route] = frozenset()
    ) -> None:
        """Count it; say what waits, or is lost, once for each sender."""
        self._metrics.dead_letters(fate.value, count)
        log = structlog.get_logger("askfirst")
        match fate:
            case LetterFate.KEPT:
                if untold := self._untold(routes):
                    log.error("webhook_unrouted", count=untold, remedy=_REGISTER)
            case LetterFate.TAKEN_UP:
                self._told.difference_update(routes)
                log.info("webhook_taken_up", count=count)
            case LetterFate.FAILED:
                log.error("webhook_not_taken_up", count=count, remedy=_LOOK)
            case LetterFate.FORGOTTEN:
                log.error("webhook_forgotten", count=count, remedy=_TOO_LATE)

    def _untold(self, routes: Collection[Route]) -> int:
        """Count senders that no line told of: their deliveries are many, and one line is enough.

        A line must not name them: their ids look like phone numbers.
        """
        if len(self._told) > _TOLD_MAX:
            self._told.clear()
        before = len(self._told)
        self._told.update(routes)
        return len(self._told) - before

    def stop_confirmation(
        self, business_id: BusinessId, fate: ConfirmationFate, reason: str = ""
    ) -> None:
        """Count it; say it, where the operator can do something about it."""
        self._metrics.stop_confirmation(fate.value)
        _say_trouble("stop_not_confirmed", business_id, fate, reason)

    def stop_question(
        self, business_id: BusinessId, fate: ConfirmationFate, reason: str = ""
    ) -> None:
        """Count it; say it, where the operator can do something about it."""
        self._metrics.stop_question(fate.value)
        _say_trouble("stop_not_asked_about", business_id, fate, reason)

    def preference_link(
        self, business_id: BusinessId, fate: ConfirmationFate, reason: str = ""
    ) -> None:
        """Count it; say it, where the operator can do something about it."""
        self._metrics.preference_link(fate.value)
        _say_trouble("preference_link_not_sent", business_id, fate, reason)

    def held(self, business_id: BusinessId, state: HeldState, reason: str = "") -> None:
        """Count it; say it, where nobody wanted it so."""
        self._metrics.held(state.value)
        if state in _HELD_TROUBLE:
            log = structlog.get_logger("askfirst")
            log.warning("held_not_sent", business=business_id, fate=state.value, reason=reason)

    def review_opened(self, about: About) -> None:
        """Count it."""
        self._metrics.review_opened(about.value)

    def brake(self, change: BrakeChange) -> None:
        """Count it, and say it: an operator may have to mend what people object to."""
        brake = change.brake
        facts = (change.step.value, brake.subject.scope.value, brake.colour.value)
        self._metrics.brake(*facts, brake.cause.value)
        structlog.get_logger("askfirst").warning(
            f"brake_{change.step.value}",
            business=brake.business_id,
            brake=brake.brake_id,
            scope=brake.subject.scope.value,
            colour=brake.colour.value,
            cause=brake.cause.value,
        )

    def template_trouble(self, business_id: BusinessId, trouble: TemplateTrouble) -> None:
        """Count it, and say it."""
        self._metrics.code_template_trouble(trouble.fault.value)
        structlog.get_logger("askfirst").warning(
            "code_templates_unusable",
            business=business_id,
            fault=trouble.fault.value,
            languages=list(trouble.languages),
            status=trouble.status,
            code=trouble.code,
        )

    def template_flags(self, business_id: BusinessId, flags: Mapping[TemplateFlag, int]) -> None:
        """Keep it for whoever asks."""
        counts = {flag.value: flags.get(flag, 0) for flag in TemplateFlag}
        self._metrics.template_flags(business_id, counts)

    def flagged(self, flag: TemplateFlag) -> None:
        """Count it."""
        self._metrics.flagged_message(flag.value)

    def task(self, task: Task, fate: TaskFate, reason: str = "") -> None:
        """Count it; say what failed, and what nobody will try again."""
        self._metrics.task(task.queue.value, fate.value)
        log = structlog.get_logger("askfirst")
        about = {"business": task.business_id, "queue": task.queue.value, "error": reason}
        if fate is TaskFate.DEAD:
            log.error("task_dead", **about, remedy=_DEAD)
        elif reason:
            log.warning("task_failed", **about)

    def damaged(self, damage: Damage) -> None:
        """Count it, and say it with what to do."""
        self._metrics.ledger_damage(damage.kind.value)
        structlog.get_logger("askfirst").error(
            "ledger_held", business=damage.business_id, error=f"{damage}. {remedy_of(damage)}"
        )


def _say_trouble(event: str, business_id: BusinessId, fate: ConfirmationFate, reason: str) -> None:
    if fate in _CONFIRMATION_TROUBLE:
        log = structlog.get_logger("askfirst")
        log.warning(event, business=business_id, fate=fate.value, reason=reason)
