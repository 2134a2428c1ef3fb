"""What a transaction leaves in force, told with what it wrote, so that nobody has to look again.

It is what the gate would read right after the commit: every change of the transaction is in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from askfirst.domain.consent.standing import NOTHING_SAID, Standing, restrict
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import AskfirstError
from askfirst.ports.consent.change import Committed, WriteBatch
from askfirst.storage.consent.workspace import ContactState, Workspace, Written

_Result = Written | AskfirstError


def tell_standings(
    workspace: Workspace, changes: Sequence[WriteBatch], results: Sequence[_Result]
) -> list[_Result]:
    """Add the standing to each result whose change asks for it, once all of them are planned.

    Where sends are waited out before the answer, more may be written meanwhile: then the gate has
    to be asked.
    """
    told = list(results)
    for index, change in enumerate(changes):
        result = told[index]
        if change.standing_of is None or isinstance(result, AskfirstError) or result.fenced:
            continue
        standing = _standing(workspace, change.standing_of)
        told[index] = _with(result, standing)
    return told


def _with(result: Written, standing: Standing | None) -> Written:
    """Copy field by field: `replace` takes several times as long, for each yes."""
    known = result.committed
    committed = Committed(
        events=known.events,
        duplicates=known.duplicates,
        replayed=known.replayed,
        standing=standing,
    )
    return Written(committed, result.fenced, result.is_told, result.uncounted)


def not_told(result: _Result) -> _Result:
    """Leave the standing out where other parts of the transaction may have changed it."""
    if isinstance(result, AskfirstError) or result.committed.standing is None:
        return result
    return _with(result, None)


def _standing(workspace: Workspace, alias: Alias) -> Standing | None:
    """Fold in the noes of neighbouring numbers, as the gate does: see `decision_rows.facts_of`.

    None where the neighbours were not read: only a statement needs them.
    """
    if not workspace.hashed.keys() >= {alias.key, *alias.neighbour_keys}:
        return None
    contact = next(_contacts(workspace, (alias.key,)), None)
    standing = contact.standing if contact else NOTHING_SAID
    for neighbour in _contacts(workspace, alias.neighbour_keys):
        standing = restrict(standing, neighbour.standing)
    return standing


def _contacts(workspace: Workspace, keys: Iterable[str]) -> Iterator[ContactState]:
    for key in keys:
        for lookup in workspace.hashed[key]:
            if contact_id := workspace.aliases.get(lookup):
                yield workspace.contacts[contact_id]
