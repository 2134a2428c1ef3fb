"""What is to follow a message in the chat: a confirmation of a stop, a question, a review.

It is written down in the transaction of the message's event.
"""

from __future__ import annotations

from askfirst.domain.consent.event import Event, EventKind, Source
from askfirst.domain.consent.stop_confirmation import is_in_force, newest_live_yes
from askfirst.ports.consent.change import Statement
from askfirst.storage.consent.workspace import ContactState, NewReview, SaidStop, Workspace
from askfirst.storage.platform.keyring import Keyring


def live_yes_ended(contact: ContactState, act: Statement) -> int | None:
    """Return the position of the newest yes that counts (0: none) before a stop to be confirmed."""
    is_to_be_confirmed = _is_said(act) and act.kind is EventKind.WITHDRAWN
    return newest_live_yes(contact.standing) if is_to_be_confirmed else None


def is_asked(contact: ContactState, act: Statement) -> bool:
    """Return whether it answers the question about the doubt that is there now."""
    doubt, answered = contact.standing.doubt, act.answers
    return bool(doubt and answered and doubt.first <= answered <= doubt.mark.position)


def note_replies(
    workspace: Workspace,
    keyring: Keyring,
    contact: ContactState,
    act: Statement,
    ended: int | None,
) -> None:
    """Note what follows the statement that was appended last; `ended` is of `live_yes_ended`."""
    event = workspace.new_events[-1].event
    if ended is not None or _is_to_be_asked(contact, act):
        said = _said_stop(workspace, keyring, event, act, ended or 0)
        workspace.said_stops.append(said)
    if act.about:
        review = NewReview(event.position, contact.contact_id, act.about, event.occurred_at)
        workspace.new_reviews.append(review)


def _is_said(act: Statement) -> bool:
    """Return whether the person said it in the chat, as Meta delivers it."""
    is_marked = act.stop_languages is not None and bool(act.aliases and act.sender)
    return is_marked and act.source is Source.WEBHOOK


def _is_to_be_asked(contact: ContactState, act: Statement) -> bool:
    """Return whether the person is to be asked what they meant: once for each doubt.

    Who has stopped everything is sent nothing, so there is nothing to ask.
    """
    if act.kind is not EventKind.DOUBTED or not _is_said(act):
        return False
    standing = contact.standing
    is_new = standing.doubt is not None and standing.doubt.first == standing.through
    return is_new and not is_in_force(standing, ())


def _said_stop(
    workspace: Workspace, keyring: Keyring, event: Event, act: Statement, lived: int
) -> SaidStop:
    alias = next((alias for alias in act.aliases if alias.is_number), act.aliases[0])
    return SaidStop(
        contact_id=event.contact_id,
        position=event.position,
        said_at=event.occurred_at,
        lived=lived,
        alias_kind=alias.kind.value,
        sealed=keyring.seal(alias.value.encode(), workspace.business_id.encode()),
        sender=act.sender,
        purposes=act.purposes,
        languages=act.stop_languages or (),
        is_doubt=act.kind is EventKind.DOUBTED,
    )
