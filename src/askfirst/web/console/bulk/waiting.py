"""A page of work in the background: it loads itself again, unless its reader says no."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from askfirst.web.console.desk import Desk

SECONDS: Final = 3
_STILL: Final = "still"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Whether a page stands still: whoever reads slowly, or has it read out, may choose that."""

    is_still: bool

    def at(self, answer: Response) -> Response:
        """Let a page load itself again, unless it stands still."""
        if not self.is_still:
            answer.headers["refresh"] = str(SECONDS)
        return answer


def look_again(desk: Desk) -> Waiting:
    """Read what the reader has chosen: it stands in the address of the page."""
    return Waiting(_STILL in desk.request.query_params)
