"""The table of Meta's codes. Source of the codes: Meta, "Error codes" (September 2026).

Where Meta publishes no time, the row says that the time is askfirst's choice.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from askfirst.domain.sending.meta_answer import AnswerSubject, Effect, MetaAnswer, Next
from askfirst.domain.values.timestamp import DAY, HOUR, MINUTE, SECOND

_CODES: Final = "Meta, Error codes"
_LIMITS: Final = "Meta, Per-user marketing template message limits"
_PACE: Final = "Meta, Throughput"
_QUALITY: Final = "Meta, Template pausing"
_GRAPH: Final = "Meta, Graph API, Handle errors"
_RATES: Final = "Meta, Graph API, Rate limits"
_MARKETING: Final = "Meta, Marketing Messages API"
_BLOCKS: Final = "Meta, Block users"

_PASSED_ON: Final = "The answer is passed on; the message is not sent again by askfirst."
_AS_IT_IS: Final = "The answer is passed on; nothing changes for the person."
_CODES_GO_ON: Final = "The answer is passed on; a code goes by its next channel."
_LOOK: Final = "The answer is passed on; look at WhatsApp Manager."
_BRAKE: Final = (
    "A brake holds what the code names, and askfirst sends an event; see WhatsApp Manager."
)

_PEOPLE: Final = (
    MetaAnswer(
        code=131050,
        means="The person stopped marketing from this business in WhatsApp.",
        subject=AnswerSubject.PERSON,
        next=Next.NEVER,
        does="It is written down as a stop in WhatsApp (`native_stopped`); other purposes go on.",
        source=f"{_CODES}; user_preferences webhook",
        effect=Effect.NATIVE_STOP,
        is_surely_lost=True,
    ),
    MetaAnswer(
        code=131049,
        means="Meta chose not to bring this person more marketing now.",
        subject=AnswerSubject.PERSON,
        next=Next.DEFER,
        does="Marketing to the person waits for a day and up to six hours (`deferred_by_meta`), "
        "except in an open 24-hour window. It is no stop.",
        source=f"{_LIMITS}: wait a day; the hours are our choice",
        effect=Effect.DEFERRAL,
        wait=DAY,
        spread=6 * HOUR,
        is_surely_lost=True,
    ),
    MetaAnswer(
        code=130472,
        means="The person is in an experiment of Meta's, and gets no marketing for now.",
        subject=AnswerSubject.PERSON,
        next=Next.NEVER,
        does="Marketing to the person waits for a week (`in_experiment`), except in an open "
        "24-hour window. It is no stop.",
        source=f"{_CODES}: the same outside a window; the week is our choice",
        effect=Effect.HOLD_OUT,
        wait=7 * DAY,
        spread=DAY,
        is_surely_lost=True,
    ),
    MetaAnswer(
        code=131026,
        means="The number is not on WhatsApp, or cannot get this message.",
        subject=AnswerSubject.PERSON,
        next=Next.NEVER,
        does="The day counts. After three such days with nothing arriving, marketing and utility "
        "messages wait for a week (`unreachable`). It is no stop.",
        source=f"{_CODES}; three days and a week are our choice",
        effect=Effect.UNREACHABLE,
        is_surely_lost=True,
    ),
    MetaAnswer(
        code=137000,
        means="The number may belong to somebody else by now.",
        subject=AnswerSubject.PERSON,
        next=Next.NEVER,
        does="Every yes rests until the person is asked again (`suspended`); every no stays.",
        source=f"{_CODES}; Identity change check",
        effect=Effect.SUSPENSION,
        is_surely_lost=True,
    ),
    MetaAnswer(
        code=131047,
        means="The person has not written within 24 hours.",
        subject=AnswerSubject.MESSAGE,
        next=Next.NEVER,
        does=_PASSED_ON,
        source=_CODES,
        is_surely_lost=True,
    ),
    MetaAnswer(
        code=130403,
        means="The business itself has blocked this person.",
        subject=AnswerSubject.PERSON,
        next=Next.NEVER,
        does=_AS_IT_IS,
        source="Meta, Block users",
        is_surely_lost=True,
    ),
    MetaAnswer(
        code=131021,
        means="The recipient is the sender.",
        subject=AnswerSubject.MESSAGE,
        next=Next.NEVER,
        does=_PASSED_ON,
        source=_CODES,
        is_surely_lost=True,
    ),
    MetaAnswer(
        code=131062,
        means="This message needs a phone number, not a user id.",
        subject=AnswerSubject.MESSAGE,
        next=Next.CORRECT,
        does=_PASSED_ON,
        source="Meta, Business-scoped user IDs",
        is_surely_lost=True,
    ),
)

_SPEED: Final = (
    MetaAnswer(
        code=131056,
        means="Too many messages from this sender to this person.",
        subject=AnswerSubject.PAIR,
        next=Next.RETRY,
        does="The pair waits for a minute (`pair_rate`); others go on.",
        source="Meta, Error codes: 4^X seconds; a minute is the third of these waits",
        effect=Effect.SLOW_PAIR,
        wait=MINUTE,
        is_surely_lost=True,
    ),
    MetaAnswer(
        code=130429,
        means="More messages a second than Meta takes from this sender.",
        subject=AnswerSubject.SENDER,
        next=Next.RETRY,
        does="The sender waits for a second (`throughput`); codes go on.",
        source=f"{_PACE}; the second is our choice",
        effect=Effect.SLOW_SENDER,
        wait=SECOND,
        is_surely_lost=True,
    ),
    MetaAnswer(
        code=131057,
        means="The account is being worked on, for example to let it send faster.",
        subject=AnswerSubject.SENDER,
        next=Next.RETRY,
        does="The sender waits for a minute (`throughput`); codes go on.",
        source=f"{_PACE}: a minute at most",
        effect=Effect.SLOW_SENDER,
        wait=MINUTE,
    ),
    MetaAnswer(
        code=80007,
        means="More calls than Meta takes for this account.",
        subject=AnswerSubject.ACCOUNT,
        next=Next.RETRY,
        does="The sender waits for a minute (`throughput`); codes go on.",
        source=f"{_RATES}; the minute is our choice",
        effect=Effect.SLOW_SENDER,
        wait=MINUTE,
        is_surely_lost=True,
    ),
    MetaAnswer(
        code=4,
        means="More calls than Meta takes from this app.",
        subject=AnswerSubject.APP,
        next=Next.RETRY,
        does="The sender waits for a minute (`throughput`); codes go on.",
        source=f"{_RATES}; the minute is our choice",
        effect=Effect.SLOW_SENDER,
        wait=MINUTE,
        is_surely_lost=True,
    ),
    MetaAnswer(
        code=17,
        means="More calls than Meta takes with this token.",
        subject=AnswerSubject.APP,
        next=Next.RETRY,
        does=_PASSED_ON,
        source=_RATES,
    ),
    MetaAnswer(
        code=613,
        means="More calls of this kind than Meta takes.",
        subject=AnswerSubject.APP,
        next=Next.RETRY,
        does=_PASSED_ON,
        source=_RATES,
    ),
    MetaAnswer(
        code=133016,
        means="The number was registered too often within 72 hours.",
        subject=AnswerSubject.SENDER,
        next=Next.DEFER,
        does=_PASSED_ON,
        source=_CODES,
    ),
)

_TROUBLE: Final = (
    MetaAnswer(
        code=131000,
        means="Something went wrong at Meta.",
        subject=AnswerSubject.MESSAGE,
        next=Next.RETRY,
        does=_CODES_GO_ON,
        source=_CODES,
    ),
    MetaAnswer(
        code=131016,
        means="A service of Meta's is away.",
        subject=AnswerSubject.MESSAGE,
        next=Next.RETRY,
        does=_CODES_GO_ON,
        source=_CODES,
    ),
    MetaAnswer(
        code=133004,
        means="The server is away for a time.",
        subject=AnswerSubject.MESSAGE,
        next=Next.RETRY,
        does=_CODES_GO_ON,
        source=_CODES,
    ),
    MetaAnswer(
        code=2,
        means="Meta is overloaded, or away for a time.",
        subject=AnswerSubject.MESSAGE,
        next=Next.RETRY,
        does=_CODES_GO_ON,
        source=_GRAPH,
    ),
    MetaAnswer(
        code=1,
        means="Meta does not say what went wrong.",
        subject=AnswerSubject.MESSAGE,
        next=Next.RETRY,
        does=_CODES_GO_ON,
        source=_GRAPH,
    ),
    MetaAnswer(
        code=131052,
        means="A file that the person sent could not be fetched.",
        subject=AnswerSubject.MESSAGE,
        next=Next.NEVER,
        does=_PASSED_ON,
        source=_CODES,
    ),
    MetaAnswer(
        code=131053,
        means="The file of the message could not be taken.",
        subject=AnswerSubject.MESSAGE,
        next=Next.RETRY,
        does=_PASSED_ON,
        source=_CODES,
    ),
)

_TEMPLATES: Final = (
    MetaAnswer(
        code=132015,
        means="Meta has paused the template; messages held by pacing are lost with it.",
        subject=AnswerSubject.TEMPLATE,
        next=Next.PARK,
        does="The registry has it as paused (`template_out_of_service`) until Meta says otherwise.",
        source=_QUALITY,
        effect=Effect.TEMPLATE_PAUSED,
        is_surely_lost=True,
    ),
    MetaAnswer(
        code=132016,
        means="Meta has disabled the template for good.",
        subject=AnswerSubject.TEMPLATE,
        next=Next.PARK,
        does="The registry has it as out of service (`template_out_of_service`).",
        source=_QUALITY,
        effect=Effect.TEMPLATE_DISABLED,
        is_surely_lost=True,
    ),
    MetaAnswer(
        code=132001,
        means="There is no approved template of this name in this language.",
        subject=AnswerSubject.TEMPLATE,
        next=Next.CORRECT,
        does=_PASSED_ON,
        source=_CODES,
        is_surely_lost=True,
    ),
    *(
        MetaAnswer(
            code=code,
            means=means,
            subject=AnswerSubject.TEMPLATE,
            next=Next.CORRECT,
            does=_PASSED_ON,
            source=source,
            is_surely_lost=True,
        )
        for code, means, source in (
            (132000, "The number of parameters is not the template's.", _CODES),
            (132005, "The text with its parameters is too long.", _CODES),
            (132007, "The text breaks a rule of Meta's about characters or format.", _CODES),
            (132012, "A parameter does not have the template's format.", _CODES),
            (132018, "The message does not fit its template.", _MARKETING),
            (132068, "The Flow of the message is blocked.", _CODES),
            (134100, "This way of sending takes marketing templates only.", _MARKETING),
            (134102, "The template cannot be sent this way.", _MARKETING),
            (131055, "This way of sending takes marketing templates only.", _MARKETING),
            (131063, "The account sends marketing by the Marketing Messages API only.", _MARKETING),
        )
    ),
    MetaAnswer(
        code=132069,
        means="The Flow of the message was sent as often as Meta allows in an hour.",
        subject=AnswerSubject.TEMPLATE,
        next=Next.DEFER,
        does=_PASSED_ON,
        source=_CODES,
        is_surely_lost=True,
    ),
    MetaAnswer(
        code=134101,
        means="Meta is still getting the template ready: ten minutes at most.",
        subject=AnswerSubject.TEMPLATE,
        next=Next.DEFER,
        does=_PASSED_ON,
        source=_MARKETING,
        is_surely_lost=True,
    ),
)

_ACCOUNTS: Final = (
    *(
        MetaAnswer(
            code=code,
            means=means,
            subject=subject,
            next=Next.PARK,
            does=_BRAKE,
            source=_CODES,
            effect=Effect.BRAKE,
            is_surely_lost=True,
        )
        for code, means, subject in (
            (131048, "People blocked or reported this sender.", AnswerSubject.SENDER),
            (131064, "Too many templates were classed wrongly.", AnswerSubject.ACCOUNT),
            (131031, "Meta has locked the account.", AnswerSubject.ACCOUNT),
            (368, "Meta has blocked the account for a time.", AnswerSubject.ACCOUNT),
            (131042, "The account cannot be charged.", AnswerSubject.ACCOUNT),
        )
    ),
    *(
        MetaAnswer(
            code=code,
            means=means,
            subject=subject,
            next=Next.PARK,
            does=_LOOK,
            source=source,
            is_surely_lost=True,
        )
        for code, means, subject, source in (
            (130497, "The account may not write to this country.", AnswerSubject.ACCOUNT, _CODES),
            (131037, "The sender has no approved name.", AnswerSubject.SENDER, _CODES),
            (131045, "The sender is not rightly registered.", AnswerSubject.SENDER, _CODES),
            (133010, "The sender is not registered.", AnswerSubject.SENDER, _CODES),
            (33, "The sender is gone, or the id is wrong.", AnswerSubject.SENDER, _CODES),
            (
                139200,
                "Direct Send is blocked for the account.",
                AnswerSubject.ACCOUNT,
                "Meta, Direct Send",
            ),
            (190, "The access token has expired, or is none.", AnswerSubject.APP, _GRAPH),
            (0, "Meta does not know who calls.", AnswerSubject.APP, _GRAPH),
        )
    ),
)

_REQUESTS: Final = (
    *(
        MetaAnswer(
            code=code,
            means=means,
            subject=subject,
            next=Next.CORRECT,
            does=_PASSED_ON,
            source=source,
            is_surely_lost=True,
        )
        for code, means, subject, source in (
            (3, "The app may not do this.", AnswerSubject.APP, _GRAPH),
            (10, "The app has no permission for this.", AnswerSubject.APP, _GRAPH),
            (131005, "The token may not do this.", AnswerSubject.APP, _CODES),
            (100, "A parameter is not known, or spelt wrongly.", AnswerSubject.MESSAGE, _GRAPH),
            (131008, "A parameter is missing.", AnswerSubject.MESSAGE, _CODES),
            (
                131030,
                "The recipient is not among those that the sender may write to.",
                AnswerSubject.MESSAGE,
                _CODES,
            ),
            (2200, "The callback address did not answer the handshake.", AnswerSubject.APP, _GRAPH),
            (
                131009,
                "A parameter has a value that it may not have.",
                AnswerSubject.MESSAGE,
                _CODES,
            ),
            (131051, "Meta does not send messages of this type.", AnswerSubject.MESSAGE, _CODES),
            (
                130501,
                "Meta does not send messages of this type to groups.",
                AnswerSubject.MESSAGE,
                _CODES,
            ),
            (
                139100,
                "Some people of the list could not be blocked.",
                AnswerSubject.PERSON,
                _BLOCKS,
            ),
            (139101, "The list of blocked people is full (64,000).", AnswerSubject.SENDER, _BLOCKS),
            (134011, "The terms for payments are not accepted.", AnswerSubject.ACCOUNT, _CODES),
        )
    ),
    MetaAnswer(
        code=135000,
        means="Something in the request is wrong; Meta does not say what.",
        subject=AnswerSubject.MESSAGE,
        next=Next.CORRECT,
        does=_PASSED_ON,
        source=_CODES,
    ),
)

META_ANSWERS: Final = MappingProxyType(
    {
        row.code: row
        for rows in (_PEOPLE, _SPEED, _TROUBLE, _TEMPLATES, _ACCOUNTS, _REQUESTS)
        for row in rows
    }
)
"""Every code that we know, in the order of the documentation."""

_PERMISSIONS: Final = range(200, 300)


def answer_of(code: int) -> MetaAnswer:
    """Return the row of a code. Of one that is not known nothing is sure: its place stays taken."""
    if row := META_ANSWERS.get(code):
        return row
    if code in _PERMISSIONS:
        return MetaAnswer(
            code=code,
            means="A permission is missing, or was taken away.",
            subject=AnswerSubject.APP,
            next=Next.CORRECT,
            does=_PASSED_ON,
            source=_GRAPH,
            is_surely_lost=True,
        )
    return MetaAnswer(
        code=code,
        means="This code is not known here.",
        subject=AnswerSubject.MESSAGE,
        next=Next.NEVER,
        does="The answer is passed on, and nothing follows from it.",
        source="Our choice: doubt means no",
    )


def can_pass(code: int) -> bool:
    """Return whether an answer tells of trouble that ends by itself, soon."""
    return answer_of(code).next is Next.RETRY
