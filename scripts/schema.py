"""Write schema.sql of both backends anew, after a migration was added."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.support.schema import main

if __name__ == "__main__":
    main()
