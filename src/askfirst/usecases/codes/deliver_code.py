"""Bring a code to its number, one channel after another, never by two at once.

Each attempt writes down the wish, sends, and settles by its outcome. A code that was refused,
failed or not delivered in time is followed by a new one through the next channel, and the old one
is dead before the new one leaves.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Final, Protocol

from askfirst.decision.question import MessageKind, SendRequest
from askfirst.decision.reason import Reason
from askfirst.domain.codes.code import (
    ENTROPY_BYTES,
    TAKE_UP_AFTER,
    Channel,
    Code,
    DeliveryJob,
    StatusChange,
    StatusKind,
    make_code,
)
from askfirst.domain.codes.code_signal import name_of_code
from askfirst.domain.codes.code_words import sms_text
from askfirst.domain.tasks.task import LeasedTask
from askfirst.domain.tenants.sender import Sender, TemplateState
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.ids import CodeId
from askfirst.domain.values.locales import closest_locale
from askfirst.domain.values.phone import PhoneNumber
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.codes.codes import AdmissionResult, HasCodes, Renewal
from askfirst.ports.codes.composer import CodeMessage, HasComposer
from askfirst.ports.codes.sms import HasSms, SmsNotSent, SmsUnanswered
from askfirst.ports.platform.clock import HasIds
from askfirst.ports.platform.phone_numbers import HasNumbering
from askfirst.ports.prompts.catalogue import HasCatalogue
from askfirst.ports.prompts.prompts import HasProfiles
from askfirst.ports.sending.http_connection import NotSent
from askfirst.ports.tenants.directory import HasDirectory
from askfirst.usecases.codes.delivery_outcome import (
    DeliveryFailure,
    DeliveryOutcome,
    Failure,
    Passed,
    RefusedByGate,
    is_free,
    recorded_reason,
)
from askfirst.usecases.contacts.read_number import country_of_alias, place_of_alias
from askfirst.usecases.limits.code_rate_limits import (
    CodeRateLimitsNeeds,
    fallback_uses,
    give_back_spent,
    tell_reached,
)
from askfirst.usecases.prompts.business_name import name_of
from askfirst.usecases.sending.outbound.answers import AcceptedByMeta, RejectedByMeta
from askfirst.usecases.sending.outbound.outcomes import Refused, UnknownOutcome
from askfirst.usecases.sending.outbound.own_messages import SendsOwnMessages
from askfirst.usecases.sending.outbound.own_sender import own_sender

_ENGLISH: Final = "en"


class WritesDownWishes(Protocol):
    """Whatever writes down that a number's holder wished for a code (`code_wish`)."""

    def write_down_wish(self, code: Code, objection: Reason | None, /) -> Awaitable[None]:
        """Write the wish down, durably, before its code leaves."""
        ...

    def record_wish(self, code: Code, /) -> Awaitable[None]:
        """Write down that the number's holder chose WhatsApp for codes, and for nothing else."""
        ...

    def is_wish_known(self, code: Code, /) -> Awaitable[bool]:
        """Look for the wish in the ledger."""
        ...


class DeliverCodeNeeds(
    WritesDownWishes,
    SendsOwnMessages,
    CodeRateLimitsNeeds,
    HasCatalogue,
    HasProfiles,
    HasSms,
    HasComposer,
    HasDirectory,
    HasIds,
    HasNumbering,
    Protocol,
):
    """What this use case needs from the world."""


async def deliver_code(services: DeliverCodeNeeds, job: DeliveryJob) -> None:
    """Do what was promised when the request was answered."""
    objection = Reason.CODES_UNWANTED if job.is_suppressed else None
    await _deliver(services, job.code, job.digits, objection)


