"""What Meta says of deliveries, templates and limits: facts, and no events of the ledger.

Statuses come late, twice and in any order: what is kept of them are sets and maxima.
"""

from __future__ import annotations

from collections.abc import Iterable

from askfirst.decision.traffic import pair_subject
from askfirst.domain.sending.meta_answer import Effect
from askfirst.domain.sending.meta_answers import answer_of
from askfirst.domain.tasks.retry_policy import share_of
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.brakes.brakes import Report
from askfirst.ports.consent.change import (
    Deferred,
    MediaObserved,
    MessageLost,
    MessagingLimitObserved,
    PairSlowed,
    SenderSlowed,
    TaskEnqueued,
    TemplateObserved,
    Unreachable,
    WriteBatch,
)
from askfirst.ports.sending.lost_messages import lost_task
from askfirst.storage.brakes.arrivals import ARRIVAL_BITS
from askfirst.storage.consent.workspace import ContactState, Workspace
from askfirst.storage.platform.keyring import Keyring

Sighting = TemplateObserved | MediaObserved | MessagingLimitObserved | SenderSlowed | MessageLost
NAMELESS = (TemplateObserved, MediaObserved, MessagingLimitObserved, SenderSlowed, MessageLost)
"""What names nobody, so that no contact has to be found for it."""


def media_name(media_id: str) -> str:
    """Return what a file's look-up is made of."""
    return f"media:{media_id}"


def plan_sighting(
    workspace: Workspace, change: WriteBatch, act: Sighting, keyring: Keyring
) -> None:
    """Note what needs no contact to be found first."""
    match act:
        case TemplateObserved():
            workspace.sightings.append((act, change.recorded_at))
        case MediaObserved():
            lookup = keyring.lookup(media_name(act.media_id))
            workspace.media[lookup] = (act.sender, act.at)
        case MessagingLimitObserved():
            workspace.messaging_limits.append(act.limit)
        case SenderSlowed():
            workspace.slow(act.sender, act.until)
        case MessageLost():
            lookups = keyring.lookups(message_name(act.message_id))
            task = lost_task(workspace.business_id, act.code, act.at, lookups)
            workspace.tasks.append(TaskEnqueued(task=task, due_at=change.recorded_at))


def plan_delivery(
    workspace: Workspace, contact: ContactState, act: Unreachable | Deferred | PairSlowed
) -> None:
    """Note what a failed message says of the contact it went to."""
    match act:
        case Unreachable():
            contact.reach(contact.reachability.failed(act.at))
        case PairSlowed():
            workspace.slow(pair_subject(contact.contact_id, act.sender), act.until)
        case Deferred():
            answer = answer_of(act.code)
            until = answer.until(act.at, share_of(contact.contact_id, act.at))
            is_held_out = answer.effect is Effect.HOLD_OUT
            if is_held_out and until > (contact.held_out_until or 0):
                contact.held_out_until, contact.is_changed = until, True
            if not is_held_out and until > (contact.deferred_until or 0):
                contact.deferred_until, contact.is_changed = until, True


def note_arrivals(workspace: Workspace, reports: Iterable[Report], keyring: Keyring) -> None:
    """Note what arrived and what was read: the brakes count it at the end."""
    told = workspace.arrivals
    for report in reports:
        bits = ARRIVAL_BITS[report.mark]
        for lookup in keyring.lookups(message_name(report.message_id)):
            message = lookup.hex()
            told[message] = told.get(message, 0) | bits


def join_deliveries(survivor: ContactState, other: ContactState) -> None:
    """Take over what is known of a contact that is merged into another."""
    survivor.reach(survivor.reachability.merged(other.reachability))
    survivor.deferred_until = _later(survivor.deferred_until, other.deferred_until)
    survivor.held_out_until = _later(survivor.held_out_until, other.held_out_until)
    survivor.is_changed = True


def forget_deliveries(contact: ContactState) -> None:
    """Keep nothing of failures and times of somebody who is erased."""
    contact.reachability = contact.reachability.forgotten()
    contact.deferred_until = contact.held_out_until = None
    contact.is_changed = True


def _later(one: Instant | None, other: Instant | None) -> Instant | None:
    return max((at for at in (one, other) if at is not None), default=None)


def message_name(message_id: str) -> str:
    """Return what a message's look-up is made of."""
    return f"message:{message_id}"
