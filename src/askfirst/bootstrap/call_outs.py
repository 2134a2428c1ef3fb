"""The ways out to servers of the operator's, as settings name them; or none."""

from __future__ import annotations

from askfirst.bootstrap.settings import Settings
from askfirst.delivery.call_outs import (
    HeadReceiverByCallOut,
    NoHeadReceiver,
    NoReceiver,
    NoSms,
    ReceiverByCallOut,
    SmsByCallOut,
)
from askfirst.ports.codes.sms import Sms
from askfirst.ports.events.outbox import Receiver
from askfirst.ports.platform.clock import Clock


def sms_of(settings: Settings, clock: Clock) -> Sms:
    """Open the way out by SMS, where there is one."""
    if settings.sms_url is None or settings.sms_secret is None:
        return NoSms()
    return SmsByCallOut(settings.sms_url, settings.sms_secret.get_secret_value(), clock)


def receiver_of(settings: Settings, clock: Clock) -> Receiver:
    """Open the way to whoever is told of events, where there is anybody."""
    if settings.events_url is None or settings.events_secret is None:
        return NoReceiver()
    secret = settings.events_secret.get_secret_value()
    return ReceiverByCallOut(settings.events_url, secret, clock)


def head_receiver_of(settings: Settings, clock: Clock) -> HeadReceiverByCallOut | NoHeadReceiver:
    """Open the way to whoever is told the heads, where there is anybody."""
    if settings.head_url is None or settings.head_secret is None:
        return NoHeadReceiver()
    return HeadReceiverByCallOut(settings.head_url, settings.head_secret.get_secret_value(), clock)