async def continue_code(services: DeliverCodeNeeds, leased: LeasedTask) -> Instant | None:
    """Let another code follow one that is not known to have arrived: a task of `Queue.CODES`.

    Gives when to look again where nothing is written down of it: somebody else was faster. What is
    written down has its own time, or none.
    """
    now = services.clock.now()
    code = await services.codes.find(leased.task.business_id, CodeId(leased.task.task_id))
    if code is None:
        return None
    if not code.was_sent and code.channel is Channel.WHATSAPP:
        await _make_up_for_wish(services, code, now)
    if not code.is_open(now):
        over = StatusChange(StatusKind.FAILED, code.channel, code.made, now, "expired")
        await services.codes.note(code, over, None)
        return None
    failure = Failure.NOT_DELIVERED if code.was_sent else Failure.INTERRUPTED
    await fall_back(services, code, failure)
    return Instant(now + TAKE_UP_AFTER)


async def _make_up_for_wish(services: DeliverCodeNeeds, code: Code, now: Instant) -> None:
    """Write down the wish that was answered, where the process that was to do it died before."""
    if not await _is_suppressed(services, code, now) and not await services.is_wish_known(code):
        await services.record_wish(code)


async def _deliver(
    services: DeliverCodeNeeds, code: Code, digits: str, objection: Reason | None = None
) -> None:
    """Bring a code on its way, and settle it by what became of it."""
    match await _send(services, code, digits, objection):
        case Passed() as passed:
            await _note_sent(services, code, passed)
        case failure:
            await fall_back(services, code, failure)


async def _send(
    services: DeliverCodeNeeds, code: Code, digits: str, objection: Reason | None
) -> DeliveryOutcome:
    """Send a code by the channel in use.

    Where something speaks against it, all is done but for the wish and the message: what happens
    after an answer is felt by whatever is asked next, so there it must not be nothing.
    """
    if code.channel is not Channel.WHATSAPP:
        return RefusedByGate(objection) if objection else await _by_sms(services, code, digits)
    try:
        return await _by_whatsapp(services, code, digits, objection)
    except Unavailable:
        return Failure.UNAVAILABLE
    except NotSent:
        return Failure.NO_CONNECTION


async def _by_whatsapp(
    services: DeliverCodeNeeds, code: Code, digits: str, objection: Reason | None
) -> DeliveryOutcome:
    """Write the wish down, then send the code through the gate, as everything.

    Raises:
        Unavailable: nothing could be decided, or written down.
        NotSent: Meta cannot be reached; nothing left.
    """
    await services.write_down_wish(code, objection)
    sender = await own_sender(services, code.business_id, code.sender)
    if sender is None:
        return Failure.NO_TOKEN
    message = CodeMessage(
        template=services.code_rules.template,
        language=await _template_language(services, code, sender[0]),
        digits=digits,
        reference=str(name_of_code(code)),
    )
    question = SendRequest(
        business_id=code.business_id,
        sender=code.sender,
        recipients=(code.number,),
        kind=MessageKind.TEMPLATE,
        template=message.template,
        language=message.language,
        country=country_of_alias(services, code.number),
        place=place_of_alias(services, code.number),
    )
    letter = services.composer.code(*sender, code.number, message)
    outcome = await services.send_own_message(question, letter, objection)
    match outcome:
        case AcceptedByMeta():
            return Passed.ACCEPTED
        case UnknownOutcome():
            return Passed.UNKNOWN
        case RejectedByMeta():
            return outcome
        case Refused():
            return RefusedByGate(outcome.decision.reason)


async def _template_language(services: DeliverCodeNeeds, code: Code, sender: Sender) -> str:
    """Find the language of the template that the reader reads best, of those that are there.

    A code is nearly all digits: in another language it is of use, not sent it is of none. Where
    there is no template at all, the gate says so.
    """
    name = services.code_rules.template
    found = await services.directory.templates_of_name(code.business_id, name)
    own = [one for one in found if one.waba_id == sender.waba_id]
    ready = [one for one in own if one.state is TemplateState.IN_SERVICE]
    there = {one.language for one in ready or own}
    if (closest := closest_locale(code.locale, there)) is not None:
        return closest
    profile = await services.profiles.profile(code.business_id)
    for wanted in (profile.locale, _ENGLISH):
        if (closest := closest_locale(wanted, there)) is not None:
            return closest
    return min(there, default=code.locale)


