"""Exports as columns: the fields of their lines, with types, for files of tables.

Times are times, and what was given as evidence is JSON as a text, as nobody knows its fields.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, cast

import msgspec

from askfirst.domain.bulk.export import ExportKind, ExportOrder
from askfirst.web.exports.export_lines import Line

_encode_lines: Final = msgspec.json.Encoder().encode_lines
_FREQUENCY: Final = {"count": "count", "days": "count"}
_NAMES: Final = [{"kind": "text", "value": "text"}]
_YES: Final = {
    "assurance": "text",
    "number_proof": "text",
    "surface": "text",
    "position": "count",
    "at": "time",
}
_ANSWER: Final = {
    "purpose": "text",
    "answer": "text",
    "since": "time",
    "basis": {"position": "count", "kind": "text", "surface": "text"},
    "assurance": "text",
    "number_proof": "text",
    "ended_later_yes_at": "time",
    "alive": [_YES],
    "informed_at": "time",
    "paused_until": "time",
}
_LEDGER: Final = {
    "id": "text",
    "position": "count",
    "kind": "text",
    "contact": "text",
    "purposes": ["text"],
    "assurance": "text",
    "number_proof": "text",
    "surface": "text",
    "source": "text",
    "sender": "text",
    "prompt": "text",
    "absorbed": "text",
    "until": "time",
    "at_most": _FREQUENCY,
    "occurred_at": "time",
    "recorded_at": "time",
    "evidence": "text",
    "evidence_state": "text",
}
_CONTACTS: Final = {
    "id": "text",
    "merged_into": "text",
    "standing": [_ANSWER],
    "natively_stopped_since": "time",
    "doubted_since": "time",
    "frequency": _FREQUENCY,
    "unreachable_since": "time",
    "marketing_deferred_until": "time",
    "in_experiment_until": "time",
    "identifiers": _NAMES,
    "evidence": [{"position": "count", "content": "text", "state": "text"}],
}
_SUPPRESSIONS: Final = {
    "contact": "text",
    "stopped": [{"purpose": "text", "answer": "text", "since": "time", "position": "count"}],
    "natively_stopped_since": "time",
    "doubted_since": "time",
    "paused": [{"purpose": "text", "until": "time"}],
    "identifiers": _NAMES,
    "hash": "text",
    "erased_at": "time",
}
_DECISIONS: Final = {
    "id": "text",
    "decided_at": "time",
    "contact": "text",
    "verdict": "text",
    "reasons": ["text"],
    "rule": "count",
    "purpose": "text",
    "position": "count",
    "policy": "text",
    "retry_at": "time",
    "sender": "text",
    "message_kind": "text",
    "template": "text",
    "language": "text",
    "country": "text",
    "campaign": "text",
    "outcome": {"left_at": "time", "status": "count"},
}
_ALL: Final[Mapping[ExportKind, Mapping[str, Any]]] = MappingProxyType(
    {
        ExportKind.LEDGER: _LEDGER,
        ExportKind.CONTACTS: _CONTACTS,
        ExportKind.SUPPRESSIONS: _SUPPRESSIONS,
        ExportKind.DECISIONS: _DECISIONS,
    }
)


def columns_of(order: ExportOrder) -> dict[str, Any]:
    """Return the columns of an export with their types; what was not asked for has none."""
    left_out = set() if order.with_numbers else {"identifiers"}
    if not order.with_evidence:
        left_out |= {"evidence", "evidence_state"}
    return {name: one for name, one in _ALL[order.kind].items() if name not in left_out}


def page_of(lines: Sequence[Line], order: ExportOrder) -> bytes:
    """Return rows as JSON lines whose fields are those of columns."""
    if not order.with_evidence:
        return _encode_lines(lines)
    return _encode_lines([_row(_fields(line)) for line in lines])


def header_of(line: Line) -> dict[str, str]:
    """Return what an export tells first, as texts."""
    told = msgspec.to_builtins(line, str_keys=True)
    return {f"askfirst.{name}": msgspec.json.encode(one).decode() for name, one in told.items()}


def _fields(line: Line) -> dict[str, Any]:
    if isinstance(line, msgspec.Raw):
        return cast("dict[str, Any]", msgspec.json.decode(line))
    return msgspec.structs.asdict(line)


def _row(fields: dict[str, Any]) -> dict[str, Any]:
    row = {name: one for name, one in fields.items() if one is not msgspec.UNSET}
    given = row.get("evidence")
    if isinstance(given, list) and "evidence_state" not in row:
        row["evidence"] = [{**one, "content": _json(one["content"])} for one in given]
    elif given is not None:
        row["evidence"] = _json(given)
    return row


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
