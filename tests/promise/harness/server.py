"""`askfirst serve` as it is, with stamps on what leaves and, where asked for, a planted bug."""

from __future__ import annotations

import os
from pathlib import Path

from askfirst.cli.main import main
from tests.promise.harness.journal import Journal
from tests.promise.harness.planted import plant
from tests.promise.harness.stamps import stamp_departures

JOURNAL, PLANT = "ASKFIRST_TEST_JOURNAL", "ASKFIRST_TEST_PLANT"

if __name__ == "__main__":
    stamp_departures(Journal(Path(os.environ[JOURNAL])))
    if os.environ.get(PLANT):
        plant(os.environ[PLANT])
    main()
