"""Runs a command against a PostgreSQL server that lives as long as the command.

    python scripts/throwaway_postgres.py -- python -m benchmarks check --database-url {url}

The server's address replaces {url} and is in ASKFIRST_TEST_DATABASE_URL as well.
"""

import runpy
from pathlib import Path

# The tests use the same server; it lives with them.
_PROGRAM = Path(__file__).resolve().parents[1] / "tests" / "support" / "throwaway_postgres.py"

if __name__ == "__main__":
    runpy.run_path(str(_PROGRAM), run_name="__main__")
