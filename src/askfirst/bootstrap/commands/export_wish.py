"""What is asked of `askfirst export`, and what it tells."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from askfirst.domain.bulk.export import ExportKind, FileFormat


class ExportWish(NamedTuple):
    """What was asked for; `business` may be empty where there is one. `out` None: name it.

    `folder`: write there what is new behind its newest file, and no file where nothing is.
    """

    business: str
    kind: ExportKind
    after: str = ""
    with_numbers: bool = False
    with_evidence: bool = False
    out: Path | None = None
    format: FileFormat = FileFormat.LINES
    folder: Path | None = None


@dataclass(slots=True)
class ExportReport:
    """What was written, and where; `next` is what to go on behind."""

    business: str = ""
    kind: str = ""
    file: Path | None = None
    rows: int = 0
    as_of: int = 0
    next: str = ""
