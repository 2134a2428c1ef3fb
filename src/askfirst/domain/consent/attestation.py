"""Who took an answer down that was given by word of mouth or on paper."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.errors import InvalidInput

_WITNESSED: Final = frozenset({Surface.PHONE, Surface.PAPER})
_TEXT_MAX: Final = 256
_SHA256: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


def needs_witness(surface: Surface) -> bool:
    """Return whether a yes there is worth nothing without whoever took it down."""
    return surface in _WITNESSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """What the business can show for such an answer; what is empty is not known.

    `taken_by` is its name of the person who took it down, `form` the version of the script or form
    that was used, `scan_sha256` the hash of the scan or recording in hexadecimal digits.
    """

    taken_by: str
    form: str = ""
    scan_sha256: str = ""

    def __post_init__(self) -> None:
        if not self.taken_by.strip() or len(self.taken_by) > _TEXT_MAX:
            raise InvalidInput("taken_by", f"must be a name of {_TEXT_MAX} characters at most")
        if len(self.form) > _TEXT_MAX:
            raise InvalidInput("form", f"must have {_TEXT_MAX} characters at most")
        if self.scan_sha256 and not _SHA256.fullmatch(self.scan_sha256):
            raise InvalidInput("scan_sha256", "must be 64 hexadecimal digits")

    def as_evidence(self) -> Mapping[str, str]:
        """Return what is known, by the names that stand in the evidence."""
        named = {"taken_by": self.taken_by, "form": self.form, "scan_sha256": self.scan_sha256}
        return {name: text for name, text in named.items() if text}

    def written_into(self, evidence: bytes) -> bytes:
        """Return the evidence of an answer, which is canonical JSON, with the witness in it."""
        content = (json.loads(evidence) if evidence else {}) | {"witness": self.as_evidence()}
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return text.encode()
