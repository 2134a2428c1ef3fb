"""Whose names are whose: what contradicts, and what goes along when a name changes hands.

A person has one number and one id at a time. Where Meta signs a known number together with another
id, or a known id with another number, the name has changed hands: every no goes along, no yes does.
"""

from __future__ import annotations

from dataclasses import dataclass

from askfirst.domain.consent.event import Assurance, EventKind, NumberProof, Source
from askfirst.domain.consent.standing import ANY_SENDER, EVERYTHING, Standing
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import ContactId
from askfirst.domain.values.purpose import MARKETING
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.change import AliasesLinked, AliasesMoved, Statement
from askfirst.storage.consent.workspace import MoreNeeded, Names, Workspace


@dataclass(frozen=True, slots=True)
class Handover:
    """What Meta signed of names: when, by which door, of which sender.

    `left` are contacts that had names otherwise before, which now belong together.
    """

    at: Instant
    source: Source
    sender: str = ""
    left: tuple[ContactId, ...] = ()


def known_names(workspace: Workspace, contact_id: ContactId) -> Names:
    names = workspace.contacts[contact_id].names
    if names is None:
        raise MoreNeeded(contact_id)
    return names


def contradict(one: Names, other: Names) -> bool:
    """Whether two sets of names have different numbers, or different ids of one kind."""
    return any(
        one[group] and other[group] and one[group].isdisjoint(other[group])
        for group in one.keys() & other.keys()
    )


def inherited_noes(standing: Standing, handover: Handover) -> list[Statement]:
    """Say every no and doubt of a standing again, for another contact."""
    scopes = sorted(name for name, scope in standing.scopes.items() if scope.no)
    noes = [
        signed_statement(handover, EventKind.WITHDRAWN, () if name == EVERYTHING else (name,))
        for name in scopes
    ]
    if standing.doubt:
        noes.append(signed_statement(handover, EventKind.DOUBTED, (MARKETING.name,)))
    stops = sorted(standing.native_stops)
    return noes + [
        signed_statement(
            handover, EventKind.NATIVE_STOPPED, sender="" if sender == ANY_SENDER else sender
        )
        for sender in stops
    ]


def named(aliases: tuple[Alias, ...], move: AliasesMoved) -> AliasesLinked:
    """Return one side of a number change, to be found or made as a contact."""
    return AliasesLinked(aliases=aliases, at=move.at, source=Source.WEBHOOK)


def signed_statement(
    handover: Handover,
    kind: EventKind,
    purposes: tuple[str, ...] = (),
    sender: str | None = None,
) -> Statement:
    """Return what a change of hands says of a contact: Meta signed it."""
    return Statement(
        aliases=(),
        kind=kind,
        occurred_at=handover.at,
        source=handover.source,
        surface=Surface.CHAT,
        number_proof=NumberProof.PROVEN,
        purposes=purposes,
        assurance=Assurance.CONFIRMED,
        sender=handover.sender if sender is None else sender,
    )
