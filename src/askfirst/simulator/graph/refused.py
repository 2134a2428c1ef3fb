"""How Meta says no at once."""

from __future__ import annotations

from askfirst.graph.platform.errors import GraphCode


class Refused(Exception):
    """Meta would answer with this code at once."""

    def __init__(self, code: GraphCode, details: str) -> None:
        super().__init__(details)
        self.code = code
        self.details = details
