"""What countries ask, from files: `country_rules/{code}.toml`, a file each country or state."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

from askfirst.adapters.world_calendar import WorldCalendar
from askfirst.decision.countries.country_book import DEFAULT, CountryBook
from askfirst.decision.countries.country_file import parse_country_rules
from askfirst.domain.values.errors import InvalidInput

FOLDER: Final = Path(__file__).with_name("country_rules")
AREA_CODES: Final = "area_codes.toml"
_NAME: Final = re.compile(rf"[A-Z]{{2}}(-[A-Z]{{2}})?|{DEFAULT}")


@cache
def built_in_law() -> CountryBook:
    """Return what askfirst knows of countries; it is read once."""
    return read_law(FOLDER)


def read_law(folder: Path) -> CountryBook:
    """Read a folder of files; whatever is not understood raises InvalidInput naming the file."""
    paths = [path for path in sorted(folder.glob("*.toml")) if path.name != AREA_CODES]
    for path in paths:
        if not _NAME.fullmatch(path.stem):
            raise InvalidInput(path.name, "must be named by the code of its country or state")
    rules = {path.stem: parse_country_rules(read_toml(path), path.name) for path in paths}
    return CountryBook(rules=rules, calendar=WorldCalendar())


def read_toml(path: Path) -> dict[str, Any]:
    """Read one file."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(path.name, f"is not TOML: {error}") from error
