"""One act in a standing: when it was said and where it is recorded, and which of two counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from askfirst.domain.consent.event import Assurance, Event, EventKind, NumberProof
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.timestamp import Instant


class Stamp(NamedTuple):
    """One act: when it was said, where it is recorded, what kind it is.

    Of a no that stands for several, `at` is when the last of them was said and `position` that of
    the last one recorded, history left out (0: there is only history). `ended` is when the newest
    yes was said that this no ended although it was said before it: a late no.

    Marks, yeses and views are tuples: they are made on every decision, and a tuple is the
    frozen value that costs least.
    """

    at: Instant
    position: int
    kind: EventKind
    ended: Instant | None = None


class Grant(NamedTuple):
    """The newest yes of one assurance and one number proof.

    `can_lift`: it can speak against a no. That is decided when it is said: what is merely claimed
    or typed does not become the holder's word against a no by a later proof of the number.
    """

    mark: Stamp
    assurance: Assurance
    surface: Surface
    number_proof: NumberProof
    can_lift: bool


class Notice(NamedTuple):
    """The newest notice of one number proof: when it was shown, and where."""

    mark: Stamp
    surface: Surface
    number_proof: NumberProof


class Doubt(NamedTuple):
    """What may be a stop and was not explained yet; `first`: the position with which it began."""

    mark: Stamp
    first: int


def stamp_of(event: Event) -> Stamp:
    """Return the stamp of an event by itself."""
    return Stamp(event.occurred_at, event.position, event.kind)


def joined(old: Stamp | None, new: Stamp) -> Stamp:
    """Let a newer no stand for the older one, too: the latest moment of both counts."""
    return new._replace(at=max(old.at, new.at)) if old else new


def newer_of(one: Stamp | None, other: Stamp | None) -> Stamp | None:
    """Let the no that was recorded last stand for both."""
    if one is None or other is None:
        return one or other
    old, new = (one, other) if one.position <= other.position else (other, one)
    return joined(old, new)


def newest_notices(shown: Iterable[Notice]) -> tuple[Notice, ...]:
    """Keep the newest of each number proof: an older one of an owner's counts beside a typed."""
    newest = {one.number_proof: one for one in sorted(shown)}
    return tuple(newest[proof] for proof in sorted(newest))


def can_lift(event: Event) -> bool:
    """Return whether a yes is the holder's own word, which may speak against a no."""
    is_claim = event.assurance is Assurance.ASSERTED or event.number_proof is NumberProof.TYPED
    return not is_claim and not event.is_history


def lifts(yes: Grant, no: Stamp) -> bool:
    """Return whether a yes speaks against a no: recorded later, said later, and by the holder."""
    return yes.can_lift and yes.mark.at > no.at and yes.mark.position > no.position


def with_grant(yeses: tuple[Grant, ...], yes: Grant) -> tuple[Grant, ...]:
    """Add a yes; of two of one kind, that which was said last is kept."""
    same = [old for old in yeses if _kind_of(old) == _kind_of(yes)]
    if any(old.mark > yes.mark for old in same):
        return yeses
    return (*(old for old in yeses if old not in same), yes)


def _kind_of(yes: Grant) -> tuple[Assurance, NumberProof, bool]:
    return (yes.assurance, yes.number_proof, yes.can_lift)


def raise_grant(yes: Grant, proof: NumberProof) -> Grant:
    """Return a yes as it stands once its number is proven, or a business vouches for it."""
    if proof is NumberProof.PROVEN:
        return yes._replace(assurance=Assurance.CONFIRMED, number_proof=proof)
    return yes._replace(number_proof=max(yes.number_proof, proof))
