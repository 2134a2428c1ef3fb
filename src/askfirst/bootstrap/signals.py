"""Signals as counters and log lines: about codes, never about whom."""

from __future__ import annotations

import structlog

from askfirst.bootstrap.clock_watch import ClockWatch
from askfirst.domain.code import Channel, Happening
from askfirst.domain.code_event import EventFate
from askfirst.domain.code_signal import CodeSignal
from askfirst.domain.code_template import TemplateTrouble
from askfirst.domain.ids import BusinessId
from askfirst.domain.instant import SECOND, Instant
from askfirst.domain.limit import LimitName
from askfirst.domain.stop_confirmation import ConfirmationFate
from askfirst.web.metrics import Metrics

_CONFIRMATION_TROUBLE = frozenset(
    {ConfirmationFate.FAILED, ConfirmationFate.UNNAMED, ConfirmationFate.LOST}
)


class LoggedSignals:
    """See ports.signals.Signals."""

    def __init__(self, metrics: Metrics, watch: ClockWatch) -> None:
        self._metrics = metrics
        self._watch = watch

    def happened(self, what: Happening, channel: Channel) -> None:
        """Count it."""
        self._metrics.code(what.value, channel.value)

    def told(self, business_id: BusinessId, fate: EventFate) -> None:
        """Count it; say it, where nobody will hear of it any more."""
        self._metrics.code_event(fate.value)
        if fate is EventFate.GIVEN_UP:
            structlog.get_logger("askfirst").warning("code_event_given_up", business=business_id)

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
        self._metrics.clock_difference((self._watch.difference or 0) / SECOND)

    def stop_confirmation(
        self, business_id: BusinessId, fate: ConfirmationFate, reason: str = ""
    ) -> None:
        """Count it; say it, where the operator can do something about it."""
        self._metrics.stop_confirmation(fate.value)
        if fate in _CONFIRMATION_TROUBLE:
            structlog.get_logger("askfirst").warning(
                "stop_not_confirmed", business=business_id, fate=fate.value, reason=reason
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
