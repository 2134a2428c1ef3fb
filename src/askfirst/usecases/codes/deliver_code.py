"""Bring a code to its number, one channel after another, never by two at once.

The wish is written into the ledger before the message leaves: it is the opt-in that the gate asks
for. A code that was refused, failed or not delivered in time is followed by a new one through the
next channel, and the old one is dead before the new one leaves.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial

from askfirst.decision.question import MessageKind, SendRequest
from askfirst.decision.reason import Reason
from askfirst.domain.codes.code import TAKE_UP_AFTER, Channel, Code, StatusChange, StatusKind
from askfirst.domain.codes.code_signal import name_of_code
from askfirst.domain.codes.code_words import sms_text
from askfirst.domain.consent.event import Event, EventKind, Source
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.errors import Conflict, InvalidInput, Unavailable
from askfirst.domain.values.ids import BusinessId, CodeId
from askfirst.domain.values.phone import PhoneNumber
from askfirst.domain.values.purpose import AUTHENTICATION
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.codes.codes import AdmissionResult, Due, Renewal
from askfirst.ports.codes.composer import CodeMessage
from askfirst.ports.codes.sms import SmsNotSent
from askfirst.ports.consent.change import WriteBatch
from askfirst.ports.sending.http_connection import NotSent, OutcomeUnknown
from askfirst.usecases.codes.request_code import Errand, new_digits
from askfirst.usecases.consent.record_consent import Consent, ConsentVerb, record_consent
from askfirst.usecases.contacts.show_contact import all_acts
from askfirst.usecases.context.services import Services
from askfirst.usecases.events.leased_worker import LOOKED_AT, take_up_each
from askfirst.usecases.limits.code_rate_limits import fallback_uses, give_back_spent, tell_reached
from askfirst.usecases.prompts.show_prompt import name_of, open_token
from askfirst.usecases.sending.send_message import Refused, UnknownOutcome
from askfirst.usecases.sending.send_own_message import send_own_message
from askfirst.usecases.tenants.manage_senders import find_sender

SENT = ""
"""In place of a reason: nothing speaks against it."""
LOST = "outcome_unknown"
"""The message left, and nobody knows what became of it: it counts as sent."""
_NO_CODE = "0"
"""Meta's refusal could not be read: it may have been somebody else's."""
_NOT_SENT = frozenset({"no_token", "not_sent", *Reason}) - {Reason.CODES_UNWANTED}


async def deliver_code(services: Services, errand: Errand) -> None:
    """Do what was promised when the request was answered."""
    objection = Reason.CODES_UNWANTED if errand.is_suppressed else None
    await _deliver(services, errand.code, errand.digits, objection)


async def continue_codes(services: Services) -> int:
    """Go on with every request whose code was not delivered in time; gives how many it took up.

    Any number of processes may do this at once: a request is taken up by one of them.
    """
    due = await services.codes.due(services.clock.now(), LOOKED_AT)
    taken = await take_up_each(due, partial(_take_up, services))
    return sum(taken)


async def _take_up(services: Services, due: Due) -> bool:
    """Go on with one request, if no other process does."""
    if not await services.codes.lease(due, Instant(services.clock.now() + TAKE_UP_AFTER)):
        return False
    await _continue(services, due.business_id, due.code_id)
    return True


async def fall_back(services: Services, code: Code, reason: str) -> None:
    """Leave the channel in use, because of this; go on to the next, where there is one."""
    await _follow(services, code, reason, code.step + 1)


async def _follow(services: Services, code: Code, reason: str, step: int) -> None:
    """Let another code follow by the channel of this step; the one before is dead by then."""
    now = services.clock.now()
    failed = StatusChange(StatusKind.FAILED, code.channel, code.made, now, reason)
    services.signals.happened(StatusKind.FAILED, code.channel)
    digits = new_digits(services)
    renewal = await _next(services, code, digits, failed, step)
    following, limit = (
        await services.codes.renew(code, renewal) if renewal else AdmissionResult(None)
    )
    if limit is not None:
        tell_reached(services, code.business_id, limit)
    if renewal is None or limit is not None:
        if await services.codes.note(code, failed, None) and _cost_nothing(reason):
            await give_back_spent(services, code.business_id, code.channel)
        return
    if following is None:
        return  # somebody else went on with it, or it is over
    if _cost_nothing(reason):
        await give_back_spent(services, code.business_id, code.channel)
    if step > code.step:
        services.signals.happened(StatusKind.FALLBACK_USED, following.channel)
    await _deliver(services, following, digits)


def _cost_nothing(reason: str) -> bool:
    """Tell whether it is certain that nothing was sent: the gate's no, Meta's, or no line to Meta.

    Meta charges what it delivers. Of a number that wants no codes nothing is given back: what comes
    after an answer is to be the same work for it as for others.
    """
    return reason in _NOT_SENT or (reason.isdecimal() and reason != _NO_CODE)


async def _deliver(
    services: Services, code: Code, digits: str, objection: Reason | None = None
) -> None:
    """Bring a code on its way.

    Where something speaks against it, all is done but for the wish and the message: what happens
    after an answer is felt by whatever is asked next, so there it must not be nothing.
    """
    if code.channel is Channel.WHATSAPP:
        reason = await _by_whatsapp(services, code, digits, objection)
    elif objection:
        reason = objection.value
    else:
        reason = await _by_sms(services, code, digits)
    if reason not in (SENT, LOST):
        await fall_back(services, code, reason)
        return
    now = services.clock.now()
    sent = StatusChange(StatusKind.SENT, code.channel, code.made, now, reason)
    await services.codes.note(code, sent, _due(services, code, now))
    services.signals.happened(StatusKind.SENT, code.channel)


def _due(services: Services, code: Code, now: Instant) -> Instant | None:
    """Say until when it must be delivered. Nobody reports of SMS: what was taken has arrived."""
    if code.channel is Channel.SMS or not code.has_more_channels:
        return None
    return Instant(now + services.code_rules.fallback_after)


async def _by_whatsapp(
    services: Services, code: Code, digits: str, objection: Reason | None
) -> str:
    """Send it through the gate, as everything; gives why it was not sent."""
    try:
        if objection:
            await _record_nothing(services, code)
        elif not (code.is_follower and await _is_wish_known(services, code)):
            await record_wish(services, code)
        sender = await find_sender(services, code.business_id, code.sender)
        token = await services.directory.token(code.business_id, code.sender)
        if sender is None or token is None:
            return "no_token"
        message = CodeMessage(
            template=services.code_rules.template,
            language=code.locale,
            digits=digits,
            reference=str(name_of_code(code)),
        )
        letter = services.composer.code(sender, token, code.number, message)
        question = _question(services, code, message)
        outcome, reading = await send_own_message(services, question, letter, objection)
    except Unavailable:
        return "unavailable"
    except NotSent:
        return "not_sent"
    match outcome:
        case Refused():
            return outcome.decision.reason.value
        case UnknownOutcome():
            return LOST
    return SENT if reading.is_accepted else str(reading.code)


async def _by_sms(services: Services, code: Code, digits: str) -> str:
    vocabulary = services.catalogue.vocabulary(code.locale)
    words = vocabulary.sms_code if vocabulary else "{code}"
    business = await name_of(services, code.business_id)
    text = sms_text(words, code.locale, business, digits)
    try:
        await services.sms.send(PhoneNumber(code.number.value), text, str(name_of_code(code)))
    except SmsNotSent:
        return "sms_not_sent"
    except OutcomeUnknown:
        return LOST
    return SENT


def _question(services: Services, code: Code, message: CodeMessage) -> SendRequest:
    return SendRequest(
        business_id=code.business_id,
        sender=code.sender,
        recipients=(code.number,),
        kind=MessageKind.TEMPLATE,
        template=message.template,
        language=message.language,
        country=services.numbering.country(code.number.value),
    )


async def _record_nothing(services: Services, code: Code) -> None:
    """Keep the ledger as busy as with a wish; nothing is written."""
    now = services.clock.now()
    await services.ledger.commit(
        WriteBatch(business_id=code.business_id, recorded_at=now, items=())
    )


async def record_wish(services: Services, code: Code) -> None:
    """Write down that the number's holder chose WhatsApp for codes, and for nothing else.

    A token that was in time proves that they were asked; without it, it is the product's claim. It
    counts from when they asked, so a stop that comes in before the message leaves ends it, and it
    lifts no *no*: anybody may have typed the number.
    """
    token = open_token(services, code.token) if code.token else None
    wish = Consent(
        business_id=code.business_id,
        verb=ConsentVerb.GRANT,
        alias=code.number,
        purposes=(AUTHENTICATION,),
        surface=Surface.CODE,
        source=Source.FORM,
        prompt=code.prompt,
        occurred_at=code.asked_at,
        judged_at=code.created_at,
        evidence=evidence_of(code),
    )
    if token is not None and not token.is_expired(code.created_at):
        try:
            committed = await record_consent(services, replace(wish, prompt=token))
        except (Conflict, InvalidInput):
            committed = None  # somebody else's answer, or words that are lost: no proof here
        if committed is not None and not committed.replayed:
            return
    await record_consent(services, wish)


def evidence_of(code: Code, **more: str) -> bytes:
    """Say which request it was; never the code."""
    content = {"code": code.code_id, "purpose": code.purpose, "channel": code.channel.value, **more}
    if code.reference:
        content["reference"] = code.reference
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()


async def _continue(services: Services, business_id: BusinessId, code_id: CodeId) -> None:
    code = await services.codes.find(business_id, code_id)
    if code is None:
        return
    now = services.clock.now()
    if not code.was_sent and code.channel is Channel.WHATSAPP:
        await _make_up_for_wish(services, code, now)
    if not code.is_open(now):
        over = StatusChange(StatusKind.FAILED, code.channel, code.made, now, "expired")
        await services.codes.note(code, over, None)
        return
    if code.was_sent:
        await fall_back(services, code, "not_delivered")
    else:
        await _follow(services, code, "interrupted", code.step)


async def _make_up_for_wish(services: Services, code: Code, now: Instant) -> None:
    """Write down the wish that was answered, where the process that was to do it died before."""
    if not await _is_suppressed(services, code, now) and not await _is_wish_known(services, code):
        await record_wish(services, code)


async def _is_wish_known(services: Services, code: Code) -> bool:
    """Look for the wish in the ledger; only where something went wrong: it is a long way."""
    contact_id = await services.ledger.find(code.business_id, code.number)
    if contact_id is None:
        return False
    async for event in all_acts(services, code.business_id, contact_id):
        if _is_wish(event, code):
            return True
    return False


def _is_wish(event: Event, code: Code) -> bool:
    what = (event.kind, event.surface, event.occurred_at)
    return what == (EventKind.GRANTED, Surface.CODE, code.asked_at)


async def _is_suppressed(services: Services, code: Code, now: Instant) -> bool:
    sheet = await services.codes.sheet(code.business_id, code.number, code.purpose, now)
    return sheet.suppressed_until > now


async def _next(
    services: Services, code: Code, digits: str, failed: StatusChange, step: int
) -> Renewal | None:
    """Say what comes next; None where nothing does: no channel, no time, not wanted."""
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
