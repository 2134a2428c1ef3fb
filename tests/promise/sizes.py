"""How long the promise is tested: shortly while somebody works, fully where it is judged.

ASKFIRST_TEST_FULL=1 asks for the figures that the project publishes.
"""

from __future__ import annotations

import os

IS_FULL = os.environ.get("ASKFIRST_TEST_FULL", "") not in ("", "0")
RACED = 20_000 if IS_FULL else 3_000
CYCLES = {"sqlite": 30, "postgres": 20} if IS_FULL else {"sqlite": 6, "postgres": 5}
CYCLES_FOR_PLANT = 25
SECONDS_MAX = 170
SECONDS_FOR_PLANT = 60
