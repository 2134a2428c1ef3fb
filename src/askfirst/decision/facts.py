"""What the gate knows at the moment of deciding, read fresh from the primary."""

from __future__ import annotations

from collections.abc import Iterator

from askfirst.decision.question import MessageKind, SendRequest
from askfirst.decision.reason import Reason
from askfirst.decision.traffic import NO_TRAFFIC, Traffic
from askfirst.domain.brakes.brake import Brake
from askfirst.domain.consent.standing import NOTHING_SAID, Standing
from askfirst.domain.sending.reachability import NO_OBSTACLES, Obstacles
from askfirst.domain.tenants.sender import Sender, Template
from askfirst.domain.tenants.template_content import TemplateFlag
from askfirst.domain.transparency.ledger_check import LedgerState
from askfirst.domain.value import Value
from askfirst.domain.values.ids import ContactId, Position
from askfirst.domain.values.timestamp import Instant


class DecisionContext(Value, frozen=True, kw_only=True):
    """Everything a decision may rest on, as of one ledger position.

    `contacts` are the contacts that the recipient's names lead to: none means that nobody of
    that name ever said anything; two mean that `to` and `recipient` are two people.
    `strangers` counts the names that lead to nobody.
    `standing` includes the noes of `nearby`: contacts of numbers that may be the same subscriber.
    `stop_to_confirm` is the position of the newest stop in the chat that opened an episode, which
    ends with the next yes that counts; `stop_said_at` is when it was said. `confirmed_stop` is the
    position of the newest such stop that already had its one confirmation, `answered_code` that of
    the newest wish for a code that was already answered with one.
    `obstacles` is what Meta's answers told of how messages reach the contact; `traffic` is what was
    sent before. `brakes` are all that are on in the business.
    `time_zones` are those that the business says they live in: they count in place of the number's.
    `ledger` tells whether what was read may be trusted: it may be older than what was acknowledged.
    """

    position: Position
    contacts: tuple[ContactId, ...] = ()
    nearby: tuple[ContactId, ...] = ()
    strangers: int = 0
    standing: Standing = NOTHING_SAID
    sender: Sender | None = None
    template: Template | None = None
    window_opened_at: Instant | None = None
    stop_to_confirm: Position = Position(0)
    stop_said_at: Instant = Instant(0)
    confirmed_stop: Position = Position(0)
    answered_code: Position = Position(0)
    obstacles: Obstacles = NO_OBSTACLES
    time_zones: tuple[str, ...] = ()
    traffic: Traffic = NO_TRAFFIC
    brakes: tuple[Brake, ...] = ()
    ledger: LedgerState = LedgerState.SOUND


class Circumstances(Value, frozen=True, kw_only=True):
    """What a decision rested on beside the ledger, kept so that it can be made again.

    The ledger has what people said, and the policy has a fingerprint. The rest is here: sender and
    template as they were known, the 24-hour window. No person is named in it.

    The standing of `facts` is not kept: what was read back has none. `recipients` counts the names
    that were given, `is_to_sender` says that one of them was the sender's own number. `objection`
    is what spoke beside the rules: a question that was altered, or a reservation that was used up.
    """

    facts: DecisionContext
    recipients: int
    is_to_sender: bool = False
    objection: Reason | None = None

    @property
    def contacts(self) -> tuple[ContactId, ...]:
        """The contacts whose events the decision rested on: the first, and its neighbours."""
        return (*self.facts.contacts[:1], *self.facts.nearby)


def circumstances_of(
    facts: DecisionContext, question: SendRequest, objection: Reason | None = None
) -> Circumstances:
    """Keep what the ledger cannot tell. The standing is there, too, and nobody writes it down."""
    own = facts.sender.digits if facts.sender else None
    return Circumstances(
        facts=facts,
        recipients=len(question.recipients),
        is_to_sender=own in [name.value for name in question.recipients],
        objection=objection,
    )


def flags_of_send(facts: DecisionContext, question: SendRequest) -> Iterator[TemplateFlag]:
    """Yield what is amiss with one send; a single reply may say what it likes, a campaign not."""
    if question.kind is MessageKind.TEMPLATE and facts.template is not None:
        yield from facts.template.flags
    is_reply = question.kind is MessageKind.FREE_FORM
    if is_reply and question.campaign and question.reads_like_ad:
        yield TemplateFlag.REPLY_LIKE_AD
