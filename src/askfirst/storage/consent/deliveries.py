"""What Meta says of deliveries, templates and limits: facts, and no events of the ledger.

Statuses come late, twice and in any order: what is kept of them are sets and maxima.
"""

from __future__ import annotations

from collections.abc import Iterable

from askfirst.decision.traffic import pair_subject
from askfirst.domain.brakes.verdicts import Mark
from askfirst.domain.consent.event import Source
from askfirst.domain.sending.meta_answer import Effect
from askfirst.domain.sending.meta_answers import answer_of
from askfirst.domain.tasks.retry_policy import share_of
from askfirst.domain.value import replace
from askfirst.domain.values.ids import ContactId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.brakes.brakes import Report
from askfirst.ports.consent.change import (
    AliasesLinked,
    Deferred,
    MediaObserved,
    MessageLost,
    MessagingLimitObserved,
    PairSlowed,
    PlainReport,
    Reached,
    SenderSlowed,
    TaskEnqueued,
    TemplateObserved,
    Unreachable,
    WriteBatch,
    WriteEntry,
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


def note_arrival(workspace: Workspace, message_id: str, mark: Mark, keyring: Keyring) -> None:
    """Note that a message arrived or was read: the brakes count it at the end."""
    told, bits = workspace.arrivals, ARRIVAL_BITS[mark]
    for lookup in keyring.lookups(message_name(message_id)):
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


def names_of_plain(changes: Iterable[WriteBatch]) -> tuple[set[str], list[WriteBatch]]:
    """Return the names that plain statuses need to be read, and the batches that have none.

    A lesson needs all of its names, one that arrived the one whom it reached.
    """
    names, others = set[str](), list[WriteBatch]()
    for change in changes:
        for report in change.plain:
            if report.is_lesson:
                names.update([alias.key for alias in report.aliases])
            elif report.mark is not None and report.aliases:
                names.add(report.aliases[0].key)
        if not change.plain:
            others.append(change)
    return names, others


def take_plain(workspace: Workspace, change: WriteBatch, keyring: Keyring) -> bool:
    """Take in all statuses of a batch; False, and nothing is done, where names are news."""
    for report in change.plain:
        if report.is_lesson and not _are_together(workspace, report):
            return False
    for report in change.plain:
        if report.mark is None:
            continue
        if report.aliases and (found := _owner(workspace, report.aliases[0].key)):
            workspace.contacts[found].hear(report.at)
        if report.message_id:
            note_arrival(workspace, report.message_id, report.mark, keyring)
    return True


def spelled_out(change: WriteBatch) -> WriteBatch:
    """Return the same batch as one of any statuses: what each teaches, reaches and reports."""
    if not change.plain:
        return change
    items, reached = [], []
    for report in change.plain:
        if report.is_lesson:
            act = AliasesLinked(aliases=report.aliases, at=report.at, source=Source.WEBHOOK)
            entry = WriteEntry(
                acts=(act,),
                source_id=report.source_id,
                source_at=report.source_at,
                is_lesson=True,
            )
            items.append(entry)
        if report.mark is not None and report.aliases:
            reached.append(Reached(alias=report.aliases[0], at=report.at))
    told = (tuple(items), tuple(reached), reports_of(change))
    return replace(change, plain=(), items=told[0], reached=told[1], reports=told[2])


def reports_of(change: WriteBatch) -> tuple[Report, ...]:
    """Return what a batch tells of messages that arrived, in whatever form."""
    told = [
        Report(report.message_id, report.mark)
        for report in change.plain
        if report.mark is not None and report.message_id
    ]
    return (*change.reports, *told)


def _are_together(workspace: Workspace, report: PlainReport) -> bool:
    """Return whether all names of a lesson lead to one contact."""
    first, *others = [_owner(workspace, alias.key) for alias in report.aliases]
    return first is not None and all(other == first for other in others)


def _owner(workspace: Workspace, key: str) -> ContactId | None:
    known = workspace.aliases
    for lookup in workspace.hashed[key]:
        if lookup in known:
            return known[lookup]
    return None
