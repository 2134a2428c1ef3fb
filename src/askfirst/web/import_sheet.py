"""An import or a screening as JSON, in the words of the REST API: for each face that shows one."""

from __future__ import annotations

from typing import Any

from askfirst.decision.reason import Reason
from askfirst.domain.bulk.import_job import ImportJob, ImportPreview, ImportSummary, OutcomeCount
from askfirst.domain.bulk.screen_job import UNREAD, ScreenCount, ScreenJob, ScreenState
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.usecases.sending.summarize_campaign import permilles

NOT_A_PERMIT = "No permit: the gate decides again on each message, when it is sent."


def sheet_of(job: ImportJob) -> dict[str, Any]:
    """Tell where an import is, what is asked, what it would do, or what became of its rows."""
    return {
        "id": job.import_id,
        "state": job.state.value,
        "mode": job.settings.mode.value,
        "purpose": job.settings.purpose or None,
        "created_at": to_rfc3339(job.created_at),
        "rows": job.rows,
        "progress": {"done": job.done, "parts": job.parts},
        "problem": job.problem or None,
        "questions": [
            {"code": one.code.value, "about": one.about, "choices": list(one.choices)}
            for one in job.questions
        ],
        "preview": _preview(job.preview) if job.preview else None,
        "summary": _summary(job.summary) if job.summary else None,
    }


def _preview(preview: ImportPreview) -> dict[str, Any]:
    return {
        "hash": preview.hash,
        "format": preview.format,
        "encoding": preview.encoding or None,
        "delimiter": preview.delimiter or None,
        "header_line": preview.header_line or None,
        "sheet": preview.sheet or None,
        "other_sheets": list(preview.other_sheets),
        "preset": preview.preset or None,
        "columns": [{"name": name, "holds": role.value} for name, role in preview.columns],
        "country": preview.country or None,
        "time_zone": preview.time_zone,
        "date_order": preview.date_order or None,
        "would": _summary(preview.summary),
    }


def _summary(summary: ImportSummary) -> dict[str, Any]:
    return {
        "rows": summary.rows,
        "counts": [_count(one) for one in summary.counts],
        "repaired": dict(summary.repairs),
        "opt_outs_lost": {"rows": summary.alarms.rows, "lines": list(summary.alarms.lines)},
        "re_permission": {"asserted": summary.asserted, "said_no": summary.said_no},
        "proofs_without_whatsapp": summary.other_words,
    }


def _count(one: OutcomeCount) -> dict[str, Any]:
    return {
        "outcome": one.outcome,
        "reason": one.reason or None,
        "rows": one.rows,
        "lines": list(one.lines),
    }


def screen_sheet_of(job: ScreenJob) -> dict[str, Any]:
    """Tell where a screening is, and how many rows have which answer: all parts sum to 100."""
    is_done = job.state is ScreenState.DONE
    shares = permilles([one.rows for one in job.counts])
    return {
        "id": job.screen_id,
        "state": job.state.value,
        "sender": job.settings.sender,
        "purpose": job.settings.purpose or None,
        "template": job.settings.template or None,
        "language": job.settings.language or None,
        "created_at": to_rfc3339(job.created_at),
        "rows": job.rows,
        "problem": job.problem or None,
        "decided_at": to_rfc3339(job.decided_at) if is_done else None,
        "position": job.position if is_done else None,
        "policy": job.policy or None,
        "answers": [
            _screen_count(one, permille) for one, permille in zip(job.counts, shares, strict=True)
        ],
        "note": NOT_A_PERMIT,
    }


def _screen_count(one: ScreenCount, permille: int) -> dict[str, Any]:
    reason = None if one.verdict == UNREAD else Reason(one.reason)
    return {
        "verdict": one.verdict,
        "reason": one.reason,
        "explanation": reason.explanation if reason else "The row names nobody.",
        "remedy": reason.remedy if reason else "",
        "rows": one.rows,
        "percent": permille / 10,
    }
