"""How long the promise is tested: shortly while somebody works, fully for a release.

ASKFIRST_TEST_PLANTED=1 tries all planted bugs, as each change that goes in does.
ASKFIRST_TEST_FULL=1 asks for the figures that the project publishes, too.
"""

from __future__ import annotations

import os


def _is_set(name: str) -> bool:
    return os.environ.get(name, "") not in ("", "0")


IS_FULL = _is_set("ASKFIRST_TEST_FULL")
ARE_ALL_PLANTED = IS_FULL or _is_set("ASKFIRST_TEST_PLANTED")
RACED = 5_000 if IS_FULL else 1_500
CYCLES = {"sqlite": 30, "postgres": 20} if IS_FULL else {"sqlite": 6, "postgres": 5}
CYCLES_FOR_PLANT = 25
CAPPED = 600 if IS_FULL else 40
"""People to whom many offers are sent at once."""
SECONDS_MAX = 240
SECONDS_FOR_PLANT = 90
SKEWS = (90, -90, 86_400) if IS_FULL else (90,)
"""By how many seconds one server's clock is ahead of everybody else's."""
