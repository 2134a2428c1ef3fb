"""What Meta says of a message's fate, as acts: by webhook, or at once in the answer to the send.

A delivery never makes an opt-in. That somebody has stopped offers, or may be somebody else by now,
counts the same by whichever way it comes.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from askfirst.domain.consent.event import Assurance, EventKind, NumberProof, Source
from askfirst.domain.inbound.inbound_event import DeliveryReported
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import PhoneNumberId
from askfirst.domain.values.purpose import MARKETING
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.change import AliasesLinked, Command, Reached, Statement, Unreachable

USER_STOPPED_MARKETING: Final = 131050
UNDELIVERABLE: Final = 131026
IDENTITY_CHANGED: Final = 137000
_SAID: Final = (
    (USER_STOPPED_MARKETING, EventKind.NATIVE_STOPPED, (MARKETING.name,)),
    (IDENTITY_CHANGED, EventKind.SUSPENDED, ()),
)
ARRIVED: Final = frozenset({"delivered", "read", "played"})
"""Meta's words for a message on the person's device; "sent" is not among them."""


def acts_of_report(
    notice: DeliveryReported, at: Instant, *, is_acquainted: bool = False
) -> tuple[Command, ...]:
    """Read a status: the most frequent of all webhooks, which mostly says nothing new.

    `is_acquainted`: its names are known together already. Any of them finds the person then.
    """
    acts: tuple[Command, ...] = ()
    if notice.codes:
        sender = notice.phone_number_id
        acts = acts_of_codes(notice.codes, notice.aliases, at, sender=sender, source=Source.WEBHOOK)
    if not (acts or is_acquainted):
        acts = acquaintance(notice.aliases, at)
    return acts


def reached(notice: DeliveryReported, at: Instant) -> tuple[Reached, ...]:
    """Return whom a message has reached, by any of the names."""
    if notice.status in ARRIVED and notice.aliases:
        return (Reached(alias=notice.aliases[0], at=at),)
    return ()


def acts_of_codes(
    codes: Collection[int],
    aliases: tuple[Alias, ...],
    at: Instant,
    *,
    sender: PhoneNumberId | None,
    source: Source,
) -> tuple[Command, ...]:
    """Read Meta's error codes as far as they tell of the person; most tell of the message only."""
    acts: list[Command] = [
        Statement(
            aliases=aliases,
            kind=kind,
            occurred_at=at,
            source=source,
            surface=Surface.CHAT,
            purposes=purposes,
            assurance=Assurance.CONFIRMED,
            number_proof=NumberProof.PROVEN,
            sender=sender or "",
        )
        for code, kind, purposes in _SAID
        if code in codes
    ]
    if UNDELIVERABLE in codes:
        acts.append(Unreachable(aliases=aliases, at=at))
    return tuple(acts)


def acquaintance(aliases: tuple[Alias, ...], at: Instant) -> tuple[Command, ...]:
    """Take the names that Meta signed together as one person's; one alone teaches nothing."""
    if len(aliases) < 2:  # noqa: PLR2004 - a pair
        return ()
    return (AliasesLinked(aliases=aliases, at=at, source=Source.WEBHOOK),)
