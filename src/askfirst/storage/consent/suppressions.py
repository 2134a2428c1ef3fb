"""What may still be said of names whose people were erased.

A suppressed name is a keyed hash that leads to nobody. A business's claim of a yes for it is
refused. What a page that anybody may fill in, or a code, says for it is written down and ended at
once by a no. What only tells news of it is forgotten. Whoever has the name next begins with a no,
as with every change of hands. A yes that Meta signed ends the suppression, and nothing else does.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from askfirst.domain.consent.event import RESTRICTIVE, EventKind, NumberProof, Source
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import Erased
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.change import (
    AliasesLinked,
    AliasesMoved,
    ContactErased,
    Deferred,
    LinkWished,
    PairSlowed,
    Statement,
    Unreachable,
    WindowOpened,
    WriteBatch,
)
from askfirst.storage.consent.deliveries import NAMELESS
from askfirst.storage.consent.workspace import Workspace

NamedAct = (
    Statement
    | WindowOpened
    | LinkWished
    | AliasesLinked
    | Unreachable
    | Deferred
    | PairSlowed
    | AliasesMoved
    | ContactErased
)

_YESES: Final = frozenset({EventKind.GRANTED, EventKind.CONFIRMED})
_CLAIMS: Final = frozenset({Source.API, Source.CLI, Source.CONSOLE, Source.IMPORT})
_PAST: Final = frozenset({Source.IMPORT, Source.HISTORY})


def check_claims(workspace: Workspace, change: WriteBatch) -> None:
    """Refuse a batch in which a business claims a yes of somebody who was erased.

    Raises:
        Erased: it does; nothing of it is written.
    """
    if not workspace.suppressed:
        return
    for item in change.items:
        for act in item.acts:
            if isinstance(act, Statement) and _is_claim(act) and is_held(workspace, act):
                raise Erased


def is_held(workspace: Workspace, act: Statement) -> bool:
    """Return whether a yes is for a suppressed name, or for one that may be the same subscriber."""
    if act.kind not in _YESES or is_own_word(act):
        return False
    near = [key for alias in act.aliases for key in alias.neighbour_keys]
    keys = (*(alias.key for alias in act.aliases), *near)
    return any(lookup in workspace.suppressed for key in keys for lookup in workspace.hashed[key])


def is_own_word(act: Statement) -> bool:
    """Return whether the person said it themselves, in a message that Meta signed."""
    return act.source is Source.WEBHOOK and act.number_proof is NumberProof.PROVEN


def is_news_of_nobody(workspace: Workspace, act: NamedAct) -> bool:
    """Return whether it only tells news of suppressed names that lead to nobody.

    Nobody is made of it again. What a person says themselves is never news of nobody.
    """
    if isinstance(act, Statement):
        is_news = act.source in _PAST and not is_own_word(act)
    else:
        is_news = isinstance(act, (AliasesLinked, Unreachable, Deferred, PairSlowed))
    return (
        is_news
        and bool(suppressed_names(workspace, act.aliases))
        and not _is_known(workspace, act.aliases)
    )


def names_nobody(workspace: Workspace, change: WriteBatch) -> bool:
    """Return whether a body tells news of somebody who was erased: it is not kept."""
    acts = (act for item in change.items for act in item.acts)
    return any(is_news_of_nobody(workspace, act) for act in acts if not isinstance(act, NAMELESS))


def suppressed_names(workspace: Workspace, aliases: Iterable[Alias]) -> list[bytes]:
    """Return the look-ups of these names that are suppressed."""
    lookups = (lookup for alias in aliases for lookup in workspace.hashed[alias.key])
    return [lookup for lookup in lookups if lookup in workspace.suppressed]


def suppress(workspace: Workspace, aliases: Iterable[Alias], at: Instant) -> None:
    """Suppress names that belong together with one that is."""
    for alias in aliases:
        lookup = workspace.hashed[alias.key][0]
        workspace.suppressed.add(lookup)
        workspace.new_suppressed[lookup] = at
        workspace.lifted.discard(lookup)


def lift(workspace: Workspace, aliases: Iterable[Alias]) -> None:
    """End the suppression of names whose holder said yes."""
    for lookup in suppressed_names(workspace, aliases):
        workspace.suppressed.discard(lookup)
        workspace.new_suppressed.pop(lookup, None)
        workspace.lifted.add(lookup)


def inherited_no(at: Instant, source: Source) -> Statement:
    """Say for whoever has a suppressed name now that the person of that name was erased."""
    return Statement(
        aliases=(),
        kind=EventKind.ERASED,
        occurred_at=at,
        source=source,
        surface=Surface.API,
        number_proof=NumberProof.VOUCHED,
    )


def _is_claim(act: Statement) -> bool:
    return act.source in _CLAIMS and act.surface is not Surface.CODE


def _is_known(workspace: Workspace, aliases: Iterable[Alias]) -> bool:
    lookups = (lookup for alias in aliases for lookup in workspace.hashed[alias.key])
    return any(lookup in workspace.aliases for lookup in lookups)


def names_of(act: NamedAct) -> list[str]:
    """Return the names, and the numbers beside them, that an act is about."""
    names = [alias.key for alias in act.aliases]
    if isinstance(act, (Statement, ContactErased)):
        names += [key for alias in act.aliases for key in alias.neighbour_keys]
    return names


def nearby_names(act: Statement) -> list[str]:
    """Return the names of numbers for which a no counts, too: their sends are waited for."""
    if act.kind not in RESTRICTIVE:
        return []
    return [key for alias in act.aliases for key in alias.neighbour_keys]
