"""What Meta says of accounts, senders and templates, as signals that set brakes or lift them.

Sources: Meta, webhooks `account_update`, `account_alerts`, and
`message_template_quality_update`. What is not listed there sets nothing. By now
`phone_number_quality_update` tells of limits, and not of quality.
"""

from __future__ import annotations

from typing import Final

from askfirst.domain.brakes.signal import (
    Signal,
    alert_signal,
    disabled_signal,
    quality_signal,
    restriction_signal,
    violation_signal,
)
from askfirst.domain.brakes.subject import NAME_MAX, BrakeScope, Subject
from askfirst.domain.values.timestamp import Instant, from_unix_seconds
from askfirst.graph.inbound import wire
from askfirst.graph.tenants.template_state import template_language

_ALERTED: Final = {
    "BUSINESS": BrakeScope.BUSINESS,
    "WABA": BrakeScope.WABA,
    "PHONE_NUMBER": BrakeScope.SENDER,
}
_WORD_MAX: Final = 100


def read_signals(field: str, waba: str, value: wire.Value, now: Instant) -> tuple[Signal, ...]:
    """Return what a notice says of sending; `now` is when Meta says it.

    Meta's own example of a change of quality stands under another field: the keys tell, too.
    """
    if value.message_template_name and value.new_quality_score and not value.event:
        return _template_quality(value)
    if field == "account_update":
        return _account(waba, value, now)
    if field == "account_alerts":
        return _alert(waba, value)
    return ()


def _template_quality(value: wire.Value) -> tuple[Signal, ...]:
    language = template_language(value.message_template_language)
    name = f"{value.message_template_name}/{language}"
    if len(name) > NAME_MAX or not name.isprintable():
        return ()
    signal = quality_signal(Subject(BrakeScope.TEMPLATE, name), value.new_quality_score or "")
    return (signal,) if signal else ()


def _account(waba: str, value: wire.Value, now: Instant) -> tuple[Signal, ...]:
    """Read `account_update`: each restriction by itself, since each holds something else."""
    match value.event:
        case "ACCOUNT_RESTRICTION":
            found = (
                restriction_signal(waba, _word(one.restriction_type), _moment(one.expiration))
                for one in value.restriction_info or ()
            )
            return tuple(signal for signal in found if signal)
        case "ACCOUNT_VIOLATION":
            info = value.violation_info or wire.ViolationInfo()
            return (violation_signal(waba, _word(info.violation_type), now),)
        case "DISABLED_UPDATE":
            ban = value.ban_info or wire.BanInfo()
            signal = disabled_signal(waba, _word(ban.waba_ban_state))
            return (signal,) if signal else ()
        case "ACCOUNT_DELETED":
            signal = disabled_signal(waba, "DISABLE")
            return (signal,) if signal else ()
        case _:
            return ()


def _alert(waba: str, value: wire.Value) -> tuple[Signal, ...]:
    """Read an alert about the portfolio, the account or a number; others are about no sending."""
    info = value.alert_info or wire.AlertInfo()
    scope = _ALERTED.get(_word(value.entity_type))
    entity = str(value.entity_id or "")
    if scope is None or not (entity.isascii() and entity.isdigit()):
        return ()
    names = {BrakeScope.BUSINESS: "", BrakeScope.WABA: waba, BrakeScope.SENDER: entity}
    signal = alert_signal(
        Subject(scope, names[scope]),
        _word(info.alert_severity),
        _word(info.alert_status),
        _word(info.alert_type),
    )
    return (signal,) if signal else ()


def _word(value: str | None) -> str:
    text = (value or "")[:_WORD_MAX]
    return text if text.isprintable() else ""


def _moment(value: wire.Loose) -> Instant | None:
    try:
        return from_unix_seconds(int(value)) if value else None
    except ValueError:
        return None
