"""How Meta says no at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from askfirst.graph.platform.errors import GraphCode


class Refused(Exception):
    """Meta would answer with this code at once; `answer` is what the answer says beside it."""

    def __init__(
        self, code: GraphCode, details: str, answer: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(details)
        self.code = code
        self.details = details
        self.answer = answer or {}