async def _by_sms(services: DeliverCodeNeeds, code: Code, digits: str) -> DeliveryOutcome:
    vocabulary = services.catalogue.vocabulary(code.locale)
    words = vocabulary.sms_code if vocabulary else "{code}"
    business = await name_of(services, code.business_id)
    text = sms_text(words, code.locale, business, digits)
    try:
        await services.sms.send(PhoneNumber(code.number.value), text, str(name_of_code(code)))
    except SmsNotSent:
        return Failure.SMS_NOT_SENT
    except SmsUnanswered:
        return Passed.UNKNOWN
    return Passed.ACCEPTED


async def _note_sent(services: DeliverCodeNeeds, code: Code, passed: Passed) -> None:
    """Note that it left. Nobody reports of SMS, so what was taken has arrived: nothing is due."""
    now = services.clock.now()
    is_awaited = code.channel is not Channel.SMS and code.has_more_channels
    due_at = Instant(now + services.code_rules.fallback_after) if is_awaited else None
    reason = recorded_reason(passed)
    sent = StatusChange(StatusKind.SENT, code.channel, code.made, now, reason)
    await services.codes.note(code, sent, due_at)
    services.telemetry.happened(StatusKind.SENT, code.channel)


async def fall_back(services: DeliverCodeNeeds, code: Code, failure: DeliveryFailure) -> None:
    """Let another code follow, by the next channel, where there is one; the one before is dead.

    An interrupted attempt may never have been made, so it is made anew by the same channel.
    """
    now = services.clock.now()
    step = code.step if failure is Failure.INTERRUPTED else code.step + 1
    reason = recorded_reason(failure)
    failed = StatusChange(StatusKind.FAILED, code.channel, code.made, now, reason)
    services.telemetry.happened(StatusKind.FAILED, code.channel)
    digits = make_code(services.ids.entropy(ENTROPY_BYTES), services.code_rules.digits)
    renewal = await _renewal(services, code, digits, failed, step)
    following, limit = (
        await services.codes.renew(code, renewal) if renewal else AdmissionResult(None)
    )
    if limit is not None:
        tell_reached(services, code.business_id, limit)
    if following is not None:
        await _refund(services, code, failure)
        if step > code.step:
            services.telemetry.happened(StatusKind.FALLBACK_USED, following.channel)
        await _deliver(services, following, digits)
        return
    if renewal is not None and limit is None:
        return  # somebody else went on with it, or it is over
    if await services.codes.note(code, failed, None):
        await _refund(services, code, failure)


async def _refund(services: DeliverCodeNeeds, code: Code, failure: DeliveryFailure) -> None:
    if is_free(failure):
        await give_back_spent(services, code.business_id, code.channel)


async def _renewal(
    services: DeliverCodeNeeds, code: Code, digits: str, failed: StatusChange, step: int
) -> Renewal | None:
    """Return what comes next; None where nothing does: no channel, no time, not wanted."""
    now = failed.at
    if step >= len(code.channels) or not code.is_open(now):
        return None
    if await _is_suppressed(services, code, now):
        return None
    channel = code.channels[step]
    history = (failed, StatusChange(StatusKind.FALLBACK_USED, channel, code.made + 1, now))
    return Renewal(
        made=code.made,
        step=step,
        digits=digits,
        now=now,
        due_at=Instant(now + TAKE_UP_AFTER),
        expires_at=code.expires_at,
        resend_at=code.resend_at,
        is_resend=False,
        history=history if step > code.step else history[:1],
        uses=fallback_uses(services, code, channel),
    )


async def _is_suppressed(services: HasCodes, code: Code, now: Instant) -> bool:
    sheet = await services.codes.sheet(code.business_id, code.number, code.purpose, now)
    return sheet.suppressed_until > now
