"""Signals as counters and log lines: about codes, never about whom."""

from __future__ import annotations

import structlog

from askfirst.domain.code import Channel, Happening
from askfirst.domain.code_event import EventFate
from askfirst.domain.code_signal import CodeSignal
from askfirst.domain.code_template import TemplateTrouble
from askfirst.domain.ids import BusinessId
from askfirst.domain.limit import LimitName
from askfirst.domain.prompt import Surface
from askfirst.domain.proof import ProofStep
from askfirst.web.metrics import Metrics


class LoggedSignals:
    """See ports.signals.Signals."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

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

    def number_proof(self, step: ProofStep, surface: Surface) -> None:
        """Count it."""
        self._metrics.number_proof(step.value, surface.value)

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
